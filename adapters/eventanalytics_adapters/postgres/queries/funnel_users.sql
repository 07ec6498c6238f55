-- The users of a cell of a funnel: how many, and some of them in the order of their code points.
-- in:    after text (NULL for the first page), page integer (how many at most)
-- slots: journeys (CTEs), cell (the journeys that belong), source (the CTE to take them from)
-- out:   count bigint, users text[]
WITH {journeys}, member AS MATERIALIZED (
    SELECT user_id
      FROM {source}
     WHERE {cell}
)
SELECT (SELECT count(*) FROM member) AS count,
       ARRAY(
           SELECT user_id
             FROM member
            WHERE %(after)s::text IS NULL OR user_id > %(after)s::text
            ORDER BY user_id
            LIMIT %(page)s::integer
       ) AS users
