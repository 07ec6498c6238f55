-- How the number of active users of each group rises and falls from window to window.
-- The windows overlap. Their starts and ends together cut the time into pieces; in a piece a user
-- is active in the windows that contain it, which are neighbours. Each user is counted once a
-- window, where the first of their pieces in it lies: the windows that an earlier piece of theirs
-- has covered are left out. So a user costs as much as the pieces they visit, however many windows
-- contain these.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      starts timestamptz[] (of the pieces, rising; the first is since),
--      firsts integer[], lasts integer[] (the windows that contain each piece, from 0, neither
--      falling; a first after its last: none), and those of the filters
--      {events} (the events, beside their groups), {slot} integer (an event's group)
-- out: slot integer, window_index integer, change bigint (users more than in the window before)
WITH visit AS (
    SELECT DISTINCT {slot} AS slot, user_id,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) AS piece
      FROM {events}
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
), newly_covered AS (
    SELECT slot,
           greatest(
               (%(firsts)s::integer[])[piece],
               1 + lag((%(lasts)s::integer[])[piece]) OVER (PARTITION BY slot, user_id ORDER BY piece)
           ) AS first,
           (%(lasts)s::integer[])[piece] AS last
      FROM visit
)
SELECT slot, window_index, sum(step)::bigint AS change
  FROM newly_covered
 CROSS JOIN LATERAL (VALUES (first, 1), (last + 1, -1)) AS edge (window_index, step)
 WHERE first <= last
 GROUP BY slot, window_index
