-- The paths through sessions, as common table expressions after those of part_session.sql.
-- in:  visits bigint (how many events of a session are enough; null: all), has_end boolean,
--      end_from integer (where the end is looked for, from 1), collapse_repeats boolean,
--      max_steps integer, those of part_session.sql, and those of the slots
-- out: entry (user_id text, step integer, source, target, kind text)
-- An entry is an edge, a drop-off, or a session that goes on beyond the last step that is kept; only
-- an edge has a target. A node is a text where the slot of nodes is a column, else a JSON value.
-- A session's events come from the index event_by_user, a few at a time: nothing is sorted but they.
-- OFFSET 0 keeps each array from being made again for every place that mentions it.
sequence AS (
    SELECT session.user_id, ordered.nodes, ordered.ends, ordered.first
      FROM session
     CROSS JOIN LATERAL (
               SELECT array_agg(node) AS nodes, array_agg(ends) AS ends,
                      array_position(array_agg(starts), TRUE) AS first
                 FROM (
                          SELECT {node} AS node, {starts} AS starts, {ends} AS ends
                            FROM event
                           WHERE project_id = %(project_id)s::integer
                             AND event.user_id = session.user_id
                             AND occurred_at BETWEEN session.first_at AND session.last_at
                             AND {filters}
                             AND {has_node}
                           ORDER BY occurred_at, received_at, event_id
                           LIMIT %(visits)s::bigint
                      ) AS visit
               OFFSET 0
           ) AS ordered
     WHERE ordered.first IS NOT NULL
), begun AS (
    SELECT user_id, nodes[first:] AS nodes,
           array_position(ends[first:], TRUE, %(end_from)s::integer) AS last
      FROM sequence
    OFFSET 0
), cut AS (
    SELECT user_id,
           CASE WHEN %(has_end)s::boolean THEN nodes[:last] ELSE nodes END AS nodes
      FROM begun
     WHERE last IS NOT NULL OR NOT %(has_end)s::boolean
    OFFSET 0
), folded AS (
    SELECT user_id,
           CASE WHEN %(collapse_repeats)s::boolean
                THEN ARRAY(
                         SELECT node
                           FROM (
                                    SELECT node, number, lag(node) OVER (ORDER BY number) AS before
                                      FROM unnest(nodes) WITH ORDINALITY AS visit (node, number)
                                ) AS visit
                          WHERE node IS DISTINCT FROM before
                          ORDER BY number
                     )
                ELSE nodes
           END AS nodes
      FROM cut
    OFFSET 0
), path AS (
    SELECT user_id,
           CASE WHEN %(has_end)s::boolean
                THEN nodes[greatest(cardinality(nodes) - %(max_steps)s::integer, 1):]
                ELSE nodes[:%(max_steps)s::integer]
           END AS nodes,
           %(has_end)s::boolean OR cardinality(nodes) <= %(max_steps)s::integer AS is_whole
      FROM folded
    OFFSET 0
), visited AS (
    SELECT user_id, nodes, is_whole, generate_series(1, cardinality(nodes)) AS step
      FROM path
), entry AS (
    SELECT user_id, step, nodes[step] AS source, nodes[step + 1] AS target,
           CASE WHEN step < cardinality(nodes) THEN 'edge'
                WHEN is_whole THEN 'dropoff'
                ELSE 'beyond'
           END AS kind
      FROM visited
)
