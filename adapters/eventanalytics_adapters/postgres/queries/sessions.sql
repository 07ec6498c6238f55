-- Sessions by the bucket of their first event, and all of them; empty buckets are absent.
-- in:  starts timestamptz[] (of the buckets, rising; the first is not after since),
--      and those of part_session.sql
-- out: bucket integer (index into starts, from 0; null: the whole range), sessions bigint,
--      users bigint, bounces bigint, events bigint, total_microseconds numeric,
--      median_microseconds double precision (null without sessions)
WITH RECURSIVE {sessions},
measured AS (
    SELECT width_bucket(first_at, %(starts)s::timestamptz[]) - 1 AS bucket, user_id, events,
           (extract(epoch FROM last_at - first_at) * 1000000)::bigint AS microseconds
      FROM session
)
SELECT bucket,
       count(*) AS sessions,
       count(DISTINCT user_id) AS users,
       count(*) FILTER (WHERE events = 1) AS bounces,
       coalesce(sum(events), 0)::bigint AS events,
       coalesce(sum(microseconds), 0) AS total_microseconds,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY microseconds) AS median_microseconds
  FROM measured
 GROUP BY GROUPING SETS ((bucket), ())
