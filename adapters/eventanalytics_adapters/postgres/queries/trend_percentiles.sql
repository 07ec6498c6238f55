-- The two numbers between which a percentile lies, of each group, in each bucket and in the range.
-- Equal numbers are counted before they are put in order: only different ones are sorted.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      part double precision (which part of the numbers lies below), and those of the filters
--      {events} (the events, beside their groups), {slot} integer (an event's group),
--      {value} jsonb (of an event, under the property)
-- out: slot integer, bucket integer (index into starts, from 0; null: the range),
--      numbers bigint (not 0), low double precision, high double precision
WITH measured AS (
    SELECT {slot} AS slot,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket,
           CASE jsonb_typeof(measured.value)
               WHEN 'number' THEN measured.value::double precision
           END AS value
      FROM {events}
     CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) AS measured
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
), value_count AS (
    SELECT slot, bucket, value, count(*) AS numbers
      FROM measured
     WHERE value IS NOT NULL
     GROUP BY slot, bucket, value
), counted AS (
    SELECT slot, bucket, value, numbers FROM value_count
    UNION ALL
    SELECT slot, NULL, value, sum(numbers) FROM value_count GROUP BY slot, value
), placed AS (
    SELECT slot, bucket, value,
           sum(numbers) OVER (PARTITION BY slot, bucket ORDER BY value) AS up_to,
           sum(numbers) OVER (PARTITION BY slot, bucket) AS numbers
      FROM counted
)
SELECT slot, bucket, numbers::bigint AS numbers,
       min(value) FILTER (WHERE up_to > floor(%(part)s * (numbers - 1)::double precision)) AS low,
       min(value) FILTER (WHERE up_to > ceil(%(part)s * (numbers - 1)::double precision)) AS high
  FROM placed
 GROUP BY slot, bucket, numbers
