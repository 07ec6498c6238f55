-- Fails where the tables are missing, not only where the server is.
-- out: is_migrated boolean
SELECT EXISTS (SELECT FROM project) AS is_migrated
