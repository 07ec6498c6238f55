-- Every attempt at steps that follow each other.
-- slots: reached (how many steps after the first), chains (rows of funnel_chain.sql)
-- out:   attempt bigint[]: the number of steps reached, then the rank and the time of each of them
--        (and of later ones that come too late); the greatest is the one that counts
SELECT user_id, place, at, ARRAY[1 + {reached}, rank, at] || chain_1 AS attempt
  FROM ({chains}) AS chained
 WHERE begins
