-- The users by the number of buckets that they were active in; zeros are absent.
-- in:  those of the part
-- out: buckets bigint, users bigint
WITH {part}
SELECT buckets, count(*) AS users
  FROM member
 GROUP BY buckets
