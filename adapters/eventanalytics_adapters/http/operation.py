"""The description of one operation: who may call it, what it takes, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eventanalytics_adapters.http.parameters import Parameters
from eventanalytics_adapters.http.queries import NO_PARAMETERS
from eventanalytics_adapters.http.security import Access


@dataclass(frozen=True)
class Body:
    """A request's body: the struct that describes it, and examples by name."""

    type: Any
    examples: Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """One possible answer."""

    description: str
    type: Any
    example: object
    media_type: str = "application/json"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the API. The guard and the OpenAPI document both go by it."""

    access: Access
    name: str
    """Its operationId."""
    tag: str
    summary: str
    description: str
    answers: Mapping[int, Answer]
    parameters: Parameters | None = NO_PARAMETERS
    """None: the query string is not looked at."""
    path_parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Any])
    """The JSON Schema of each, with its description."""
    body: Body | None = None
    problems: tuple[str, ...] = ()
    """The codes of problems that come beside those which follow from the rest."""
