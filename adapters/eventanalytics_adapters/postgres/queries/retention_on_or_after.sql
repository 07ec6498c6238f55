-- How many users each cohort has, and how many of them return last in each column; zeros are absent.
-- in:  those of the part
-- out: cohort integer (index of its period), column_index integer (-1 for the size), users bigint
-- Who returns last in a column counts in each column up to it: the domain adds them up.
WITH {part}, last_return AS (
    SELECT cohort, max(column_index) AS column_index
      FROM returned
     GROUP BY cohort, user_id
)
SELECT cohort, -1 AS column_index, count(*) AS users
  FROM cohort_user
 GROUP BY cohort
UNION ALL
SELECT cohort, column_index, count(*) AS users
  FROM last_return
 GROUP BY cohort, column_index
