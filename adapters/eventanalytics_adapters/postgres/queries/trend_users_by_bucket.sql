-- Distinct users of each bucket of time, bucket by bucket: for what an index alone can answer.
-- The users of one bucket are few beside those of all, and hashed in no time.
-- in:  project_id integer, starts timestamptz[], ends timestamptz[] (of the buckets' parts of the
--      range, and of the range), and those of the filters
-- out: slot integer (0), bucket integer (index into starts, from 0), users bigint
SELECT 0 AS slot, (place - 1)::integer AS bucket, counted.users
  FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[])
       WITH ORDINALITY AS bucket (since, until, place)
 CROSS JOIN LATERAL (
           SELECT count(*) AS users
             FROM (
                      SELECT DISTINCT user_id
                        FROM event
                       WHERE project_id = %(project_id)s::integer
                         AND occurred_at >= bucket.since AND occurred_at < bucket.until
                         AND {filters}
                  ) AS member
       ) AS counted
