-- The attempt that counts of each user, where the steps are plain event types, each another one.
-- in:    window_microseconds bigint
-- slots: users (the times of each step, joined), chain (rows of funnel_next_time.sql, for every
--        instant of step 1), reached (how many steps after the first), tied
-- out:   user_id text, latest timestamptz (of all attempts), reached integer, at_1, at_2, …
--        timestamptz (NULL or too late beyond what was reached), tied boolean: an attempt of this
--        user met two steps at one instant, so this row may be wrong
SELECT user_id, times_1[cardinality(times_1)] AS latest, attempt.*
  FROM {users}
 CROSS JOIN LATERAL (
      SELECT *, 1 + {reached} AS reached, {tied} AS tied
        FROM ({chain}) AS chain
       ORDER BY tied DESC, reached DESC, at_1
       LIMIT 1
 ) AS attempt
