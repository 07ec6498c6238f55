"""The rules: values and the pure functions that define every answer. No I/O, no clock."""
