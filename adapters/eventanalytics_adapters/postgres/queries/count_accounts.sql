-- How many accounts there are.
-- out: accounts bigint
SELECT count(*) AS accounts
  FROM account
