-- How much there is, and from when to when.
-- in:  project_id integer, and those of the filters
-- out: events bigint, users bigint, event_types bigint, first_event_at timestamptz,
--      last_event_at timestamptz (both null without events)
-- Distinct users and types are counted over the few distinct pairs of both.
WITH user_total AS (
    SELECT user_id, event_type, count(*) AS events,
           min(occurred_at) AS first_event_at, max(occurred_at) AS last_event_at
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND {filters}
     GROUP BY user_id, event_type
)
SELECT coalesce(sum(events), 0)::bigint AS events,
       count(DISTINCT user_id) AS users,
       count(DISTINCT event_type) AS event_types,
       min(first_event_at) AS first_event_at,
       max(last_event_at) AS last_event_at
  FROM user_total
