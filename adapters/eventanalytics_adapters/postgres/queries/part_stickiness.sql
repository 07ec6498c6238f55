-- In how many buckets each user was active.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising), and those of the filters
-- out: member (user_id text, buckets bigint), each user once
visit AS (
    SELECT DISTINCT
           user_id, width_bucket(occurred_at, %(starts)s::timestamptz[]) AS bucket
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
), member AS (
    SELECT user_id, count(*) AS buckets
      FROM visit
     GROUP BY user_id
)
