-- The paths through sessions, as common table expressions after those of part_session.sql.
-- in:  visits bigint (how many events of a session are enough; null: all), has_end boolean,
--      end_from integer (where the end is looked for, from 1), collapse_repeats boolean,
--      max_steps integer, those of part_session.sql, and those of the slots
-- out: entry (user_id text, step integer, source jsonb, target jsonb, kind text)
-- An entry is an edge, a drop-off, or a session that goes on beyond the last step that is kept; only
-- an edge's target is not JSON's null, which is no node.
-- A session's events come from the index event_by_user, a few at a time: nothing is sorted but they.
sequence AS (
    SELECT session.user_id, ordered.nodes, ordered.starts, ordered.ends
      FROM session
     CROSS JOIN LATERAL (
               SELECT array_agg(node) AS nodes, array_agg(starts) AS starts, array_agg(ends) AS ends
                 FROM (
                          SELECT {node} AS node, {starts} AS starts, {ends} AS ends
                            FROM event
                           WHERE project_id = %(project_id)s::integer
                             AND event.user_id = session.user_id
                             AND occurred_at BETWEEN session.first_at AND session.last_at
                             AND {filters}
                             AND {node} <> 'null'
                           ORDER BY occurred_at, received_at, event_id
                           LIMIT %(visits)s::bigint
                      ) AS visit
           ) AS ordered
), begun AS (
    SELECT user_id,
           nodes[array_position(starts, TRUE):] AS nodes,
           ends[array_position(starts, TRUE):] AS ends
      FROM sequence
     WHERE array_position(starts, TRUE) IS NOT NULL
), cut AS (
    SELECT user_id,
           CASE WHEN %(has_end)s::boolean
                THEN nodes[:array_position(ends, TRUE, %(end_from)s::integer)]
                ELSE nodes
           END AS nodes
      FROM begun
     WHERE NOT %(has_end)s::boolean
        OR array_position(ends, TRUE, %(end_from)s::integer) IS NOT NULL
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
), path AS (
    SELECT user_id,
           CASE WHEN %(has_end)s::boolean
                THEN nodes[greatest(cardinality(nodes) - %(max_steps)s::integer, 1):]
                ELSE nodes[:%(max_steps)s::integer]
           END AS nodes,
           %(has_end)s::boolean OR cardinality(nodes) <= %(max_steps)s::integer AS is_whole
      FROM folded
), entry AS (
    SELECT user_id, step, nodes[step] AS source, coalesce(nodes[step + 1], 'null') AS target,
           CASE WHEN step < cardinality(nodes) THEN 'edge'
                WHEN is_whole THEN 'dropoff'
                ELSE 'beyond'
           END AS kind
      FROM path
     CROSS JOIN LATERAL generate_series(1, cardinality(nodes)) AS step
)
