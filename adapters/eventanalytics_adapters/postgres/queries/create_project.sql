-- Make a project.
-- in:  slug text, name text
-- out: id integer, slug text, name text
INSERT INTO project (slug, name)
VALUES (%(slug)s::text, %(name)s::text)
RETURNING id, slug, name
