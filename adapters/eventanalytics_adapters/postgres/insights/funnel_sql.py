"""Funnels as SQL: the texts of ``queries/funnel*.sql``, put together for one question."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from psycopg import sql

from eventanalytics.domain.breakdowns import Group, GroupKind
from eventanalytics.domain.events import ProjectId
from eventanalytics.domain.funnel_query import (
    Attribution,
    FunnelCell,
    FunnelOrder,
    FunnelOutcome,
    FunnelQuery,
)
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters
from eventanalytics_adapters.postgres.insights.funnel_plain import (
    TIED_USERS,
    is_plain,
    name,
    plain_ctes,
    plain_journeys,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NOTHING: Final = sql.SQL("'null'::jsonb")
_TRUE: Final = sql.SQL("TRUE")


def is_countable(query: FunnelQuery) -> bool:
    """Tell whether SQL can count *query*.

    Steps in any order are a matching, which has no form in SQL; but where no event can take two of
    them, to have done a step is to have seen an event of it. An exclusion between such steps holds
    from and until moments that no window function finds.
    """
    if query.order is not FunnelOrder.UNORDERED:
        return True
    types = {step.event for step in query.steps}
    return len(types) == len(query.steps) and None not in types and not query.exclusions


class FunnelSQL:
    """The statements of one question. Every value in them travels in `parameters`."""

    def __init__(self, query: FunnelQuery, project: ProjectId, now: datetime) -> None:
        self._query, self._filters = query, Filters(query.where)
        within, breakdown = query.within(), query.breakdown
        self._own: Mapping[str, object] = {
            "project_id": project,
            "since": within.since,
            "until": within.until,
            "horizon": query.reach().until,
            "window_microseconds": query.window // _MICROSECOND,
            "now_microseconds": (now - _EPOCH) // _MICROSECOND,
            "steps": len(query.steps),
            "groups": 0 if breakdown is None else breakdown.limit,
            "attribution": None if breakdown is None else breakdown.attribution.value,
            "step": None if breakdown is None else breakdown.step,
        }

    @property
    def parameters(self) -> Mapping[str, object]:
        """The values of the placeholders of every statement made so far."""
        return {**self._own, **self._filters.parameters}

    def count(self) -> sql.Composed:
        """Return the statement that counts the users of each step."""
        breakdown = self._query.breakdown
        if breakdown is None:
            ctes = [*self._ungrouped(), ("placed", queries.FUNNEL_PLACED_AT_ONE.format())]
        elif breakdown.attribution is Attribution.ALL:
            tracks = queries.FUNNEL_TRACKS_BY_VALUE.format()
            placed = queries.FUNNEL_PLACED_BY_TRACK.format()
            ctes = [*self._journeys(tracks), ("placed", placed)]
        else:
            ctes = [*self._valued(), ("placed", queries.FUNNEL_PLACED_BY_VALUE.format())]
        return queries.FUNNEL.format(journeys=_with(ctes))

    def users(self, cell: FunnelCell) -> sql.Composed:
        """Return the statement that lists the users of *cell*."""
        tests, breakdown = [self._outcome(cell)], self._query.breakdown
        if breakdown is None or cell.group.kind is GroupKind.ALL:
            source, ctes = "journey", list(self._ungrouped())
        elif breakdown.attribution is Attribution.ALL:
            tracks = self.tracks_of(cell.group)
            source, ctes = "journey", list(self._journeys(tracks))
            tests.append(self._place(cell.group))
        elif cell.group.kind is GroupKind.OTHER:
            placed = queries.FUNNEL_PLACED_BY_VALUE.format()
            source, ctes = "placed", [*self._valued(), ("placed", placed)]
            tests.append(self._place(cell.group))
        else:
            source, ctes = "valued", list(self._valued())
            tests.append(sql.SQL("value = {}").format(self._filters.json(cell.group.value)))
        return queries.FUNNEL_USERS.format(
            journeys=_with(ctes),
            source=sql.Identifier(source),
            cell=sql.SQL(" AND ").join(tests),
        )

    def stream(self, tracks: sql.Composable | None = None) -> sql.Composed:
        """Return the statement that gives every event that matters, track by track, in order."""
        ctes = [("moment", self._moments()), ("track", tracks or queries.FUNNEL_TRACK.format())]
        return queries.FUNNEL_STREAM.format(
            tracks=_with(ctes),
            steps=_flags("step", len(self._query.steps)),
            exclusions=_flags("exclusion", len(self._query.exclusions)),
        )

    def tracks_of(self, group: Group) -> sql.Composable:
        """Return the tracks that the users of *group* are in, where each value has its own."""
        if group.kind is GroupKind.OTHER:
            return queries.FUNNEL_TRACKS_BY_VALUE.format()
        return queries.FUNNEL_TRACK_OF_VALUE.format(value=self._filters.json(group.value))

    def _ungrouped(self) -> Iterator[tuple[str, sql.Composable]]:
        """Yield the journeys of all users, the quickest way."""
        if not is_plain(self._query):
            yield from self._journeys()
            return
        yield from plain_ctes(self._query, self._filters)
        yield from self._attempts(queries.FUNNEL_TRACK.format(), only=TIED_USERS)
        yield "journey", plain_journeys(self._query)

    def _journeys(
        self, tracks: sql.Composable | None = None
    ) -> Iterator[tuple[str, sql.Composable]]:
        yield from self._attempts(tracks or queries.FUNNEL_TRACK.format())
        yield "journey", queries.FUNNEL_JOURNEYS.format()

    def _attempts(
        self, tracks: sql.Composable, only: sql.Composable = _TRUE
    ) -> Iterator[tuple[str, sql.Composable]]:
        unordered = self._query.order is FunnelOrder.UNORDERED
        yield "moment", self._moments(only)
        yield "track", tracks
        yield "ranked", queries.FUNNEL_RANKS.format()
        yield "attempt", self._attempts_in_any_order() if unordered else self._attempts_in_order()

    def _valued(self) -> Iterator[tuple[str, sql.Composable]]:
        yield from self._journeys()
        yield "valued", queries.FUNNEL_VALUED.format()

    def _moments(self, only: sql.Composable = _TRUE) -> sql.Composable:
        query, filters = self._query, self._filters
        steps = [filters.selection(step) for step in query.steps]
        exclusions = [filters.selection(exclusion) for exclusion in query.exclusions]
        begins = steps if query.order is FunnelOrder.UNORDERED else steps[:1]
        flags = [
            sql.SQL("({}) IS TRUE AS {}").format(test, name(kind, number))
            for kind, tests in (("step", steps), ("exclusion", exclusions))
            for number, test in enumerate(tests, start=1)
        ]
        strict = query.order is FunnelOrder.STRICT
        value = None if query.breakdown is None else filters.group(query.breakdown.property)
        return queries.FUNNEL_MOMENTS.format(
            begins=sql.SQL("({}) IS TRUE").format(_any(begins)),
            flags=sql.SQL(",\n       ").join(flags),
            value=value or _NOTHING,
            filters=filters.expression,
            matters=_TRUE if strict else _any([*steps, *exclusions]),
            only=only,
        )

    def _attempts_in_order(self) -> sql.Composable:
        steps = len(self._query.steps)
        chains: sql.Composable = sql.SQL("SELECT * FROM ranked")
        for reached in range(steps - 1, 0, -1):
            rest = sql.SQL("NULL::bigint[]") if reached == steps - 1 else name("chain", reached + 1)
            chains = queries.FUNNEL_CHAIN.format(
                chain=name("chain", reached),
                taken=self._taken(reached),
                concerns=self._concerns(reached),
                rest=rest,
                steps=chains,
            )
        within = sql.SQL(
            "coalesce((chain_1[{}] <= at + %(window_microseconds)s::bigint)::integer, 0)"
        )
        in_time = sql.SQL(" + ").join(within.format(2 * number) for number in range(1, steps))
        return queries.FUNNEL_ATTEMPTS_IN_ORDER.format(reached=in_time, chains=chains)

    def _taken(self, reached: int) -> sql.Composable:
        """Return whether an event takes the step after *reached* ones."""
        taken = name("step", reached + 1)
        past = [
            name("exclusion", number)
            for number, one in enumerate(self._query.exclusions, start=1)
            if one.from_step <= reached < one.to_step - 1
        ]
        return sql.SQL("{} AND NOT {}").format(taken, _any(past)) if past else taken

    def _concerns(self, reached: int) -> sql.Composable:
        """Return whether an attempt that has reached so many steps takes note of an event."""
        if self._query.order is FunnelOrder.STRICT:
            return _TRUE
        ends = [
            name("exclusion", number)
            for number, one in enumerate(self._query.exclusions, start=1)
            if one.from_step <= reached < one.to_step
        ]
        return _any([name("step", reached + 1), *ends])

    def _attempts_in_any_order(self) -> sql.Composable:
        numbers = range(1, len(self._query.steps) + 1)
        first = sql.SQL("max(ARRAY[rank, at]) FILTER (WHERE {}) OVER onwards AS {}")
        firsts = [first.format(name("step", i), name("first", i)) for i in numbers]
        item = sql.SQL("{}[{}]")
        return queries.FUNNEL_ATTEMPTS_IN_ANY_ORDER.format(
            ranks=sql.SQL(", ").join(item.format(name("first", i), 1) for i in numbers),
            times=sql.SQL(", ").join(item.format(name("first", i), 2) for i in numbers),
            firsts=queries.FUNNEL_FIRSTS.format(firsts=sql.SQL(", ").join(firsts)),
        )

    def _outcome(self, cell: FunnelCell) -> sql.Composable:
        match cell.outcome:
            case FunnelOutcome.REACHED:
                return sql.SQL("best[1] >= {}").format(cell.step)
            case FunnelOutcome.DROPPED:
                return sql.SQL("best[1] = {}").format(cell.step - 1)
            case FunnelOutcome.OPEN:
                return sql.SQL(
                    "best[1] < %(steps)s::integer AND %(now_microseconds)s::bigint - latest_start"
                    " <= %(window_microseconds)s::bigint"
                )

    def _place(self, group: Group) -> sql.Composable:
        is_other = group.kind is GroupKind.OTHER
        return sql.SQL("place = %(groups)s::integer + 1") if is_other else sql.SQL("place = 0")


def _any(tests: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" OR ").join(tests))


def _flags(kind: str, count: int) -> sql.Composable:
    names = sql.SQL(", ").join(name(kind, number) for number in range(1, count + 1))
    return sql.SQL("ARRAY[{}]::boolean[]").format(names)


def _with(ctes: Sequence[tuple[str, sql.Composable]]) -> sql.Composable:
    one = sql.SQL("{} AS (\n{}\n)")
    return sql.SQL(", ").join(one.format(sql.Identifier(cte), text) for cte, text in ctes)
