-- What the numbers of a property come to, of each group in each bucket of time.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      and those of the filters
--      {events} (the events, beside their groups), {slot} integer (an event's group),
--      {value} jsonb (of an event, under the property)
-- out: slot integer, bucket integer (index into starts, from 0), numbers bigint (not 0),
--      sum text (decimal, exact), minimum double precision, maximum double precision
WITH measured AS (
    SELECT {slot} AS slot,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket,
           CASE jsonb_typeof({value}) WHEN 'number' THEN ({value})::numeric END AS value
      FROM {events}
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
)
SELECT slot, bucket, count(*) AS numbers, sum(value)::text AS sum,
       min(value)::double precision AS minimum, max(value)::double precision AS maximum
  FROM measured
 WHERE value IS NOT NULL
 GROUP BY slot, bucket
