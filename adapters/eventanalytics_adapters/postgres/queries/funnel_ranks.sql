-- The events of each track, numbered from the latest, and when they occurred, in microseconds.
-- in:  the CTE track
SELECT *,
       row_number() OVER latest_first AS rank,
       (extract(epoch FROM occurred_at) * 1000000)::bigint AS at
  FROM track
WINDOW latest_first AS (
           PARTITION BY user_id, place
           ORDER BY occurred_at DESC, received_at DESC, event_id DESC
       )
