"""Every question: where the API takes it, and how a container answers it with the same bytes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from eventanalytics.domain import SEMANTICS_VERSION
from eventanalytics.domain.events import ProjectId
from eventanalytics_adapters.container import Container
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.parameters import Asked, Parameters
from eventanalytics_adapters.http.schemas import DailyUsersOut, TopEventsOut
from eventanalytics_adapters.http.wire.answers import Asking, Circumstances
from eventanalytics_adapters.http.wire.funnel import FunnelBody, FunnelOut
from eventanalytics_adapters.http.wire.lifecycle import LifecycleBody, LifecycleOut
from eventanalytics_adapters.http.wire.parts import in_names_of_bodies
from eventanalytics_adapters.http.wire.paths import PathsBody, PathsOut
from eventanalytics_adapters.http.wire.retention import RetentionBody, ReturnsOut
from eventanalytics_adapters.http.wire.sessions import SessionsBody, SessionsOut
from eventanalytics_adapters.http.wire.shapes import read_body
from eventanalytics_adapters.http.wire.stickiness import StickinessBody, StickinessOut
from eventanalytics_adapters.http.wire.trends import TrendsBody, TrendsOut

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One kind of question. What is asked is the body of a POST, or the parameters of a GET."""

    path: str
    is_body: bool
    check: Callable[[bytes], object]
    """Pass what has a meaning; raises `InvalidQueryError` for what has none."""
    answer: Callable[[Container, ProjectId, bytes], Awaitable[bytes]]
    """Return the answer as the API sends it; raises `InvalidQueryError` like `check`."""


def _query(
    kind: str,
    body: type[Asking[Q]],
    count: Callable[[Container], Callable[[ProjectId, Q], Awaitable[A]]],
    out: Callable[[Q, A, Circumstances], msgspec.Struct],
) -> Question:
    def read(asked: bytes) -> Q:
        return read_body(asked, body).to_domain()

    async def answer(container: Container, project: ProjectId, asked: bytes) -> bytes:
        now = container.clock().now()
        query = read(asked)
        with in_names_of_bodies():
            found = await count(container)(project, query)
        when: Circumstances = {"semantics_version": SEMANTICS_VERSION, "computed_at": now}
        return msgspec.json.encode(out(query, found, when))

    return Question(path=f"/api/v1/query/{kind}", is_body=True, check=read, answer=answer)


def _statistic(
    kind: str,
    parameters: Parameters,
    read: Callable[[Asked], Q],
    count: Callable[[Container], Callable[[ProjectId, Q], Awaitable[A]]],
    out: Callable[[Q, A], msgspec.Struct],
) -> Question:
    def check(asked: bytes) -> Q:
        return read(parameters.read(asked))

    async def answer(container: Container, project: ProjectId, asked: bytes) -> bytes:
        query = check(asked)
        return msgspec.json.encode(out(query, await count(container)(project, query)))

    return Question(path=f"/api/v1/stats/{kind}", is_body=False, check=check, answer=answer)


QUESTIONS: Final[Mapping[str, Question]] = {
    "trends": _query("trends", TrendsBody, lambda to: to.count_trends(), TrendsOut.of),
    "funnel": _query("funnel", FunnelBody, lambda to: to.count_funnel(), FunnelOut.of),
    "retention": _query("retention", RetentionBody, lambda to: to.count_retention(), ReturnsOut.of),
    "lifecycle": _query(
        "lifecycle", LifecycleBody, lambda to: to.count_lifecycle(), LifecycleOut.of
    ),
    "stickiness": _query(
        "stickiness", StickinessBody, lambda to: to.count_stickiness(), StickinessOut.of
    ),
    "sessions": _query("sessions", SessionsBody, lambda to: to.count_sessions(), SessionsOut.of),
    "paths": _query("paths", PathsBody, lambda to: to.count_paths(), PathsOut.of),
    "dau": _statistic(
        "dau",
        queries.OF_DAILY_USERS,
        queries.daily_users_query,
        lambda to: to.count_daily_users(),
        DailyUsersOut.from_domain,
    ),
    "top": _statistic(
        "top-events",
        queries.OF_TOP_EVENTS,
        queries.top_events_query,
        lambda to: to.rank_event_types(),
        TopEventsOut.from_domain,
    ),
}
"""By the names of their commands."""
