-- One project by its slug.
-- in:  slug text
-- out: id integer, slug text, name text
SELECT id, slug, name
  FROM project
 WHERE slug = %(slug)s::text
