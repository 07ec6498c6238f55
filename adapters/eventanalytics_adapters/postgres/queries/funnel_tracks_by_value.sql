-- Every event in the track of all, at place 0, and again in the track of its value: at the place of
-- the value among those with most users who begin, or one place after the last that is shown.
-- in:  groups integer (how many are shown); the CTE moment
SELECT moment.*, 0::bigint AS place
  FROM moment
 UNION ALL
SELECT moment.*, coalesce(shown.place, %(groups)s::integer + 1) AS place
  FROM moment
  LEFT JOIN (
      SELECT value,
             row_number() OVER (
                 ORDER BY count(DISTINCT user_id) DESC,
                          coalesce(value #>> '{{}}', '') COLLATE "C",
                          replace(jsonb_typeof(value), 'null', '') COLLATE "C"
             ) AS place
        FROM moment
       WHERE begins
       GROUP BY value
  ) AS shown ON shown.value = moment.value AND shown.place <= %(groups)s::integer
