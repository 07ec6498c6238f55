-- The users of each class in each bucket; zeros are absent.
-- in:  those of the part
-- out: lifecycle text, bucket integer, users bigint
WITH {part}
SELECT lifecycle, bucket, count(*) AS users
  FROM member
 GROUP BY lifecycle, bucket
