-- What follows in each track after a step was reached: the rank and the time of the next step's
-- event, then those of the step after it, and so on; a rank without a time is where an exclusion
-- or, in a strict funnel, another event ends it.
-- slots: chain (the name of the column), concerns (events that the attempt takes note of),
--        taken (those of them that take the next step), rest (the chain after the next step),
--        steps (rows of funnel_ranks.sql, with the chains of the later steps)
-- Going from the latest event back, the greatest rank is that of the event that comes next.
SELECT *,
       max(CASE WHEN {taken} THEN ARRAY[rank, at] || {rest} ELSE ARRAY[rank] END)
           FILTER (WHERE {concerns}) OVER later AS {chain}
  FROM ({steps}) AS moment
WINDOW later AS (
           PARTITION BY user_id, place
           ORDER BY occurred_at DESC, received_at DESC, event_id DESC
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
       )
