-- Events and distinct users of each group, in each bucket of time and in the whole range.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      and those of the filters
--      {events} (the events, beside their groups), {slot} integer (an event's group)
-- out: slot integer, bucket integer (index into starts, from 0; null: the range),
--      events bigint, users bigint
WITH visit AS (
    SELECT {slot} AS slot,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket,
           user_id, count(*) AS events
      FROM {events}
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
     GROUP BY slot, bucket, user_id
), user_total AS (
    SELECT slot, user_id, sum(events) AS events
      FROM visit
     GROUP BY slot, user_id
)
SELECT slot, bucket, sum(events)::bigint AS events, count(*) AS users
  FROM visit
 GROUP BY slot, bucket
UNION ALL
SELECT slot, NULL, sum(events)::bigint, count(*)
  FROM user_total
 GROUP BY slot
