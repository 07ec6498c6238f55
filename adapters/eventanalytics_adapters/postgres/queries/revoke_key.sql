-- End a key.
-- in:  key_hash bytea, at timestamptz
UPDATE api_key
   SET revoked_at = %(at)s::timestamptz
 WHERE key_hash = %(key_hash)s::bytea
