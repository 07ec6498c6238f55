-- Edges and drop-offs with their sessions; the biggest of each step stay, the others are one.
-- in:  limit bigint, and those of part_session.sql and part_path.sql
-- out: kind text (edge, dropoff, beyond), step integer, source jsonb (null: the folded ones),
--      target jsonb (null: the folded ones, or no edge), sessions bigint
-- Every session with a path has one row's worth at step 1.
WITH RECURSIVE {sessions},
{paths},
counted AS (
    SELECT kind, step, to_jsonb(source) AS source, to_jsonb(target) AS target, sessions
      FROM (
               SELECT kind, step, source, target, count(*) AS sessions
                 FROM entry
                GROUP BY kind, step, source, target
           ) AS total
), ranked AS (
    SELECT kind, step, source, target, sessions,
           row_number() OVER (
               PARTITION BY kind, step
                   ORDER BY sessions DESC,
                            (source #>> '{{}}') COLLATE "C", jsonb_typeof(source),
                            (target #>> '{{}}') COLLATE "C", jsonb_typeof(target)
           ) <= %(limit)s::bigint AS is_shown
      FROM counted
)
SELECT kind, step,
       CASE WHEN is_shown THEN source END AS source,
       CASE WHEN is_shown THEN target END AS target,
       sum(sessions)::bigint AS sessions
  FROM ranked
 GROUP BY 1, 2, 3, 4
