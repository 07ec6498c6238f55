"""Funnels that SQL cannot count, from a stream of the events that matter, ordered by user.

Memory holds the events of one user, and eight bytes for each step that each user reached; for a
list of users, the users of the cell.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from eventanalytics.domain.breakdowns import ALL, OTHER, Group, biggest, group_of_value
from eventanalytics.domain.funnel import Funnel, funnel, group_of_journey, is_in
from eventanalytics.domain.funnel_attempts import Journey, Moment, journey_of
from eventanalytics.domain.funnel_query import Attribution, FunnelCell, FunnelQuery
from eventanalytics.domain.funnel_tallies import Tallies
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.errors import translated
from eventanalytics_adapters.postgres.insights.funnel_sql import FunnelSQL

_ROWS_AT_ONCE = 5_000


class FunnelStream:
    """The journeys of the users, track by track."""

    def __init__(self, pool: AsyncConnectionPool, statements: FunnelSQL) -> None:
        self._pool, self._statements = pool, statements

    def tracks_of(self, group: Group) -> sql.Composable:
        """Return the tracks that the users of *group* are in, where each value has its own."""
        return self._statements.tracks_of(group)

    async def journeys(
        self, query: FunnelQuery, tracks: sql.Composable | None = None
    ) -> AsyncIterator[tuple[int, Journey]]:
        """Yield each journey with the place of its track, users in the order of code points."""
        async for user_id, place, moments in self._moments(tracks):
            journey = journey_of(query, user_id, moments)
            if journey is not None:
                yield place, journey

    async def _moments(
        self, tracks: sql.Composable | None
    ) -> AsyncIterator[tuple[str, int, Sequence[Moment]]]:
        """Yield the user, the place and the moments of each track."""
        statement = self._statements.stream(tracks)
        track: tuple[str, int] | None = None
        moments: list[Moment] = []
        with translated():
            # A cursor of the server lives in a transaction; one statement sees one state.
            async with (
                self._pool.connection() as connection,
                connection.transaction(),
                connection.cursor(name="funnel") as cursor,
            ):
                cursor.itersize = _ROWS_AT_ONCE
                await cursor.execute(statement, self._statements.parameters, binary=True)
                async for user_id, place, at, steps, exclusions, value in cursor:
                    if track is not None and track != (user_id, place):
                        yield (*track, moments)
                        moments = []
                    track = (user_id, place)
                    moments.append(
                        Moment(
                            occurred_at=at.astimezone(UTC),
                            steps=_true(steps),
                            exclusions=_true(exclusions),
                            group=group_of_value(value),
                        )
                    )
        if track is not None:
            yield (*track, moments)


async def count_stream(query: FunnelQuery, stream: FunnelStream, now: datetime) -> Funnel:
    """Return what `domain.funnel.count_funnel` does."""
    breakdown = query.breakdown
    everybody, open_attempts = Tallies(), 0
    by_group: dict[Group, Tallies] = defaultdict(Tallies)
    by_track = breakdown is not None and breakdown.attribution is Attribution.ALL
    tracks = queries.FUNNEL_TRACKS_BY_VALUE.format() if by_track else None
    async for place, journey in stream.journeys(query, tracks):
        if place == 0:
            everybody.add(journey)
            open_attempts += journey.is_open(query, now)
        if breakdown is None or (by_track and place == 0):
            continue
        if not by_track:
            by_group[group_of_journey(journey, breakdown)].add(journey)
        else:
            is_shown = place <= breakdown.limit
            by_group[journey.reached[0].group if is_shown else OTHER].add(journey)
    shown = {ALL: everybody}
    if breakdown is not None:
        shown |= _shown(by_group, breakdown.limit)
    return funnel(
        query,
        {group: tallies.steps() for group, tallies in shown.items()},
        open_attempts=open_attempts,
    )


async def users_of_stream(
    query: FunnelQuery, cell: FunnelCell, stream: FunnelStream, now: datetime
) -> Sequence[str]:
    """Return what `domain.funnel.funnel_users` does."""
    breakdown, group = query.breakdown, cell.group
    tracks, wanted_place = None, 0
    by_track = breakdown is not None and breakdown.attribution is Attribution.ALL
    if breakdown is not None and by_track and group != ALL:
        tracks = stream.tracks_of(group)
        wanted_place = breakdown.limit + 1 if group == OTHER else 0
    sizes: dict[Group, int] = defaultdict(int)
    found: list[tuple[Group, str]] = []
    async for place, journey in stream.journeys(query, tracks):
        own = group
        if breakdown is not None and not by_track and group != ALL:
            own = group_of_journey(journey, breakdown)
            sizes[own] += 1
        if place == wanted_place and is_in(cell, journey, query, now):
            found.append((own, journey.user_id))
    if breakdown is not None and sizes and group == OTHER:
        kept = biggest(sizes, breakdown.limit)
        return [user_id for own, user_id in found if own not in kept]
    return [user_id for own, user_id in found if own == group]


def _shown(by_group: dict[Group, Tallies], limit: int) -> dict[Group, Tallies]:
    """Return the biggest groups in order, and all others as one."""
    sizes = {group: tallies.users for group, tallies in by_group.items() if group != OTHER}
    kept = biggest(sizes, limit)
    other = Tallies()
    for group, tallies in by_group.items():
        if group not in kept:
            other.merge(tallies)
    shown = {group: by_group[group] for group in kept}
    return {**shown, OTHER: other} if other.users else shown


def _true(flags: Sequence[bool]) -> frozenset[int]:
    return frozenset(index for index, flag in enumerate(flags) if flag)
