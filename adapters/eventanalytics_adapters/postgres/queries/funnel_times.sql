-- When each user did one step that is a plain event type, earliest first: from the index alone.
-- in:    project_id integer, since timestamptz
-- slots: times (the name of the column), event_type, until (not included)
-- The instants are gathered by hashing and sorted user by user, a few at a time: sorting all of
-- them by user and instant would take the disk.
SELECT user_id,
       CASE
           WHEN cardinality(gathered) = 1 THEN gathered
           ELSE ARRAY(SELECT at FROM unnest(gathered) AS at ORDER BY at)
       END AS {times}
  FROM (
      SELECT user_id, array_agg(occurred_at) AS gathered
        FROM event
       WHERE project_id = %(project_id)s::integer
         AND event_type = {event_type}
         AND occurred_at >= %(since)s::timestamptz AND occurred_at < {until}
       GROUP BY user_id
  ) AS of_user
