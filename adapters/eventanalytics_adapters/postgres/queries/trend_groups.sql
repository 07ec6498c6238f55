-- The biggest groups of a breakdown: most events first, ties by the value's text, then by its type.
-- in:  project_id integer, since timestamptz, until timestamptz (not included), limit bigint,
--      and those of the filters (which any of the series matches)
--      {value} jsonb (of an event, under the property; null where it is missing)
--      {group} jsonb (of valued.value, never null)
-- out: value jsonb (JSON's null: the group of events without a value), events bigint
-- Values are counted as they are, and only those few that there are made groups of.
WITH valued AS (
    SELECT {value} AS value, count(*) AS events
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
     GROUP BY value
), sized AS (
    SELECT {group} AS value, sum(events)::bigint AS events
      FROM valued
     GROUP BY {group}
)
SELECT value, events
  FROM sized
 ORDER BY events DESC, coalesce(value #>> '{{}}', '') COLLATE "C", jsonb_typeof(value)
 LIMIT %(limit)s::bigint
