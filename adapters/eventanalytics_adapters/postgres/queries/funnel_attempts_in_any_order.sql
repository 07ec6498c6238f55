-- Every attempt at steps in any order, of which no event matches two.
-- in:    window_microseconds bigint
-- slots: ranks and times (of the first event of each step), firsts (rows of funnel_firsts.sql)
-- out:   as funnel_attempts_in_order.sql
SELECT user_id, place, at,
       (
           SELECT (count(*) / 2) || array_agg(part ORDER BY taken.rank DESC, number)
             FROM unnest(ARRAY[{ranks}], ARRAY[{times}]) AS taken (rank, at),
                  LATERAL (VALUES (1, taken.rank), (2, taken.at)) AS parts (number, part)
            WHERE taken.at <= start.at + %(window_microseconds)s::bigint
       ) AS attempt
  FROM ({firsts}) AS start
 WHERE begins
