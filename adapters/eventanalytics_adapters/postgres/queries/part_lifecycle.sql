-- What each user is to each bucket.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the bucket before the range's first one, and of the range's, rising),
--      buckets integer (of the range), and those of the filters
-- out: member (user_id text, bucket integer (from 0), lifecycle text), each row once
-- Where the range cuts its first bucket, what is cut off belongs to neither that bucket nor the one
-- before, but it is the past.
visit AS (
    SELECT DISTINCT
           user_id, width_bucket(occurred_at, %(starts)s::timestamptz[]) - 2 AS bucket
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= (%(starts)s::timestamptz[])[1]
       AND occurred_at < %(until)s::timestamptz
       AND (
           occurred_at >= %(since)s::timestamptz OR occurred_at < (%(starts)s::timestamptz[])[2]
       )
       AND {filters}
), earlier_user AS (
    SELECT user_id
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at < %(since)s::timestamptz
       AND {filters}
), stay AS (
    SELECT user_id, bucket,
           lag(bucket) OVER of_user AS previous_bucket,
           lead(bucket) OVER of_user AS next_bucket
      FROM visit
    WINDOW of_user AS (PARTITION BY user_id ORDER BY bucket)
), member AS (
    SELECT user_id, bucket,
           CASE
               WHEN previous_bucket = bucket - 1 THEN 'returning'
               WHEN previous_bucket IS NULL
                    AND user_id NOT IN (SELECT user_id FROM earlier_user) THEN 'new'
               ELSE 'resurrecting'
           END AS lifecycle
      FROM stay
     WHERE bucket >= 0
    UNION ALL
    SELECT user_id, bucket + 1 AS bucket, 'dormant' AS lifecycle
      FROM stay
     WHERE next_bucket IS DISTINCT FROM bucket + 1 AND bucket + 1 < %(buckets)s::integer
)
