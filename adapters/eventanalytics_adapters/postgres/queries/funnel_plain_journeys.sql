-- The attempt of each user that counts, and when the last of all began, as funnel_journeys.sql.
-- in:    the CTEs times and plain, and the CTE attempt, which is about the users tied in plain
-- slots: instants (0 for the rank, which nobody asks for, and the time of each step)
SELECT user_id, 0::bigint AS place,
       ARRAY[reached, {instants}]::bigint[] AS best,
       (extract(epoch FROM latest) * 1000000)::bigint AS latest_start
  FROM plain
 WHERE NOT tied
 UNION ALL
SELECT user_id, 0, ARRAY[1, 0, extract(epoch FROM times_1[1]) * 1000000]::bigint[],
       (extract(epoch FROM times_1[cardinality(times_1)]) * 1000000)::bigint
  FROM times
 WHERE (times_2[cardinality(times_2)] >= times_1[1]) IS NOT TRUE
 UNION ALL
SELECT user_id, place, max(attempt), max(at)
  FROM attempt
 GROUP BY user_id, place
