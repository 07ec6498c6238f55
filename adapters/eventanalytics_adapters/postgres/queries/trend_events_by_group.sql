-- Events of the biggest groups of a breakdown in each bucket of time, and of all other groups:
-- the groups are ranked by the very events that are counted, so one scan finds both.
-- in:  project_id integer, since timestamptz, until timestamptz (not included), limit bigint,
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      and those of the filters
--      {value} jsonb (of an event, under the property; null where it is missing)
--      {group} jsonb (of valued.value, never null)
-- out: slot integer (place of the group, from 0; limit: of all others), value jsonb (of the group;
--      null of all others), bucket integer (index into starts, from 0), events bigint
WITH valued AS (
    SELECT {value} AS value,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket,
           count(*) AS events
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
     GROUP BY value, bucket
), grouped AS (
    SELECT {group} AS value, bucket, sum(events) AS events
      FROM valued
     GROUP BY {group}, bucket
), ranked AS (
    SELECT value,
           row_number() OVER (
               ORDER BY sum(events) DESC, coalesce(value #>> '{{}}', '') COLLATE "C",
                        jsonb_typeof(value)
           ) AS place
      FROM grouped
     GROUP BY value
), placed AS (
    SELECT least(place - 1, %(limit)s::bigint) AS slot,
           CASE WHEN place <= %(limit)s::bigint THEN value END AS value, bucket, events
      FROM grouped
      JOIN ranked USING (value)
)
SELECT slot::integer AS slot, value, bucket, sum(events)::bigint AS events
  FROM placed
 GROUP BY slot, value, bucket
