-- The users of a cohort, or those of them who return in some of its columns.
-- in:  those of the part; cohort integer, first_column integer, last_column integer (included; both
--      null for the whole cohort), after text (may be null), limit bigint
-- out: users text[] (a page of at most limit, after the given one, by code points), count bigint (in all)
WITH {part}, member AS (
    SELECT DISTINCT user_id
      FROM cohort_user
     WHERE cohort = %(cohort)s::integer AND %(first_column)s::integer IS NULL
    UNION
    SELECT user_id
      FROM returned
     WHERE cohort = %(cohort)s::integer
       AND column_index >= %(first_column)s::integer AND column_index <= %(last_column)s::integer
)
SELECT ARRAY(
           SELECT user_id
             FROM member
            WHERE %(after)s::text IS NULL OR user_id > %(after)s::text
            ORDER BY user_id
            LIMIT %(limit)s::bigint
       ) AS users,
       (SELECT count(*) FROM member) AS count
