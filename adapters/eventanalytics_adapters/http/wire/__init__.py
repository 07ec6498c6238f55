"""The bodies of questions and answers: a module a question."""
