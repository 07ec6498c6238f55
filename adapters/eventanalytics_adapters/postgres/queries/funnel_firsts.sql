-- The first event of each step from here on: its rank and its time, one column a step.
-- slots: firsts
-- in:    the CTE ranked
SELECT *, {firsts}
  FROM ranked
WINDOW onwards AS (
           PARTITION BY user_id, place
           ORDER BY occurred_at DESC, received_at DESC, event_id DESC
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
       )
