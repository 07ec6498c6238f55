-- Every event in the track of all, at place 0.
-- in:  the CTE moment
SELECT *, 0::bigint AS place
  FROM moment
