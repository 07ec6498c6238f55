-- Events of each group of a breakdown in each bucket of time; what has none is absent.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      groups text[] (JSON, of the groups that are shown), and those of the filters
--      {value} jsonb (of an event, under the property; null where it is missing)
--      {group} jsonb (of valued.value, never null), {slot} integer (of a row of shown, or of none)
-- out: slot integer, bucket integer (index into starts, from 0), events bigint
-- Values are counted as they are, and only those few that there are made groups of.
WITH valued AS (
    SELECT {value} AS value,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket,
           count(*) AS events
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
     GROUP BY value, bucket
)
SELECT {slot} AS slot, bucket, sum(events)::bigint AS events
  FROM valued
  LEFT JOIN unnest(%(groups)s::text[]::jsonb[]) WITH ORDINALITY AS shown (value, place)
       ON shown.value = {group}
 GROUP BY slot, bucket
