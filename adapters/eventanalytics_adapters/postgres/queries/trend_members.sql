-- The users behind a cell: how many there are, and a page of them in the order of code points.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      after text (the page begins after this user; null: with the first), limit bigint,
--      and those of the filters
-- out: users text[], count bigint
WITH member AS (
    SELECT DISTINCT user_id
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
)
SELECT ARRAY(
           SELECT user_id
             FROM member
            WHERE user_id > coalesce(%(after)s::text, '')
            ORDER BY user_id
            LIMIT %(limit)s::bigint
       ) AS users,
       (SELECT count(*) FROM member) AS count
