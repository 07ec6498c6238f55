-- Events of each bucket of time, bucket by bucket: for what an index alone can answer.
-- Nothing is looked up or hashed for each event, they are just counted from one end to the other.
-- in:  project_id integer, starts timestamptz[], ends timestamptz[] (of the buckets' parts of the
--      range), and those of the filters
-- out: slot integer (0), bucket integer (index into starts, from 0), events bigint
SELECT 0 AS slot, (place - 1)::integer AS bucket, counted.events
  FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[])
       WITH ORDINALITY AS bucket (since, until, place)
 CROSS JOIN LATERAL (
           SELECT count(*) AS events
             FROM event
            WHERE project_id = %(project_id)s::integer
              AND occurred_at >= bucket.since AND occurred_at < bucket.until
              AND {filters}
       ) AS counted
