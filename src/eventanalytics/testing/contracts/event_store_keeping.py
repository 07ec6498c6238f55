"""What an event store keeps: every event exactly once, and just as it was."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given

from eventanalytics.domain.events import Event, ProjectId, Verdict
from eventanalytics.domain.filters import EventFilter
from eventanalytics.domain.json_values import JSONValue, Properties, canonical, json_equal
from eventanalytics.ports.events import EventStore
from eventanalytics.testing.contracts.rules import (
    EVERYTHING,
    NOON,
    SIGN_UP,
    NewProject,
    assert_same_events,
    rule,
)
from eventanalytics.testing.json_strategies import NUMBERS, TEXTS, properties, values

CREATED, DUPLICATE, CONFLICT = Verdict.CREATED, Verdict.DUPLICATE, Verdict.CONFLICT
_change = msgspec.structs.replace

_OTHER_CONTENTS = {
    "user_id": _change(SIGN_UP, user_id="Ann"),
    "event_type": _change(SIGN_UP, event_type="sign_in"),
    "occurred_at": _change(SIGN_UP, occurred_at=NOON + timedelta(microseconds=1)),
    "properties": _change(SIGN_UP, properties={**SIGN_UP.properties, "seats": 4}),
    "fewer properties": _change(SIGN_UP, properties={"plan": "pro", "price": 12.5}),
}

_EQUAL_PROPERTIES: list[tuple[Properties, Properties]] = [
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ({"a": 1}, {"a": 1.0}),
    ({"a": 0}, {"a": -0.0}),
    ({"a": 2**53}, {"a": 2.0**53}),
    ({"a": 2**60}, {"a": 2.0**60}),
    ({"a": {"b": [1, {"c": 2, "d": 3}]}}, {"a": {"b": [1.0, {"d": 3.0, "c": 2}]}}),
]

_UNEQUAL_PROPERTIES: list[tuple[Properties, Properties]] = [
    ({"a": 1}, {"a": "1"}),
    ({"a": True}, {"a": 1}),
    ({"a": False}, {"a": 0}),
    ({"a": True}, {"a": "true"}),
    ({"a": None}, {}),
    ({"a": None}, {"a": "null"}),
    ({"a": None}, {"a": 0}),
    ({"a": ""}, {"a": None}),
    ({"a": []}, {"a": {}}),
    ({"a": [1, 2]}, {"a": [2, 1]}),
    ({"a": [1]}, {"a": [1, 1]}),
    ({"a": [1]}, {"a": 1}),
    ({"a.b": 1}, {"a": {"b": 1}}),
    ({"a": "A"}, {"a": "a"}),
    ({"a": "a"}, {"a": "a "}),
    ({"a": "ä"}, {"a": "a\N{COMBINING DIAERESIS}"}),
    ({"a": 2**53}, {"a": 2**53 + 1}),
    ({"a": 2**64 - 1}, {"a": 2**64 - 2}),
    ({"a": 0.1}, {"a": 0.1 + 2**-56}),
    ({"a": 5e-324}, {"a": 0}),
    ({"a": 1e300}, {"a": 1.0000000000000002e300}),
    ({"a": {"b": {"c": True}}}, {"a": {"b": {"c": 1}}}),
]

_INSTANTS = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2025, 8, 21, 12, 0, 0, 123456, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC),
    datetime(2300, 1, 1, tzinfo=UTC),
    datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]

_AT_THE_LIMITS: dict[str, Properties] = {
    "255 keys": {f"key {i}": i for i in range(255)},
    "8 levels": {"a": [[[[[[[1]]]]]]]},
    "32 kB of text": {"a": "x" * 32_000},
    "5,000 items": {"a": list(range(5_000))},
}


class EventStoreKeepingContract:
    """The rules of `append` and `get`."""

    async def test_a_new_event_is_created_and_found_again(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        assert list(await event_store.append(project, [SIGN_UP])) == [CREATED]
        await _assert_kept(event_store, project, SIGN_UP)

    async def test_an_unknown_id_is_not_found(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        await event_store.append(project, [SIGN_UP])
        assert await event_store.get(project, UUID(int=7)) is None

    async def test_an_empty_batch_stores_nothing(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        assert list(await event_store.append(project, [])) == []
        assert list(await event_store.list(project, EVERYTHING, limit=10)) == []

    async def test_a_repeated_id_is_stored_once(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        await event_store.append(project, [SIGN_UP])
        assert list(await event_store.append(project, [SIGN_UP])) == [DUPLICATE]
        assert len(await event_store.list(project, EVERYTHING, limit=10)) == 1

    async def test_the_time_of_receipt_is_no_content(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        again = _change(SIGN_UP, received_at=NOON + timedelta(days=1))
        await event_store.append(project, [SIGN_UP])
        assert list(await event_store.append(project, [again])) == [DUPLICATE]
        await _assert_kept(event_store, project, SIGN_UP)

    @pytest.mark.parametrize("part", _OTHER_CONTENTS)
    async def test_the_same_id_with_other_content_is_a_conflict_and_the_first_stays(
        self, event_store: EventStore, new_project: NewProject, part: str
    ) -> None:
        project = await new_project()
        await event_store.append(project, [SIGN_UP])
        assert list(await event_store.append(project, [_OTHER_CONTENTS[part]])) == [CONFLICT]
        await _assert_kept(event_store, project, SIGN_UP)

    async def test_within_a_batch_the_first_of_an_id_wins(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        other = _OTHER_CONTENTS["user_id"]
        later = _change(SIGN_UP, received_at=NOON + timedelta(microseconds=2))
        new = _change(SIGN_UP, event_id=UUID(int=3))
        verdicts = await event_store.append(project, [SIGN_UP, other, later, new, other])
        assert list(verdicts) == [CREATED, CONFLICT, DUPLICATE, CREATED, CONFLICT]
        await _assert_kept(event_store, project, SIGN_UP)

    async def test_a_batch_is_judged_by_what_was_stored_before_it(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        other = _OTHER_CONTENTS["event_type"]
        await event_store.append(project, [SIGN_UP])
        verdicts = await event_store.append(project, [other, SIGN_UP, other])
        assert list(verdicts) == [CONFLICT, DUPLICATE, CONFLICT]
        await _assert_kept(event_store, project, SIGN_UP)

    @pytest.mark.parametrize("known", [False, True], ids=["in one batch", "stored before"])
    @pytest.mark.parametrize(("one", "other"), _EQUAL_PROPERTIES)
    async def test_equal_json_is_the_same_content(
        self,
        event_store: EventStore,
        new_project: NewProject,
        one: Properties,
        other: Properties,
        known: bool,  # noqa: FBT001 - given by parametrize
    ) -> None:
        verdict = await _second_verdict(event_store, new_project, one, other, known=known)
        assert verdict is DUPLICATE

    @pytest.mark.parametrize("known", [False, True], ids=["in one batch", "stored before"])
    @pytest.mark.parametrize(("one", "other"), _UNEQUAL_PROPERTIES)
    async def test_unequal_json_is_other_content(
        self,
        event_store: EventStore,
        new_project: NewProject,
        one: Properties,
        other: Properties,
        known: bool,  # noqa: FBT001 - given by parametrize
    ) -> None:
        verdict = await _second_verdict(event_store, new_project, one, other, known=known)
        assert verdict is CONFLICT

    @rule
    @given(one=values, other=values)
    async def test_content_is_compared_as_json(
        self, event_store: EventStore, new_project: NewProject, one: JSONValue, other: JSONValue
    ) -> None:
        first, second = {"a": canonical(one)}, {"a": canonical(other)}
        verdict = await _second_verdict(event_store, new_project, first, second, known=True)
        assert verdict is (DUPLICATE if json_equal(first, second) else CONFLICT)

    async def test_projects_never_mix(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        one, other = await new_project(), await new_project()
        theirs = _OTHER_CONTENTS["user_id"]
        assert list(await event_store.append(one, [SIGN_UP])) == [CREATED]
        assert await event_store.get(other, SIGN_UP.event_id) is None
        assert list(await event_store.append(other, [theirs])) == [CREATED]
        assert list(await event_store.append(one, [SIGN_UP, theirs])) == [DUPLICATE, CONFLICT]
        assert list(await event_store.append(other, [SIGN_UP, theirs])) == [CONFLICT, DUPLICATE]
        await _assert_kept(event_store, one, SIGN_UP)
        await _assert_kept(event_store, other, theirs)

    @pytest.mark.parametrize("instant", _INSTANTS, ids=str)
    async def test_times_come_back_to_the_microsecond(
        self, event_store: EventStore, new_project: NewProject, instant: datetime
    ) -> None:
        project = await new_project()
        event = _change(SIGN_UP, occurred_at=instant, received_at=instant)
        await event_store.append(project, [event])
        await _assert_kept(event_store, project, event)

    @pytest.mark.parametrize("text", [*filter(None, TEXTS), "x" * 200, "\N{GRINNING FACE}" * 200])
    async def test_any_text_comes_back_as_it_was(
        self, event_store: EventStore, new_project: NewProject, text: str
    ) -> None:
        project = await new_project()
        event = _change(SIGN_UP, user_id=text, event_type=text, properties={text: text})
        await event_store.append(project, [event])
        await _assert_kept(event_store, project, event)

    @pytest.mark.parametrize("number", NUMBERS)
    async def test_any_number_comes_back_as_it_was(
        self, event_store: EventStore, new_project: NewProject, number: float
    ) -> None:
        project = await new_project()
        event = _change(SIGN_UP, properties={"a": canonical(number), "b": [canonical(number)]})
        await event_store.append(project, [event])
        await _assert_kept(event_store, project, event)

    @rule
    @given(given_properties=properties)
    async def test_any_properties_come_back_as_they_were(
        self, event_store: EventStore, new_project: NewProject, given_properties: Properties
    ) -> None:
        project = await new_project()
        event = _change(SIGN_UP, properties=given_properties)
        await event_store.append(project, [event])
        await _assert_kept(event_store, project, event)

    @pytest.mark.parametrize("limit", _AT_THE_LIMITS)
    async def test_properties_at_the_limits_come_back_as_they_were(
        self, event_store: EventStore, new_project: NewProject, limit: str
    ) -> None:
        project = await new_project()
        event = _change(SIGN_UP, properties=_AT_THE_LIMITS[limit])
        await event_store.append(project, [event])
        await _assert_kept(event_store, project, event)

    async def test_a_full_batch_gets_a_verdict_an_event(
        self, event_store: EventStore, new_project: NewProject
    ) -> None:
        project = await new_project()
        batch = [_change(SIGN_UP, event_id=UUID(int=i % 900)) for i in range(1_000)]
        verdicts = await event_store.append(project, batch)
        assert list(verdicts) == [CREATED] * 900 + [DUPLICATE] * 100
        assert len(await event_store.list(project, EVERYTHING, limit=1_001)) == 900


async def _second_verdict(
    event_store: EventStore,
    new_project: NewProject,
    one: Properties,
    other: Properties,
    *,
    known: bool,
) -> Verdict:
    project = await new_project()
    first, second = _change(SIGN_UP, properties=one), _change(SIGN_UP, properties=other)
    if known:
        await event_store.append(project, [first])
        verdicts = await event_store.append(project, [second])
    else:
        verdicts = await event_store.append(project, [first, second])
    await _assert_kept(event_store, project, first)
    return verdicts[-1]


async def _assert_kept(event_store: EventStore, project: ProjectId, event: Event) -> None:
    found = await event_store.get(project, event.event_id)
    assert found is not None
    assert_same_events([found], [event])
    listed = await event_store.list(project, EventFilter(user_id=event.user_id), limit=100)
    assert_same_events([one for one in listed if one.event_id == event.event_id], [event])
