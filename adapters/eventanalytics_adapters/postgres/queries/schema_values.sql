-- The values of a property, as breakdowns group them: most events first, ties by the value's text,
-- then by its type.
-- in:  project_id integer, limit bigint, and those of the filters
--      {group} jsonb (of an event; JSON's null: it has no value)
-- out: value jsonb, events bigint, last_seen timestamptz
WITH sized AS (
    SELECT {group} AS value, count(*) AS events, max(occurred_at) AS last_seen
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND {filters}
     GROUP BY value
)
SELECT value, events, last_seen
  FROM sized
 WHERE value <> 'null'
 ORDER BY events DESC, (value #>> '{{}}') COLLATE "C", jsonb_typeof(value)
 LIMIT %(limit)s::bigint
