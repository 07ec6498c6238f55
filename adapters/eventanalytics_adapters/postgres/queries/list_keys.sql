-- The keys of a project, the oldest first.
-- in:  project_id integer
-- out: id integer, project_id integer, name text, prefix text, scopes text[],
--      created_at timestamptz, expires_at timestamptz, revoked_at timestamptz
SELECT id, project_id, name, prefix, scopes, created_at, expires_at, revoked_at
  FROM api_key
 WHERE project_id = %(project_id)s::integer
 ORDER BY id
