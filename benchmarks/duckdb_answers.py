"""The questions in DuckDB's SQL, written without a look at Postgres': what the words say.

The table: event (event_id, occurred_at, received_at, user_id, event_type, properties), times in
UTC. Parameters: $since and $until (not included).
"""

DAILY_USERS = """
SELECT count(DISTINCT user_id)
  FROM event
 WHERE occurred_at >= $since AND occurred_at < $until
 GROUP BY occurred_at::DATE
 ORDER BY occurred_at::DATE
"""
DAILY_USERS_OF_TYPE = """
SELECT count(DISTINCT user_id)
  FROM event
 WHERE occurred_at >= $since AND occurred_at < $until AND event_type = $event_type
 GROUP BY occurred_at::DATE
 ORDER BY occurred_at::DATE
"""
DAILY_EVENTS = """
SELECT count(*)
  FROM event
 WHERE occurred_at >= $since AND occurred_at < $until
 GROUP BY occurred_at::DATE
 ORDER BY occurred_at::DATE
"""
DAILY_EVENTS_OF_TYPE = """
SELECT count(*)
  FROM event
 WHERE occurred_at >= $since AND occurred_at < $until AND event_type = $event_type
 GROUP BY occurred_at::DATE
 ORDER BY occurred_at::DATE
"""
USERS_WITH_TOTAL = """
SELECT count(DISTINCT user_id)
  FROM event
 WHERE occurred_at >= $since AND occurred_at < $until
 GROUP BY GROUPING SETS ((occurred_at::DATE), ())
 ORDER BY occurred_at::DATE NULLS LAST
"""
BREAKDOWN = """
SELECT properties ->> $property AS value, occurred_at::DATE AS day, count(*)
  FROM event
 WHERE occurred_at >= $since AND occurred_at < $until
 GROUP BY value, day
 ORDER BY value, day
"""
# Faster than count(DISTINCT user_id).
TOP_EVENTS = """
WITH active AS (
    SELECT event_type, user_id, count(*) AS events
      FROM event
     WHERE occurred_at >= $since AND occurred_at < $until
     GROUP BY event_type, user_id
)
SELECT event_type, sum(events), count(*)
  FROM active
 GROUP BY event_type
 ORDER BY sum(events) DESC, event_type
 LIMIT 10
"""
# The first event of the third step after each event, then the first of the second step after each
# of the first with what followed that; nothing that follows a later one of the second can be
# earlier. What is too late is no step.
FUNNEL = """
WITH step AS (
    SELECT user_id, event_type, occurred_at, received_at, event_id,
           first_value(CASE WHEN event_type = $third THEN occurred_at END IGNORE NULLS)
               OVER later AS third_at
      FROM event
     WHERE occurred_at >= $since AND occurred_at < $until::TIMESTAMP + INTERVAL 7 DAY
       AND event_type IN ($first, $second, $third)
    WINDOW later AS (
               PARTITION BY user_id ORDER BY occurred_at, received_at, event_id
               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
           )
), attempt AS (
    SELECT user_id, event_type, occurred_at AS first_at,
           first_value(CASE WHEN event_type = $second THEN occurred_at END IGNORE NULLS)
               OVER later AS second_at,
           first_value(
               CASE WHEN event_type = $second THEN coalesce(third_at, 'infinity') END IGNORE NULLS
           ) OVER later AS third_at,
           received_at, event_id
      FROM step
    WINDOW later AS (
               PARTITION BY user_id ORDER BY occurred_at, received_at, event_id
               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
           )
), reached AS (
    SELECT user_id, first_at, second_at, third_at, received_at, event_id,
           CASE WHEN second_at <= first_at + INTERVAL 7 DAY
                THEN CASE WHEN third_at <= first_at + INTERVAL 7 DAY THEN 3 ELSE 2 END
                ELSE 1 END AS steps
      FROM attempt
     WHERE event_type = $first AND first_at < $until
), best AS (
    SELECT arg_min(
               {'steps': steps, 'second': epoch_us(second_at) - epoch_us(first_at),
                'third': epoch_us(third_at) - epoch_us(second_at)},
               (-steps, first_at, received_at, event_id)
           ) AS journey
      FROM reached
     GROUP BY user_id
)
SELECT count(*),
       count(*) FILTER (journey.steps >= 2),
       count(*) FILTER (journey.steps >= 3),
       quantile_cont(journey.second::DOUBLE, 0.5) FILTER (journey.steps >= 2),
       quantile_cont(journey.third::DOUBLE, 0.5) FILTER (journey.steps >= 3),
       sum(journey.second) FILTER (journey.steps >= 2),
       sum(journey.third) FILTER (journey.steps >= 3)
  FROM best
"""
RETENTION = """
WITH active AS (
    SELECT DISTINCT user_id, date_trunc('week', occurred_at)::DATE AS week
      FROM event
     WHERE occurred_at >= $since AND occurred_at < $until
), cohort AS (
    SELECT user_id, min(week) AS began
      FROM active
     GROUP BY user_id
)
SELECT began, (week - began) // 7 AS weeks, count(*)
  FROM active
  JOIN cohort USING (user_id)
 GROUP BY began, weeks
 ORDER BY began, weeks
"""
# A user is known by the day and the day of the visit before.
LIFECYCLE = """
WITH active AS (
    SELECT DISTINCT user_id, occurred_at::DATE AS day
      FROM event
     WHERE occurred_at < $until
), visit AS (
    SELECT day,
           lag(day) OVER (PARTITION BY user_id ORDER BY day) AS before,
           lead(day) OVER (PARTITION BY user_id ORDER BY day) AS next
      FROM active
)
SELECT day,
       count(*) FILTER (before IS NULL),
       count(*) FILTER (before = day - 1),
       count(*) FILTER (before < day - 1),
       count(*) FILTER (next IS NULL OR next > day + 1)
  FROM visit
 GROUP BY day
 ORDER BY day
"""
STICKINESS = """
WITH active AS (
    SELECT user_id, count(DISTINCT occurred_at::DATE) AS days
      FROM event
     WHERE occurred_at >= $since AND occurred_at < $until
     GROUP BY user_id
)
SELECT days, count(*)
  FROM active
 GROUP BY days
 ORDER BY days
"""
# No session of the demo's users is a day long, so none is cut; LONGEST_SESSION looks.
_SESSION = """
WITH visit AS (
    SELECT user_id, occurred_at,
           coalesce(
               occurred_at > lag(occurred_at) OVER timeline + INTERVAL 30 MINUTE, true
           )::INTEGER AS begins
      FROM event
     WHERE occurred_at >= $since AND occurred_at < $until
    WINDOW timeline AS (PARTITION BY user_id ORDER BY occurred_at)
), numbered AS (
    SELECT user_id, occurred_at,
           sum(begins) OVER (
               PARTITION BY user_id ORDER BY occurred_at ROWS UNBOUNDED PRECEDING
           ) AS number
      FROM visit
), session AS (
    SELECT user_id, min(occurred_at) AS first_at, count(*) AS events,
           epoch_us(max(occurred_at)) - epoch_us(min(occurred_at)) AS length
      FROM numbered
     GROUP BY user_id, number
)
"""
SESSIONS = (
    _SESSION
    + """
SELECT count(*), count(DISTINCT user_id), count(*) FILTER (events = 1), sum(events), sum(length),
       quantile_cont(length::DOUBLE, 0.5)
  FROM session
 GROUP BY GROUPING SETS ((first_at::DATE), ())
 ORDER BY first_at::DATE NULLS LAST
"""
)
LONGEST_SESSION = _SESSION + "SELECT max(length) FROM session"
USERS = """
SELECT DISTINCT user_id
  FROM event
 WHERE occurred_at >= $since AND occurred_at < $until
 ORDER BY user_id
"""
