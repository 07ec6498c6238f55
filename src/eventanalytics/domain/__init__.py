"""The rules: values and the pure functions that define every answer. No I/O, no clock."""

from typing import Final

SEMANTICS_VERSION: Final = 1
"""The version of docs/semantics.md; it grows when a question's answer changes its meaning."""
