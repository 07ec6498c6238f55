-- One page of events, the latest first.
-- in:  project_id integer, limit bigint, offset bigint, and those of the filters
-- out: event_id uuid, user_id text, event_type text, occurred_at timestamptz,
--      received_at timestamptz, properties text (JSON)
SELECT event_id, user_id, event_type, occurred_at, received_at, properties::text
  FROM event
 WHERE project_id = %(project_id)s::integer
   AND {filters}
 ORDER BY occurred_at DESC, received_at DESC, event_id DESC
 LIMIT %(limit)s::bigint OFFSET %(offset)s::bigint
