-- One account and the hash of its password.
-- in:  username_key text (in lower case)
-- out: id integer, username text, email text, role text, is_active boolean, created_at timestamptz,
--      password_hash text
SELECT id, username, email, role, is_active, created_at, password_hash
  FROM account
 WHERE username_key = %(username_key)s::text
