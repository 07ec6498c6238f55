-- One key by its hash, and its project.
-- in:  key_hash bytea
-- out: id integer, project_id integer, name text, prefix text, scopes text[],
--      created_at timestamptz, expires_at timestamptz, revoked_at timestamptz,
--      project_slug text, project_name text
SELECT api_key.id, api_key.project_id, api_key.name, api_key.prefix, api_key.scopes,
       api_key.created_at, api_key.expires_at, api_key.revoked_at,
       project.slug AS project_slug, project.name AS project_name
  FROM api_key
  JOIN project ON project.id = api_key.project_id
 WHERE api_key.key_hash = %(key_hash)s::bytea
