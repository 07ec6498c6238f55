-- Compare given events with the stored ones of the same ids; ids that are not stored are absent.
-- in:  project_id integer; arrays of one length (ids may repeat): event_ids uuid[],
--      user_ids text[], event_types text[], occurred_at timestamptz[], properties text[] (JSON)
-- out: index bigint (into the arrays, from 0), is_same boolean (the content is equal; received_at
--      is no content)
SELECT given.position - 1 AS index,
       stored.user_id = given.user_id
           AND stored.event_type = given.event_type
           AND stored.occurred_at = given.occurred_at
           AND stored.properties = given.properties AS is_same
  FROM unnest(
           %(event_ids)b::uuid[], %(user_ids)b::text[], %(event_types)b::text[],
           %(occurred_at)b::timestamptz[], %(properties)b::text[]::jsonb[]
       ) WITH ORDINALITY
         AS given (event_id, user_id, event_type, occurred_at, properties, position)
  JOIN event AS stored
    ON stored.project_id = %(project_id)s::integer AND stored.event_id = given.event_id
