-- Each journey with the value that an event of it gives; null where that step was not reached.
-- in:  attribution text (entry, last or step), step integer; the CTEs journey and ranked
SELECT journey.user_id, journey.best, journey.latest_start,
       coalesce(ranked.value, 'null') AS value
  FROM journey
  LEFT JOIN ranked
    ON ranked.user_id = journey.user_id
   AND ranked.rank = journey.best[
           2 * CASE %(attribution)s::text
                   WHEN 'entry' THEN 1
                   WHEN 'last' THEN journey.best[1]
                   ELSE CASE WHEN journey.best[1] >= %(step)s::integer THEN %(step)s::integer END
               END
       ]
