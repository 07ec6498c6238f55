"""An example of each question and its answer, all of them about the same few events.

The answers are what the server answers: a test asks every question and compares.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import msgspec


class Example(msgspec.Struct, frozen=True):
    """A request's body, or its parameters where it has none, and the answer."""

    request: dict[str, Any]
    answer: Any


class _Examples(msgspec.Struct):
    computed_at: str
    events: list[dict[str, Any]]
    examples: dict[str, Example]


def _read() -> _Examples:
    text = files("eventanalytics_adapters.http.wire").joinpath("examples.json").read_text("utf-8")
    return msgspec.convert(json.loads(text), _Examples)


_FOUND: Final = _read()

COMPUTED_AT: Final = _FOUND.computed_at
"""When the answers were computed."""
EVENTS: Final = _FOUND.events
"""The events that the questions are asked of."""
EXAMPLES: Final[Mapping[str, Example]] = _FOUND.examples
"""The examples, by what follows ``/api/v1/query/`` or ``/api/v1/`` in the address."""
