-- The users with a session that begins in a bucket: how many, and a page of them by code points.
-- in:  bucket_since timestamptz, bucket_until timestamptz (not included), bounces boolean (only
--      sessions with one event), after text (the page begins after this user; null: with the
--      first), limit bigint, and those of part_session.sql
-- out: users text[], count bigint
WITH RECURSIVE {sessions},
member AS (
    SELECT DISTINCT user_id
      FROM session
     WHERE first_at >= %(bucket_since)s::timestamptz AND first_at < %(bucket_until)s::timestamptz
       AND (events = 1 OR NOT %(bounces)s::boolean)
)
SELECT ARRAY(
           SELECT user_id
             FROM member
            WHERE user_id > coalesce(%(after)s::text, '')
            ORDER BY user_id
            LIMIT %(limit)s::bigint
       ) AS users,
       (SELECT count(*) FROM member) AS count
