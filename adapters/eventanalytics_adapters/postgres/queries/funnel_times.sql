-- When each user did one step that is a plain event type, earliest first: from the index alone.
-- in:    project_id integer, since timestamptz
-- slots: times (the name of the column), event_type, until (not included)
-- Hashed as they come, the instants of each user stay in the order in which the index has them:
-- nothing is sorted.
SELECT user_id, array_agg(occurred_at) AS {times}
  FROM (
      SELECT user_id, occurred_at
        FROM event
       WHERE project_id = %(project_id)s::integer
         AND event_type = {event_type}
         AND occurred_at >= %(since)s::timestamptz AND occurred_at < {until}
       ORDER BY occurred_at
  ) AS in_order
 GROUP BY user_id
