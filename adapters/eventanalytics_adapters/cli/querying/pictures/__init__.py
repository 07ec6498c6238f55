"""Pictures of answers for a terminal, and the same answers as flat rows: a module a question."""
