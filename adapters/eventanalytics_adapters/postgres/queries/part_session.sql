-- The sessions of a range's events, as common table expressions for WITH RECURSIVE.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      gap_seconds integer, and those of the filters
-- out: session (user_id text, first_at timestamptz, last_at timestamptz, events bigint)
-- A run has no gap longer than the bound; nearly always it is a session. The window's order is that
-- of the index event_by_user. A run is known by its last event alone: where it began is what the
-- last event of the run before it knows as the next one.
-- Only a run of 24 hours or more is cut, one piece after another, since where a piece begins depends
-- on the one before it: each is one look into the index, for the first event a day later. (Of what
-- is written as an equality the planner expects little, as it should here.)
visit AS (
    SELECT user_id, occurred_at,
           row_number() OVER timeline AS number,
           lead(occurred_at) OVER timeline AS next_at,
           first_value(occurred_at) OVER timeline AS user_first_at
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {filters}
    WINDOW timeline AS (PARTITION BY user_id ORDER BY occurred_at ROWS UNBOUNDED PRECEDING)
), run AS (
    SELECT user_id,
           coalesce(lag(next_at) OVER timeline, user_first_at) AS first_at,
           occurred_at AS last_at,
           number - coalesce(lag(number) OVER timeline, 0) AS events
      FROM visit
     WHERE next_at IS NULL
        OR next_at > occurred_at + make_interval(secs => %(gap_seconds)s::integer)
    WINDOW timeline AS (PARTITION BY user_id ORDER BY occurred_at)
), piece AS (
    SELECT user_id, first_at, last_at AS run_last_at
      FROM run
     WHERE CASE WHEN last_at >= first_at + interval '24 hours' THEN 1 END = 1
     UNION ALL
    SELECT piece.user_id, later.occurred_at, piece.run_last_at
      FROM piece
     CROSS JOIN LATERAL (
               SELECT occurred_at
                 FROM event
                WHERE project_id = %(project_id)s::integer
                  AND event.user_id = piece.user_id
                  AND occurred_at >= piece.first_at + interval '24 hours'
                  AND occurred_at <= piece.run_last_at
                  AND {filters}
                ORDER BY occurred_at
                LIMIT 1
           ) AS later
), session AS (
    SELECT user_id, first_at, last_at, events
      FROM run
     WHERE last_at < first_at + interval '24 hours'
     UNION ALL
    SELECT piece.user_id, piece.first_at, whole.last_at, whole.events
      FROM piece
     CROSS JOIN LATERAL (
               SELECT max(occurred_at) AS last_at, count(*) AS events
                 FROM event
                WHERE project_id = %(project_id)s::integer
                  AND event.user_id = piece.user_id
                  AND occurred_at >= piece.first_at
                  AND occurred_at < piece.first_at + interval '24 hours'
                  AND occurred_at <= piece.run_last_at
                  AND {filters}
           ) AS whole
)
