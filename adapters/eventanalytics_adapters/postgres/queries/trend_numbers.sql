-- What the numbers of a property come to, of each group in each bucket of time.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      and those of the filters
--      {events} (the events, beside their groups), {slot} integer (an event's group),
--      {value} jsonb (of an event, under the property)
-- out: slot integer, bucket integer (index into starts, from 0), numbers bigint (not 0),
--      sum text (decimal, exact), minimum double precision, maximum double precision
-- OFFSET 0 keeps the planner from writing the look-up of the property wherever its value is used:
-- that look-up is most of the work.
WITH measured AS (
    SELECT {slot} AS slot,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket,
           CASE jsonb_typeof(measured.value) WHEN 'number' THEN measured.value::numeric END AS value
      FROM {events}
     CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) AS measured
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
)
SELECT slot, bucket, count(value) AS numbers, sum(value)::text AS sum,
       min(value)::double precision AS minimum, max(value)::double precision AS maximum
  FROM measured
 GROUP BY slot, bucket
HAVING count(value) > 0
