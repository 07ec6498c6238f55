-- Distinct users of each group, in each bucket of time and in the whole range.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the buckets, rising; the first is not after since),
--      and those of the filters
--      {events} (the events, beside their groups), {slot} integer (an event's group)
-- out: slot integer, bucket integer (index into starts, from 0; null: the range), users bigint
WITH visit AS (
    SELECT DISTINCT {slot} AS slot,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS bucket, user_id
      FROM {events}
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
), member AS (
    SELECT DISTINCT slot, user_id
      FROM visit
)
SELECT slot, bucket, count(*) AS users
  FROM visit
 GROUP BY slot, bucket
UNION ALL
SELECT slot, NULL, count(*)
  FROM member
 GROUP BY slot
