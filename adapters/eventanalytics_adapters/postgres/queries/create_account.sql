-- Make an active account.
-- in:  username text, username_key text, email text, email_key text (the keys in lower case),
--      password_hash text, role text, created_at timestamptz
-- out: id integer, username text, email text, role text, is_active boolean, created_at timestamptz
INSERT INTO account (username, username_key, email, email_key, password_hash, role, created_at)
VALUES (
    %(username)s::text, %(username_key)s::text, %(email)s::text, %(email_key)s::text,
    %(password_hash)s::text, %(role)s::text, %(created_at)s::timestamptz
)
RETURNING id, username, email, role, is_active, created_at
