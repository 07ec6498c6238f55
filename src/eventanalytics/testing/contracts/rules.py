"""What the suites share: their Hypothesis settings, one plain event, and what "the same" means."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

from hypothesis import HealthCheck, settings

from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.domain.filters import EventFilter
from eventanalytics.domain.json_values import canonical_properties, json_equal
from eventanalytics.memory.event_store import InMemoryEventStore

NewProject: TypeAlias = Callable[[], Awaitable[ProjectId]]
"""Makes a project without events, and returns its id."""

rule: Final = settings(
    deadline=None,  # the time is the store's, not the rule's
    suppress_health_check=(
        # A suite is inherited by more than one adapter, and asks for a new project an example.
        HealthCheck.differing_executors,
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ),
)
"""The settings of every property; the number of examples is that of the loaded profile.

Everything is drawn before a test begins: to draw inside an async test (`st.data`) would tear down
the runner of AnyIO's plugin whenever Hypothesis gives an example up.
"""

EVERYTHING: Final = EventFilter()

NOON: Final = datetime(2025, 8, 21, 12, tzinfo=UTC)

SIGN_UP: Final = Event(
    event_id=UUID("0190b7c0-0000-7000-8000-000000000001"),
    user_id="ann",
    event_type="sign_up",
    occurred_at=NOON,
    received_at=NOON,
    properties={"plan": "pro", "price": 12.5, "seats": 3},
)
"""An ordinary event, for the rules that need no other."""


def assert_same_events(found: Sequence[Event], expected: Sequence[Event]) -> None:
    """Assert that both are the same events in one order, down to the type of every value."""
    assert [event.order for event in found] == [event.order for event in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.user_id == other.user_id
        assert one.event_type == other.event_type
        assert one.properties.keys() == other.properties.keys()
        assert json_equal(one.properties, canonical_properties(other.properties)), one.event_id


async def reference_of(events: Sequence[Event]) -> Sequence[Event]:
    """Return what a store keeps of *events*, appended in this order: the first of each id."""
    memory, project = InMemoryEventStore(), ProjectId(1)
    await memory.append(project, events)
    return list(memory.all(project))
