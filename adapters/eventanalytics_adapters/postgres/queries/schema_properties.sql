-- The top-level keys of events' properties: most events first, ties by name.
-- in:  project_id integer, limit bigint, and those of the filters
-- out: name text, events bigint, last_seen timestamptz, types text[] (as jsonb_typeof, in no order)
WITH typed AS (
    SELECT member.key AS name, jsonb_typeof(member.value) AS type,
           count(*) AS events, max(occurred_at) AS last_seen
      FROM event
     CROSS JOIN LATERAL jsonb_each(properties) AS member
     WHERE project_id = %(project_id)s::integer
       AND {filters}
     GROUP BY name, type
)
SELECT name, sum(events)::bigint AS events, max(last_seen) AS last_seen, array_agg(type) AS types
  FROM typed
 GROUP BY name
 ORDER BY events DESC, name COLLATE "C"
 LIMIT %(limit)s::bigint
