"""The testing kit, for this package's own tests and for those of its users.

`eventanalytics.testing.strategies` has Hypothesis strategies of small worlds whose parts collide;
`eventanalytics.testing.contracts` has the suites of rules that every adapter must pass.
Both need the extra ``eventanalytics[testing]``.
"""
