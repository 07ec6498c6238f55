-- The attempt that counts of each user, where the steps are plain event types, each another one.
-- in:    window_microseconds bigint; the CTE times (user_id, times_1, times_2, …)
-- slots: chain (rows of funnel_next_time.sql, for every instant of step 1), reached (how many steps
--        after the first), tied
-- out:   user_id text, latest timestamptz (of all attempts), reached integer, at_1, at_2, …
--        timestamptz (NULL or too late beyond what was reached), tied boolean: an attempt of this
--        user met two steps at one instant, so this row may be wrong; users who were done with
--        step 2 before they began are left out
SELECT user_id, times_1[cardinality(times_1)] AS latest, attempt.*
  FROM times
 CROSS JOIN LATERAL (
      SELECT *, 1 + {reached} AS reached, {tied} AS tied
        FROM ({chain}) AS chain
       ORDER BY tied DESC, reached DESC, at_1
       LIMIT 1
 ) AS attempt
 WHERE times_2[cardinality(times_2)] >= times_1[1]
