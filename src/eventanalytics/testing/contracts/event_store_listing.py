"""What an event store lists: the wanted events, the latest first, page by page."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event, ProjectId
from eventanalytics.domain.filters import Condition, EventFilter, Operator
from eventanalytics.domain.json_values import MAX_DEPTH, JSONValue, Properties, canonical_properties
from eventanalytics.ports.events import EventStore, Position
from eventanalytics.testing.contracts.rules import (
    EVERYTHING,
    NOON,
    SIGN_UP,
    NewProject,
    assert_same_events,
    rule,
)
from eventanalytics.testing.json_strategies import TEXTS
from eventanalytics.testing.query_strategies import conditions, event_filters
from eventanalytics.testing.strategies import EVENT_IDS, distinct_event_logs, event_ids, worlds

_change = msgspec.structs.replace
_SECOND = timedelta(seconds=1)

_DEEPEST = ".".join("a" * MAX_DEPTH)

# Each kind of value that a property may have, and each way not to have it.
_PROPERTIES: Sequence[Properties] = (
    {},
    *({"a": value} for value in (None, True, False, 0, 1, 1.5, -3, 2**53 + 1, 1e300)),
    *({"a": value} for value in ("", "1", "true", "null", "ab", "Ab", "a%b", "a_b", "a\\b")),
    *({"a": value} for value in ("ä", "a\N{COMBINING DIAERESIS}", "\N{GRINNING FACE}")),
    *({"a": value} for value in ([], [1], ["ab"], [[1]], {}, {"b": None}, {"b": 1})),
    *({"a": value} for value in ({"b": "1"}, {"b": {"a": "ab"}}, {"b": [1]}, {"": 1})),
    *({"a.b": value} for value in (None, 1, "1", True, [1], {"a": 1})),
    *({"a.b": value, "a": {"b": 1}} for value in (None, 2, "ab")),
    *({"b": 1}, {"b": {"a": 1}}, {"$user_id": 1}, {"$event_type": 1}, {"": 1}),
    *({"a": {"0": 1}}, {"a": ["ab", 1]}, {"a": {_DEEPEST[2:]: 1}}),
    *({"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": value}}}}}}}} for value in (1, "ab", None)),
)
_SHOWCASE: Sequence[Event] = [
    _change(SIGN_UP, event_id=UUID(int=index), properties=canonical_properties(properties))
    for index, properties in enumerate(_PROPERTIES)
]

_VALUES: Sequence[JSONValue] = (
    *("", "1", "a", "ab", "Ab", "b", "%", "_", "\\", "a%b", "true", "null", "ä", "ann", "sign_up"),
    *(True, False, 0, 1, 1.0, 1.5, -3, 2**53, 2**53 + 1, 1e300, 10, -0.0),
)


class Filtered(msgspec.Struct, frozen=True):
    """A log, every id once, and filters drawn from the same world."""

    log: list[Event]
    filters: list[EventFilter]


_logs = worlds().flatmap(distinct_event_logs)
_filtered = worlds().flatmap(
    lambda world: st.builds(
        Filtered,
        distinct_event_logs(world),
        st.lists(event_filters(world), min_size=1, max_size=5),
    )
)
_positions = worlds().flatmap(
    lambda world: st.tuples(
        st.sampled_from(world.instants), st.sampled_from(world.instants), event_ids
    )
)


class EventStoreListingContract:
    """The rules of `list`."""

    async def test_a_new_project_holds_no_events(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        assert list(await event_store.list(project, EVERYTHING, limit=10)) == []

    async def test_a_project_lists_its_own_events_alone(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        one, other = await new_project(), await new_project()
        await event_store.append(one, [SIGN_UP])
        assert list(await event_store.list(other, EVERYTHING, limit=10)) == []

    @pytest.mark.parametrize("arrival", [*permutations(range(3))])
    async def test_the_latest_occurred_comes_first(
        self, event_store: EventStore, new_project: NewProject, arrival: tuple[int, ...]
    ) -> None:
        log = [
            _change(SIGN_UP, event_id=UUID(int=9 - i), occurred_at=NOON + i * _SECOND)
            for i in range(3)
        ]
        await _assert_listed_backwards(event_store, new_project, log, arrival)

    @pytest.mark.parametrize("arrival", [*permutations(range(3))])
    async def test_of_one_instant_the_latest_received_comes_first(
        self, event_store: EventStore, new_project: NewProject, arrival: tuple[int, ...]
    ) -> None:
        log = [
            _change(SIGN_UP, event_id=UUID(int=9 - i), received_at=NOON + i * _SECOND / 10**6)
            for i in range(3)
        ]
        await _assert_listed_backwards(event_store, new_project, log, arrival)

    async def test_of_one_receipt_the_highest_id_comes_first(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        log = [_change(SIGN_UP, event_id=event_id) for event_id in EVENT_IDS]
        await _assert_listed_backwards(event_store, new_project, log, range(len(log)))

    @rule
    @given(log=_logs, limit=st.integers(1, 5), offset=st.integers(0, 13))
    async def test_limit_and_offset_cut_the_list(
        self,
        event_store: EventStore,
        new_project: NewProject,
        log: list[Event],
        limit: int,
        offset: int,
    ) -> None:
        project = await _project_of(event_store, new_project, log)
        page = await event_store.list(project, EVERYTHING, limit=limit, offset=offset)
        assert_same_events(page, _expected(log, EVERYTHING)[offset : offset + limit])

    @rule
    @given(case=_filtered, limit=st.integers(1, 4))
    async def test_a_walk_by_position_lists_every_event_exactly_once(
        self, event_store: EventStore, new_project: NewProject, case: Filtered, limit: int
    ) -> None:
        project = await _project_of(event_store, new_project, case.log)
        for wanted in (EVERYTHING, *case.filters):
            walked: list[Event] = []
            page = await event_store.list(project, wanted, limit=limit)
            while page and len(walked) <= len(case.log):
                walked += page
                after = page[-1].order
                page = await event_store.list(project, wanted, limit=limit, after=after)
            assert_same_events(walked, _expected(case.log, wanted))

    @rule
    @given(log=_logs, position=_positions, offset=st.integers(0, 2))
    async def test_a_position_needs_no_event_of_its_own(
        self,
        event_store: EventStore,
        new_project: NewProject,
        log: list[Event],
        position: Position,
        offset: int,
    ) -> None:
        project = await _project_of(event_store, new_project, log)
        page = await event_store.list(project, EVERYTHING, limit=100, offset=offset, after=position)
        before = [event for event in _expected(log, EVERYTHING) if event.order < position]
        assert_same_events(page, before[offset:])

    @rule
    @given(case=_filtered)
    async def test_a_filter_lists_what_it_matches(
        self, event_store: EventStore, new_project: NewProject, case: Filtered
    ) -> None:
        project = await _project_of(event_store, new_project, case.log)
        for wanted in case.filters:
            found = await event_store.list(project, wanted, limit=100)
            assert_same_events(found, _expected(case.log, wanted))

    @rule
    @given(log=_logs, asked=st.lists(conditions(), min_size=4, max_size=8))
    async def test_an_operator_lists_what_it_matches(
        self,
        event_store: EventStore,
        new_project: NewProject,
        log: list[Event],
        asked: list[Condition],
    ) -> None:
        project = await _project_of(event_store, new_project, log)
        for condition in asked:
            wanted = EventFilter(where=(condition,))
            found = await event_store.list(project, wanted, limit=100)
            assert_same_events(found, _expected(log, wanted))

    @pytest.mark.parametrize("op", [op for op in Operator if op.positive is not op])
    async def test_an_operator_and_its_negation_share_the_events_out(
        self, event_store: EventStore, new_project: NewProject, op: Operator
    ) -> None:
        project = await _project_of(event_store, new_project, _SHOWCASE)
        everything = {event.event_id for event in _SHOWCASE}
        for condition in _askable("a"):
            if condition.op is op:
                opposite = Condition("a", op.positive, condition.value)
                found = await _ids_of(event_store, project, condition)
                assert found == everything - await _ids_of(event_store, project, opposite)

    @pytest.mark.parametrize("name", ["a", "a.b", "a.b.a", "a.", "a.0", "a.1", _DEEPEST, "b"])
    async def test_every_operator_meets_every_kind_of_value(
        self, event_store: EventStore, new_project: NewProject, name: str
    ) -> None:
        project = await _project_of(event_store, new_project, _SHOWCASE)
        for condition in _askable(name):
            wanted = EventFilter(where=(condition,))
            found = await event_store.list(project, wanted, limit=100)
            expected = _expected(_SHOWCASE, wanted)
            assert [e.event_id for e in found] == [e.event_id for e in expected], condition

    @pytest.mark.parametrize("name", ["$user_id", "$event_type"])
    async def test_every_operator_meets_the_texts_of_the_event_itself(
        self, event_store: EventStore, new_project: NewProject, name: str
    ) -> None:
        texts = (
            "1",
            "1.5",
            "-3",
            "true",
            "True",
            "null",
            "None",
            "ab",
            "Ab",
            "a%b",
            "ä",
            "sign_up",
        )
        log = [
            _change(SIGN_UP, event_id=UUID(int=index), user_id=text, event_type=text)
            for index, text in enumerate(texts)
        ]
        project = await _project_of(event_store, new_project, log)
        for condition in _askable(name):
            wanted = EventFilter(where=(condition,))
            found = await event_store.list(project, wanted, limit=100)
            expected = _expected(log, wanted)
            assert [e.event_id for e in found] == [e.event_id for e in expected], condition

    @pytest.mark.parametrize("text", [*filter(None, TEXTS)])
    async def test_any_text_is_compared_character_by_character(
        self, event_store: EventStore, new_project: NewProject, text: str
    ) -> None:
        log = [
            _change(SIGN_UP, event_id=UUID(int=i), user_id=f"u{other}", properties={"a": other})
            for i, other in enumerate((*TEXTS, text + "x", "x" + text, f"x{text}x"))
        ]
        project = await _project_of(event_store, new_project, log)
        ops = (Operator.EQ, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)
        by_property = [EventFilter(where=(Condition("a", op, text),)) for op in ops]
        for wanted in (EventFilter(user_id=f"u{text}"), *by_property):
            found = await event_store.list(project, wanted, limit=100)
            assert_same_events(found, _expected(log, wanted))


def _askable(name: str) -> list[Condition]:
    """Return each operator with each of the values that it can be asked with."""
    asked = [Condition(name, Operator.IS_SET), Condition(name, Operator.IS_NOT_SET)]
    for op in (Operator.IN, Operator.NOT_IN):
        asked += [Condition(name, op, value) for value in ([], [1, "1"], [True, "ab", 1.5])]
    for value in _VALUES:
        ops = [Operator.EQ, Operator.NEQ]
        if isinstance(value, str):
            ops += [Operator.CONTAINS, Operator.NOT_CONTAINS]
            ops += [Operator.STARTS_WITH, Operator.ENDS_WITH]
        elif not isinstance(value, bool):
            ops += [Operator.GT, Operator.GTE, Operator.LT, Operator.LTE]
        asked += [Condition(name, op, value) for op in ops]
    return asked


def _expected(log: Sequence[Event], wanted: EventFilter) -> list[Event]:
    found = [event for event in log if wanted.matches(event)]
    return sorted(found, key=lambda event: event.order, reverse=True)


async def _project_of(
    event_store: EventStore, new_project: NewProject, log: Sequence[Event]
) -> ProjectId:
    project = await new_project()
    await event_store.append(project, log)
    return project


async def _ids_of(event_store: EventStore, project: ProjectId, condition: Condition) -> set[UUID]:
    found = await event_store.list(project, EventFilter(where=(condition,)), limit=100)
    return {event.event_id for event in found}


async def _assert_listed_backwards(
    event_store: EventStore,
    new_project: NewProject,
    log: Sequence[Event],
    arrival: Sequence[int],
) -> None:
    project = await _project_of(event_store, new_project, [log[index] for index in arrival])
    assert_same_events(await event_store.list(project, EVERYTHING, limit=100), log[::-1])
