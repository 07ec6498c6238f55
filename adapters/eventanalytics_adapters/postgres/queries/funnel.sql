-- The users of each step of a funnel, of all (place 0) and of each group, with the microseconds
-- since the step before; steps that nobody reached are absent.
-- in:    now_microseconds bigint, window_microseconds bigint, steps integer,
--        groups integer (how many are shown)
-- slots: journeys (CTEs, of which the last is placed: user_id, place, best, latest_start, value)
-- out:   place bigint, value jsonb, step integer, users bigint, total numeric,
--        median double precision (NULL for step 1), open_attempts bigint (the same in every row)
WITH {journeys}, taken AS (
    SELECT place, value, step, best[2 * step + 1] - best[2 * step - 1] AS elapsed
      FROM placed, generate_series(1, best[1]) AS step
)
SELECT place,
       CASE WHEN place BETWEEN 1 AND %(groups)s::integer THEN value ELSE 'null' END AS value,
       step::integer,
       count(*) AS users,
       sum(elapsed) FILTER (WHERE step > 1) AS total,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY elapsed) FILTER (WHERE step > 1) AS median,
       (
           SELECT count(*)
             FROM placed
            WHERE place = 0
              AND best[1] < %(steps)s::integer
              AND %(now_microseconds)s::bigint - latest_start <= %(window_microseconds)s::bigint
       ) AS open_attempts
  FROM taken
 GROUP BY 1, 2, 3
 ORDER BY 1, 3
