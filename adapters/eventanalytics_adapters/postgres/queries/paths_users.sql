-- The users with a session that has an edge or drops off: how many, and a page by code points.
-- in:  kind text (edge, dropoff), step integer, source jsonb (null: all that the answer folds),
--      target jsonb (null: as the source, or a drop-off), limit bigint (of the answer), after text (the
--      page begins after this user; null: with the first), page_limit bigint,
--      and those of part_session.sql and part_path.sql
-- out: users text[], count bigint
WITH RECURSIVE {sessions},
{paths},
asked AS (
    SELECT user_id, to_jsonb(source) AS source, coalesce(to_jsonb(target), 'null') AS target
      FROM entry
     WHERE kind = %(kind)s::text AND step = %(step)s::integer
       AND (%(source)s::jsonb IS NULL OR to_jsonb(source) = %(source)s::jsonb)
       AND (%(target)s::jsonb IS NULL OR to_jsonb(target) = %(target)s::jsonb)
), shown AS (
    SELECT source, target
      FROM asked
     WHERE %(source)s::jsonb IS NULL
     GROUP BY source, target
     ORDER BY count(*) DESC,
              (source #>> '{{}}') COLLATE "C", jsonb_typeof(source),
              (target #>> '{{}}') COLLATE "C", jsonb_typeof(target)
     LIMIT %(limit)s::bigint
), member AS (
    SELECT DISTINCT user_id
      FROM asked
      LEFT JOIN shown USING (source, target)
     WHERE shown.source IS NULL
)
SELECT ARRAY(
           SELECT user_id
             FROM member
            WHERE user_id > coalesce(%(after)s::text, '')
            ORDER BY user_id
            LIMIT %(page_limit)s::bigint
       ) AS users,
       (SELECT count(*) FROM member) AS count
