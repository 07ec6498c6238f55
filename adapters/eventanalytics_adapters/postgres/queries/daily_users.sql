-- Distinct users of each bucket of time; empty buckets are absent (the domain fills them).
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      and those of the filters
-- out: bucket integer (index into starts, from 0), users bigint
-- Groups of (bucket, user_id) are hashed, by several processes at once where there are many;
-- count(DISTINCT user_id) would sort.
WITH visit AS (
    SELECT DISTINCT width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket, user_id
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
)
SELECT bucket, count(*) AS users
  FROM visit
 GROUP BY bucket
