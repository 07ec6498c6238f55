-- The first instant of a step after that of the step before, found by bisection; tied: both may be
-- one instant, where only the order of the events themselves tells what follows what.
-- slots: at, tied, place (names of columns), before (the instant of the step before), times (of
--        this step), chain (the steps before)
SELECT *, {times}[{place} + 1] AS {at}, coalesce({times}[{place}] = {before}, FALSE) AS {tied}
  FROM (
      SELECT *, width_bucket({before}, {times}) AS {place}
        FROM ({chain}) AS chain
      OFFSET 0
  ) AS bisected
OFFSET 0
