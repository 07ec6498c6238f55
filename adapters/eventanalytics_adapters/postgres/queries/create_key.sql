-- Keep a new key.
-- in:  project_id integer, name text, prefix text, key_hash bytea, scopes text[],
--      created_at timestamptz, expires_at timestamptz (may be null)
-- out: id integer, project_id integer, name text, prefix text, scopes text[],
--      created_at timestamptz, expires_at timestamptz, revoked_at timestamptz
INSERT INTO api_key (project_id, name, prefix, key_hash, scopes, created_at, expires_at)
VALUES (
    %(project_id)s::integer, %(name)s::text, %(prefix)s::text, %(key_hash)s::bytea,
    %(scopes)s::text[], %(created_at)s::timestamptz, %(expires_at)s::timestamptz
)
RETURNING id, project_id, name, prefix, scopes, created_at, expires_at, revoked_at
