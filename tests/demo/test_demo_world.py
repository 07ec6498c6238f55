"""The made-up world: the same on every machine, and as docs/demo-data.md says it is."""

import hashlib
import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import chain, pairwise
from uuid import RFC_4122

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event, ProjectId, Submission, Verdict
from eventanalytics.memory import FixedClock, InMemoryEventStore
from eventanalytics.usecases.record_events import RecordEvents
from eventanalytics_adapters.demo import FORMATS, MAX_DAYS, Delivery, World, deliveries, lines
from eventanalytics_adapters.demo.people import Population, user
from eventanalytics_adapters.demo.properties import PROPERTIES, cents, money
from eventanalytics_adapters.demo.visits import MAX_EVENTS, STEPS, visit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEGAN = datetime(2025, 7, 3, tzinfo=UTC)

small_worlds = st.builds(
    World,
    events=st.integers(1, 400),
    seed=st.integers(-(2**70), 2**70),
    days=st.integers(1, 40),
    last_day=st.dates(date(1980, 1, 1), date(2030, 1, 1)),
)


def all_of(world: World) -> list[Delivery]:
    return list(chain.from_iterable(deliveries(world)))


def submission(delivery: Delivery) -> Submission:
    _, event_id, occurred_at, user_id, event_type, properties, _ = delivery
    return msgspec.convert(
        {
            "event_id": event_id,
            "occurred_at": occurred_at,
            "user_id": user_id,
            "event_type": event_type,
            "properties": json.loads(properties),
        },
        Submission,
    )


@pytest.fixture(scope="module")
def arrived() -> list[Delivery]:
    return all_of(World(events=60_000, seed=7))


@pytest.fixture(scope="module")
def events(arrived: list[Delivery]) -> list[Event]:
    return [submission(one).received(BEGAN) for one in arrived if not one[-1]]


@pytest.mark.parametrize(
    ("world", "suffix", "digest"),
    [
        (
            World(events=3000, seed=7),
            ".csv",
            "6272a9f17ad7e1df2b10fa9f95dc34ecf25df371a10409ebd6c1911bc669c970",
        ),
        (
            World(events=3000, seed=7),
            ".ndjson",
            "de9a0d4ccd7502815d89512ec9e99e46ee1a1393bd6ff7f118f64df5f5d6967b",
        ),
        (
            World(events=500, seed=8, days=3, last_day=date(2024, 2, 29)),
            ".csv",
            "259692ca588c42d425051ac506f83a38ea588ef85f3ce224d527f9f6b080286e",
        ),
    ],
)
def test_the_bytes_are_the_same_everywhere(world: World, suffix: str, digest: str) -> None:
    form = FORMATS[suffix]
    text = form.header.encode() + b"".join(lines(form, hour) for hour in deliveries(world))
    assert hashlib.sha256(text).hexdigest() == digest


@given(world=small_worlds)
def test_there_are_as_many_events_as_asked_for_within_the_days(world: World) -> None:
    arrived = all_of(world)
    assert len({one[1] for one in arrived}) == world.events
    assert sum(not again for *_, again in arrived) == world.events
    days = {submission(one).occurred_at.date() for one in arrived}
    assert world.first_day <= min(days)
    assert max(days) <= world.last_day


@given(world=small_worlds)
def test_what_is_delivered_again_is_the_same_and_was_there(world: World) -> None:
    seen: dict[str, tuple[object, ...]] = {}
    for _, event_id, *content, again in all_of(world):
        assert again == (event_id in seen)
        assert seen.setdefault(event_id, tuple(content)) == tuple(content)


@given(world=small_worlds)
def test_deliveries_are_in_the_order_of_their_arrival_and_never_early(world: World) -> None:
    arrived = all_of(world)
    assert all(one[0] <= other[0] for one, other in pairwise(arrived))
    began = datetime.combine(world.first_day, datetime.min.time(), UTC)
    for one in arrived:
        assert began + timedelta(milliseconds=one[0]) >= submission(one).occurred_at


async def test_a_store_keeps_each_event_once_and_refuses_none(arrived: list[Delivery]) -> None:
    record = RecordEvents(InMemoryEventStore(), FixedClock(NOW))
    some = arrived[:5000]
    receipt = await record(ProjectId(1), [submission(one) for one in some])
    again = sum(one[-1] for one in some)
    assert receipt.rejected == 0
    assert receipt.count(Verdict.DUPLICATE) == again > 20
    assert receipt.count(Verdict.CREATED) == len(some) - again


@pytest.mark.parametrize(
    "other",
    [
        World(events=301, seed=7),
        World(events=300, seed=8),
        World(events=300, seed=7, days=89),
        World(events=300, seed=7, last_day=date(2025, 9, 29)),
    ],
)
def test_other_options_make_events_with_other_ids(other: World) -> None:
    world = World(events=300, seed=7)
    assert not {one[1] for one in all_of(world)} & {one[1] for one in all_of(other)}


def test_ids_are_random_uuids(events: list[Event]) -> None:
    assert {event.event_id.version for event in events} == {4}
    assert {event.event_id.variant for event in events} == {RFC_4122}


def test_shares_of_late_and_repeated_deliveries(arrived: list[Delivery]) -> None:
    first = [one for one in arrived if not one[-1]]
    late = sum(
        BEGAN + timedelta(milliseconds=one[0]) > submission(one).occurred_at for one in first
    )
    assert late / len(first) == pytest.approx(20 / 1024, rel=0.1)
    assert (len(arrived) - len(first)) / len(first) == pytest.approx(10 / 1024, rel=0.15)


def test_the_funnel_loses_users_at_the_known_rates(events: list[Event]) -> None:
    users = [len({e.user_id for e in events if e.event_type == step}) for step in STEPS]
    shares = [reached / users[0] for reached in users]
    assert shares == pytest.approx([1, 0.8, 0.4, 0.24, 0.18], abs=0.03)


def test_in_the_first_session_a_user_goes_as_far_as_ever(events: list[Event]) -> None:
    first: dict[str, set[str]] = defaultdict(set)
    ever: dict[str, set[str]] = defaultdict(set)
    session: dict[str, object] = {}
    for event in sorted(events, key=lambda event: event.occurred_at):
        if event.event_type == "sign_up":
            session[event.user_id] = event.properties["session_id"]
    for event in events:
        if event.event_type in STEPS:
            ever[event.user_id].add(event.event_type)
            if event.properties["session_id"] == session.get(event.user_id):
                first[event.user_id].add(event.event_type)
    # The last session of the world may be cut short.
    assert sum(first[user_id] != steps for user_id, steps in ever.items()) <= 1


def test_users_come_back_ever_less_often(events: list[Event]) -> None:
    joined = {e.user_id: e.occurred_at for e in events if e.event_type == "sign_up"}
    back: dict[int, set[str]] = defaultdict(set)
    for event in events:
        # Those who joined in the first four weeks can be watched for nine.
        if joined[event.user_id] < BEGAN + timedelta(days=28):
            week = (event.occurred_at - joined[event.user_id]) // timedelta(days=7)
            back[week].add(event.user_id)
    counts = [len(back[week]) for week in (0, 1, 3, 8)]
    assert counts == sorted(counts, reverse=True)
    assert counts[1] / counts[0] > 0.4
    assert 0.1 < counts[3] / counts[0] < 0.35


def test_few_users_make_most_of_the_events(events: list[Event]) -> None:
    amounts = sorted(Counter(event.user_id for event in events).values(), reverse=True)
    assert sum(amounts[: len(amounts) // 10]) > 0.3 * len(events)


def test_days_and_weeks_have_their_rhythm(events: list[Event]) -> None:
    hours = Counter(event.occurred_at.hour for event in events)
    assert max(hours, key=hours.__getitem__) in {19, 20, 21}
    assert hours[20] > 5 * hours[3]
    weekdays = Counter(event.occurred_at.weekday() for event in events)
    assert max(weekdays[5], weekdays[6]) < 0.85 * min(weekdays[day] for day in range(5))


def test_properties_are_missing_null_nested_and_of_mixed_types(events: list[Event]) -> None:
    countries = Counter(event.properties.get("country", "missing") for event in events)
    assert {"UA", "PL", None, "missing"} <= countries.keys()
    assert {type(e.properties["code"]) for e in events if e.event_type == "error"} == {
        int,
        str,
        type(None),
    }
    views = [event.properties for event in events if event.event_type == "view_item"]
    assert all(isinstance(view["price"], int | float) for view in views)
    assert all(view["item"]["id"].startswith("SKU") for view in views)
    assert {event.event_type for event in events} == PROPERTIES.keys()


@given(
    number=st.integers(0, 10**9), salt=st.integers(0, 2**64 - 1), chance=st.integers(0, 2**32 - 1)
)
def test_a_session_is_never_longer_than_it_may_be(number: int, salt: int, chance: int) -> None:
    for is_first in (True, False):
        types = visit(user(number, salt), chance, is_first=is_first)
        assert 1 <= len(types) <= MAX_EVENTS
        steps = [STEPS.index(one) + 1 for one in types if one in STEPS]
        assert steps == sorted(steps)
        assert max(steps) <= user(number, salt).reach


@given(amount=st.integers(0, 10**7))
def test_money_is_the_shortest_json_number(amount: int) -> None:
    assert money(amount) == json.dumps(amount / 100).removesuffix(".0")


def test_prices_are_positive() -> None:
    assert min(map(cents, range(512))) > 0


def test_a_population_of_any_size_is_shared_out_in_full() -> None:
    for amount in (1, 7, 33, 1000, 10_001):
        people = Population(events=amount, days=9, weekday=3)
        assert people.events[-1] == amount
        assert people.joined[-1] == max(1, amount // 33)


@pytest.mark.parametrize(
    ("events", "days", "last_day"),
    [
        (0, 1, date(2025, 1, 1)),
        (1, 0, date(2025, 1, 1)),
        (1, MAX_DAYS + 1, date(2025, 1, 1)),
        (1, 2, date(1971, 1, 1)),
    ],
)
def test_a_world_has_events_and_days_after_1970(events: int, days: int, last_day: date) -> None:
    with pytest.raises(ValueError, match="a world"):
        World(events=events, seed=1, days=days, last_day=last_day)
