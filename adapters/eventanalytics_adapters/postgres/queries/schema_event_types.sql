-- The event types that there are events of: most events first, ties by name.
-- in:  project_id integer, limit bigint
-- out: event_type text, events bigint, last_seen timestamptz
SELECT event_type, count(*) AS events, max(occurred_at) AS last_seen
  FROM event
 WHERE project_id = %(project_id)s::integer
   AND {filters}
 GROUP BY event_type
 ORDER BY events DESC, event_type
 LIMIT %(limit)s::bigint
