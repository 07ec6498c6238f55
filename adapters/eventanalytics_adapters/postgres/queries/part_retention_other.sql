-- Who belongs to which cohort and returns when, where starts and returns are different events.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      end_at timestamptz (of the last column, not included), starts timestamptz[] (of the periods,
--      rising), is_recurring boolean, is_first_ever boolean, periods integer, and those of the filters
-- out: cohort_user (user_id text, cohort integer), returned (user_id text, cohort integer,
--      column_index integer), each row once
-- A return in the cohort's own period comes after the start in the order of events. Times tell
-- nearly always; only where the last return and the first start have one time, both are looked up.
start_visit AS (
    SELECT user_id,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS period,
           min(occurred_at) AS started_at
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz
       AND {start}
     GROUP BY 1, 2
), earlier_user AS (
    SELECT user_id
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at < %(since)s::timestamptz
       AND {start}
), cohort_user AS (
    SELECT user_id, min(period) AS cohort, min(started_at) AS started_at
      FROM start_visit
     WHERE NOT %(is_first_ever)s::boolean OR user_id NOT IN (SELECT user_id FROM earlier_user)
     GROUP BY user_id, CASE WHEN %(is_recurring)s::boolean THEN period END
), return_visit AS (
    SELECT user_id,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS period,
           max(occurred_at) AS returned_at
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(end_at)s::timestamptz
       AND {returning}
     GROUP BY 1, 2
), returned AS (
    SELECT cohort_user.user_id, cohort, period - cohort AS column_index
      FROM cohort_user
      JOIN return_visit
        ON return_visit.user_id = cohort_user.user_id
       AND period >= cohort AND period <= cohort + %(periods)s::integer
     WHERE period > cohort
        OR returned_at > started_at
        OR (
            returned_at = started_at
            AND EXISTS (
                SELECT
                  FROM (
                      SELECT received_at, event_id
                        FROM event
                       WHERE project_id = %(project_id)s::integer
                         AND user_id = cohort_user.user_id AND occurred_at = started_at
                         AND {start}
                  ) AS start_event
                  JOIN (
                      SELECT received_at, event_id
                        FROM event
                       WHERE project_id = %(project_id)s::integer
                         AND user_id = cohort_user.user_id AND occurred_at = started_at
                         AND {returning}
                  ) AS return_event
                    ON (return_event.received_at, return_event.event_id)
                       > (start_event.received_at, start_event.event_id)
            )
        )
)
