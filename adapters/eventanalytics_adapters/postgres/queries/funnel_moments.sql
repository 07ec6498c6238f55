-- The events that matter to a funnel, and which of its steps and exclusions each matches.
-- in:    project_id integer, since timestamptz, until timestamptz (the range's, not included),
--        horizon timestamptz (where the windows of the range end, not included),
--        and those of the filters
-- slots: begins, flags (a column step_N or exclusion_N each), value (of the breakdown), matters
--        (matches any of them), only (the users who are asked about)
-- out:   one row an event; begins: an attempt begins here; value jsonb, null for the group none
SELECT user_id, occurred_at, received_at, event_id,
       occurred_at < %(until)s::timestamptz AND {begins} AS begins,
       {flags},
       {value} AS value
  FROM event
 WHERE project_id = %(project_id)s::integer
   AND occurred_at >= %(since)s::timestamptz AND occurred_at < %(horizon)s::timestamptz
   AND {filters}
   AND {matters}
   AND {only}
