-- Every journey at place 0, for all, and again at the place of its value among those with most
-- users, or one place after the last that is shown.
-- in:  groups integer (how many are shown); the CTE valued
SELECT user_id, best, latest_start, 0::bigint AS place, 'null'::jsonb AS value
  FROM valued
 UNION ALL
SELECT user_id, best, latest_start, least(size.place, %(groups)s::integer + 1), valued.value
  FROM valued
  JOIN (
      SELECT value,
             row_number() OVER (
                 ORDER BY count(*) DESC,
                          coalesce(value #>> '{{}}', '') COLLATE "C",
                          replace(jsonb_typeof(value), 'null', '') COLLATE "C"
             ) AS place
        FROM valued
       GROUP BY value
  ) AS size USING (value)
