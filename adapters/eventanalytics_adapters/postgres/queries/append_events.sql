-- Store the events whose ids are new, and tell which those were.
-- in:  project_id integer; arrays of one length, ordered by event_id, without repeats: event_ids uuid[],
--      user_ids text[], event_types text[], occurred_at timestamptz[], received_at timestamptz[],
--      properties text[] (JSON)
-- out: event_id uuid
-- The order of the ids is the order in which rows are locked: one for all, or batches that share
-- ids could wait for each other in a circle.
INSERT INTO event (project_id, event_id, user_id, event_type, occurred_at, received_at, properties)
SELECT %(project_id)s::integer, event_id, user_id, event_type, occurred_at, received_at, properties
  FROM unnest(
           %(event_ids)b::uuid[], %(user_ids)b::text[], %(event_types)b::text[],
           %(occurred_at)b::timestamptz[], %(received_at)b::timestamptz[],
           %(properties)b::text[]::jsonb[]
       ) AS given (event_id, user_id, event_type, occurred_at, received_at, properties)
    ON CONFLICT (project_id, event_id) DO NOTHING
RETURNING event_id
