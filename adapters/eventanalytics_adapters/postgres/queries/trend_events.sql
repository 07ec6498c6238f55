-- Events of each group in each bucket of time; what has none is absent.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      and those of the filters
--      {events} (the events, beside their groups), {slot} integer (an event's group)
-- out: slot integer, bucket integer (index into starts, from 0), events bigint
SELECT {slot} AS slot,
       width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket,
       count(*) AS events
  FROM {events}
 WHERE project_id = %(project_id)s::integer
   AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
   AND {filters}
 GROUP BY slot, bucket
