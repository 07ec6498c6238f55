-- Every journey at place 0, for all: there are no groups.
-- in:  the CTE journey
SELECT *, 'null'::jsonb AS value
  FROM journey
