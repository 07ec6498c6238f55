"""The rules of sessions behind `Insights`."""

from datetime import timedelta
from uuid import UUID, uuid5

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, Operator
from eventanalytics.domain.selection import UserPage
from eventanalytics.domain.sessions import (
    SessionsCell,
    SessionsQuery,
    count_sessions,
    sessions_users,
)
from eventanalytics.domain.time import DateRange, Interval
from eventanalytics.errors import InvalidQueryError
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.sessions import SessionsInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, project_of
from eventanalytics.testing.contracts.rules import NOON, SIGN_UP, NewProject, reference_of, rule
from eventanalytics.testing.sessions_strategies import (
    SessionsQuestion,
    session_logs,
    session_worlds,
    sessions_questions,
)
from eventanalytics.testing.strategies import event_logs

_OURS = UUID(int=0)
_WEEK = DateRange(NOON.date(), NOON.date() + timedelta(days=6))

_asked = session_worlds().flatmap(
    lambda drawn: st.builds(
        AskedWorld[SessionsQuestion],
        sessions_questions(drawn),
        session_logs(drawn),
        event_logs(drawn.world, max_size=3),
    )
)


class SessionsContract:
    """Sessions and the users behind them. Source: docs/semantics.md, "Sessions and paths".

    Answers are compared to the last bit of every float.
    """

    @rule
    @given(world=_asked)
    async def test_sessions_are_what_the_domain_counts(
        self,
        event_store: EventStore,
        insights: SessionsInsights,
        new_project: NewProject,
        world: AskedWorld[SessionsQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        query, now = world.query.query, world.query.now
        expected = count_sessions(query, await reference_of(world.log), now)
        found = await insights.sessions(project, query, now)
        assert repr(found) == repr(expected)

    @rule
    @given(world=_asked)
    async def test_the_users_of_a_sessions_cell_are_those_that_the_domain_names(
        self,
        event_store: EventStore,
        insights: SessionsInsights,
        new_project: NewProject,
        world: AskedWorld[SessionsQuestion],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        asked = world.query
        users = sessions_users(asked.query, asked.cell, await reference_of(world.log), asked.now)
        found = await insights.sessions_users(
            project, asked.query, asked.cell, asked.now, after=asked.after, limit=asked.limit
        )
        assert found == UserPage.of(users, after=asked.after, limit=asked.limit)

    async def test_a_new_project_has_every_bucket_without_sessions(
        self, insights: SessionsInsights, new_project: NewProject
    ) -> None:
        query = SessionsQuery(range=_WEEK)
        found = await insights.sessions(await new_project(), query, NOON)
        assert found == count_sessions(query, [], NOON)
        assert len(found.figures) == 7

    @pytest.mark.parametrize("gap_seconds", [1799, 1800, 1801])
    async def test_a_gap_of_exactly_the_bound_goes_on(
        self,
        event_store: EventStore,
        insights: SessionsInsights,
        new_project: NewProject,
        gap_seconds: int,
    ) -> None:
        half_hours = _events(*(timedelta(minutes=30 * n) for n in range(5)))
        project = await project_of(event_store, new_project, half_hours, [])
        query = SessionsQuery(range=_WEEK, gap_seconds=gap_seconds)
        found = await insights.sessions(project, query, NOON)
        assert found.total.sessions == (5 if gap_seconds < 1800 else 1)

    async def test_users_who_never_rest_have_a_session_a_day(
        self, event_store: EventStore, insights: SessionsInsights, new_project: NewProject
    ) -> None:
        """Long runs of several users, each with its own beginning, beside ordinary sessions."""
        log: list[Event] = []
        for number, user_id in enumerate(("ann", "Ann", "b", "never")):
            minutes = 7 + number if user_id != "never" else 29
            steps = 5 * 24 * 60 // minutes
            log += _events(
                *(timedelta(minutes=number + minutes * n) for n in range(steps)), user_id=user_id
            )
        log += _events(timedelta(hours=1), timedelta(hours=40), user_id="now and then")
        project = await project_of(event_store, new_project, log, [])
        for interval in (Interval.HOUR, Interval.DAY):
            query = SessionsQuery(range=_WEEK, interval=interval)
            found = await insights.sessions(project, query, NOON)
            assert found == count_sessions(query, log, NOON)
            assert found.total.sessions == 22
        bounced = await insights.sessions_users(
            project, query, SessionsCell(bounces=True), NOON, after=None, limit=10
        )
        assert bounced == UserPage(("now and then",), 1)

    async def test_a_long_run_is_cut_among_the_events_that_count(
        self, event_store: EventStore, insights: SessionsInsights, new_project: NewProject
    ) -> None:
        """Beside them the user has events of another type, and others in another project."""
        times = [timedelta(minutes=7 * n) for n in range(1000)]
        between = [timedelta(minutes=30 * n) for n in range(240)]
        views, pings, elsewhere = _events(*times), _events(*between), _events(*between)
        pings = [
            msgspec.structs.replace(event, event_id=uuid5(event.event_id, ""), event_type="ping")
            for event in pings
        ]
        project = await project_of(event_store, new_project, [*views, *pings], elsewhere)
        where = (Condition("$event_type", Operator.NEQ, "ping"),)
        query = SessionsQuery(range=_WEEK, interval=Interval.HOUR, where=where)
        found = await insights.sessions(project, query, NOON)
        assert found == count_sessions(query, views, NOON)
        assert (found.total.sessions, found.total.events) == (5, 1000)

    async def test_the_users_of_a_bucket_have_a_session_that_begins_in_it(
        self, event_store: EventStore, insights: SessionsInsights, new_project: NewProject
    ) -> None:
        """One at the first instant of a day, one at its last; each goes on for a minute."""
        half, tick = timedelta(hours=12), timedelta(microseconds=1)
        begins = {"first": half, "last": half * 3 - tick, "next": half * 3, "before": half - tick}
        log = [
            event
            for user_id, after in begins.items()
            for event in _events(after, after + timedelta(minutes=1), user_id=user_id)
        ]
        project = await project_of(event_store, new_project, log, [])
        found = [
            await insights.sessions_users(
                project,
                SessionsQuery(range=_WEEK),
                SessionsCell(bucket=bucket),
                NOON,
                after=None,
                limit=10,
            )
            for bucket in range(4)
        ]
        assert [page.users for page in found] == [("before",), ("first", "last"), ("next",), ()]

    async def test_users_of_bounces_have_a_session_of_one_event_page_by_page(
        self, event_store: EventStore, insights: SessionsInsights, new_project: NewProject
    ) -> None:
        """Two events at one instant are no bounce; pages are in the order of code points."""
        names = ["a", "B", "ä", "_", "Z", "ﬀ", "\N{GRINNING FACE}", "aa", "1", "01"]
        start = timedelta()
        log = [event for name in names for event in _events(start, user_id=name)]
        log += _events(start, start, user_id="twice")
        project = await project_of(event_store, new_project, log, [])
        query, cell = SessionsQuery(range=_WEEK), SessionsCell(bounces=True)
        for after in (None, *names):
            found = await insights.sessions_users(project, query, cell, NOON, after=after, limit=3)
            assert found == UserPage.of(tuple(sorted(names)), after=after, limit=3)

    async def test_a_sessions_cell_that_the_answer_has_not_is_refused(
        self, insights: SessionsInsights, new_project: NewProject
    ) -> None:
        with pytest.raises(InvalidQueryError):
            await insights.sessions_users(
                await new_project(),
                SessionsQuery(range=_WEEK),
                SessionsCell(bucket=7),
                NOON,
                after=None,
                limit=1,
            )


def _events(*after: timedelta, user_id: str = "ann") -> list[Event]:
    """Return events so long after noon, each with its own id."""
    return [
        msgspec.structs.replace(
            SIGN_UP,
            event_id=uuid5(_OURS, f"{user_id} {number}"),
            user_id=user_id,
            occurred_at=NOON + step,
        )
        for number, step in enumerate(after)
    ]
