"""The testing kit, for this package's own tests and for those of its users.

- `eventanalytics.testing.contracts`: the suites of rules that every adapter must pass;
- `eventanalytics.testing.strategies`: Hypothesis strategies of small worlds whose parts collide,
  with their events; `json_strategies`, `query_strategies` and `submission_strategies` beside it
  draw JSON values, questions, and events as clients send them;
- `eventanalytics.testing.oracles`: the rules said a second time, slowly, without the domain's code.

All of them need the extra ``eventanalytics[testing]``.
"""
