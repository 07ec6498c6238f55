-- The attempt of each track that counts, and when the last of all began, in microseconds.
-- in:  the CTE attempt
SELECT user_id, place, max(attempt) AS best, max(at) AS latest_start
  FROM attempt
 GROUP BY user_id, place
