-- Every journey at the place of its track, with the value of the track's events.
-- in:  the CTEs journey and ranked
SELECT journey.*, ranked.value
  FROM journey
  JOIN ranked
    ON ranked.user_id = journey.user_id
   AND ranked.place = journey.place
   AND ranked.rank = journey.best[2]
