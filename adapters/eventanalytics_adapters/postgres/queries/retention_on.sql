-- How many users each cohort has, and how many of them return in each column; zeros are absent.
-- in:  those of the part
-- out: cohort integer (index of its period), column_index integer (-1 for the size), users bigint
WITH {part}
SELECT cohort, -1 AS column_index, count(*) AS users
  FROM cohort_user
 GROUP BY cohort
UNION ALL
SELECT cohort, column_index, count(*) AS users
  FROM returned
 GROUP BY cohort, column_index
