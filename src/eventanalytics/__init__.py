"""Event analytics whose numbers have a written meaning: the pure core."""
