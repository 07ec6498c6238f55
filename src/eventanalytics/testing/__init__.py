"""For tests, users' own too: strategies of small colliding worlds, and the rules for adapters."""
