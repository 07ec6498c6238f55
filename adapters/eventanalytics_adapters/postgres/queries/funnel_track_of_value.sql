-- The events of one value alone, in the track of all, at place 0.
-- in:    the CTE moment
-- slots: value
SELECT *, 0::bigint AS place
  FROM moment
 WHERE value = {value}
