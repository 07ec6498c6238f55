-- The most frequent event types: most events first, ties by name.
-- in:  project_id integer, since timestamptz, until timestamptz (not included), limit bigint,
--      and those of the filters
-- out: event_type text, events bigint, users bigint
WITH user_total AS (
    SELECT event_type, user_id, count(*) AS events
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
     GROUP BY event_type, user_id
)
SELECT event_type, sum(events)::bigint AS events, count(*) AS users
  FROM user_total
 GROUP BY event_type
 ORDER BY events DESC, event_type
 LIMIT %(limit)s::bigint
