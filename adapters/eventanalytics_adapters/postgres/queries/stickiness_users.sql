-- The users who were active in so many buckets.
-- in:  those of the part; least bigint, most bigint (both included), after text (may be null),
--      limit bigint
-- out: users text[] (a page of at most limit, after the given one, by code points),
--      count bigint (in all)
WITH {part}, cell AS (
    SELECT user_id
      FROM member
     WHERE buckets >= %(least)s::bigint AND buckets <= %(most)s::bigint
)
SELECT ARRAY(
           SELECT user_id
             FROM cell
            WHERE %(after)s::text IS NULL OR user_id > %(after)s::text
            ORDER BY user_id
            LIMIT %(limit)s::bigint
       ) AS users,
       (SELECT count(*) FROM cell) AS count
