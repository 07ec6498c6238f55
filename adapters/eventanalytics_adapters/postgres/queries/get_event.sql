-- One event by its id.
-- in:  project_id integer, event_id uuid
-- out: event_id uuid, user_id text, event_type text, occurred_at timestamptz,
--      received_at timestamptz, properties text (JSON)
SELECT event_id, user_id, event_type, occurred_at, received_at, properties::text
  FROM event
 WHERE project_id = %(project_id)s::integer AND event_id = %(event_id)s::uuid
