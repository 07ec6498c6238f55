-- Let an account act, or not.
-- in:  account_id bigint, is_active boolean
UPDATE account
   SET is_active = %(is_active)s::boolean
 WHERE id = %(account_id)s::bigint
