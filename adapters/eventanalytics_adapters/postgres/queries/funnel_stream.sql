-- The events of each track in order, for a funnel that SQL cannot count.
-- slots: tracks (CTEs, of which the last is track), flags (of the steps), exclusions (of those)
-- out:   user_id text, place bigint, occurred_at timestamptz, steps boolean[],
--        exclusions boolean[], value jsonb
WITH {tracks}
SELECT user_id, place, occurred_at, {steps} AS steps, {exclusions} AS exclusions, value
  FROM track
 ORDER BY user_id, place, occurred_at, received_at, event_id
