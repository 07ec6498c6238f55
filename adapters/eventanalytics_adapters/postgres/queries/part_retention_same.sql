-- Who belongs to which cohort and returns when, where a start is a return: one scan.
-- in:  project_id integer, since timestamptz, until timestamptz (not included),
--      end_at timestamptz (of the last column, not included), starts timestamptz[] (of the periods,
--      rising), is_recurring boolean, is_first_ever boolean, periods integer, and those of the filters
-- out: cohort_user (user_id text, cohort integer), returned (user_id text, cohort integer,
--      column_index integer), each row once
visit AS (
    SELECT user_id,
           width_bucket(occurred_at, %(starts)s::timestamptz[]) - 1 AS period,
           bool_or(occurred_at < %(until)s::timestamptz) AS is_in_range
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(end_at)s::timestamptz
       AND {start}
     GROUP BY 1, 2
), earlier_user AS (
    SELECT user_id
      FROM event
     WHERE project_id = %(project_id)s::integer
       AND occurred_at < %(since)s::timestamptz
       AND {start}
), cohort_user AS (
    SELECT user_id, min(period) AS cohort
      FROM visit
     WHERE is_in_range
       AND (NOT %(is_first_ever)s::boolean OR user_id NOT IN (SELECT user_id FROM earlier_user))
     GROUP BY user_id, CASE WHEN %(is_recurring)s::boolean THEN period END
), returned AS (
    SELECT cohort_user.user_id, cohort, period - cohort AS column_index
      FROM cohort_user
      JOIN visit
        ON visit.user_id = cohort_user.user_id
       AND period >= cohort AND period <= cohort + %(periods)s::integer
)
