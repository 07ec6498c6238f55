-- One account by its id.
-- in:  account_id bigint
-- out: id integer, username text, email text, role text, is_active boolean, created_at timestamptz
SELECT id, username, email, role, is_active, created_at
  FROM account
 WHERE id = %(account_id)s::bigint
