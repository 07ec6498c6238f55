-- Users by the period they first come in and the later periods they come in; zeros are absent.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the periods, rising; the first is since), and those of the filters
-- out: cohort integer (index into starts, from 0), column_index integer (periods after the cohort),
--      users bigint
WITH visit AS (
    SELECT DISTINCT user_id, width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS period
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
), cohort_visit AS (
    SELECT min(period) OVER (PARTITION BY user_id) AS cohort, period
      FROM visit
)
SELECT cohort, period - cohort AS column_index, count(*) AS users
  FROM cohort_visit
 GROUP BY cohort, period
