"""Funnels of plain, different event types in order: the common kind, answered from one index.

The index of types knows when each user did each step, and not in which order two events of one
instant stand. So users who met two steps at one instant are counted again, from their events.
"""

from collections.abc import Iterator
from functools import reduce
from typing import Final

from psycopg import sql

from eventanalytics.domain.funnel_query import FunnelOrder, FunnelQuery
from eventanalytics_adapters.postgres import queries
from eventanalytics_adapters.postgres.filters import Filters

TIED_USERS: Final = sql.SQL("user_id = ANY (ARRAY(SELECT user_id FROM plain WHERE tied))")
"""The users whose attempts the CTE plain may have wrong."""


def is_plain(query: FunnelQuery) -> bool:
    """Tell whether the steps of *query* are different event types, one after the other."""
    types = {step.event for step in query.steps}
    return (
        query.order is FunnelOrder.ORDERED
        and len(types) == len(query.steps)
        and None not in types
        and not any((query.where, query.exclusions, *(step.where for step in query.steps)))
    )


def plain_ctes(query: FunnelQuery, filters: Filters) -> Iterator[tuple[str, sql.Composable]]:
    """Yield the times of each step by user, and the attempt of each user that counts."""
    numbers = range(1, len(query.steps) + 1)
    for number, step in zip(numbers, query.steps, strict=True):
        until = "%(until)s::timestamptz" if number == 1 else "%(horizon)s::timestamptz"
        times = queries.FUNNEL_TIMES.format(
            times=name("times", number), event_type=filters.text(step.event), until=sql.SQL(until)
        )
        yield f"times_{number}", times
    users = sql.SQL(" LEFT JOIN ").join(
        sql.SQL("{}" if number == 1 else "{} USING (user_id)").format(name("times", number))
        for number in numbers
    )
    yield "times", sql.SQL("SELECT * FROM {}").format(users)
    chain: sql.Composable = sql.SQL("SELECT at_1 FROM unnest(times_1) AS at_1")
    later = numbers[1:]
    reached, tied = sql.SQL(" + "), sql.SQL(" OR ")
    is_in_time = sql.SQL(
        "coalesce(({} <= at_1 + %(window_microseconds)s::bigint * interval '1 microsecond')"
        "::integer, 0)"
    )
    yield (
        "plain",
        queries.FUNNEL_PLAIN.format(
            chain=reduce(_next_time, later, chain),
            reached=reached.join(is_in_time.format(name("at", number)) for number in later),
            tied=tied.join(name("tied", number) for number in later),
        ),
    )


def plain_journeys(query: FunnelQuery) -> sql.Composable:
    """Return the journeys of the CTE plain, and of the tied users from the CTE attempt."""
    instant = sql.SQL("0, extract(epoch FROM {}) * 1000000")
    numbers = range(1, len(query.steps) + 1)
    instants = sql.SQL(", ").join(instant.format(name("at", number)) for number in numbers)
    return queries.FUNNEL_PLAIN_JOURNEYS.format(instants=instants)


def name(kind: str, number: int) -> sql.Identifier:
    """Return the name of the column that is *kind* of the step or exclusion of this number."""
    return sql.Identifier(f"{kind}_{number}")


def _next_time(chain: sql.Composable, number: int) -> sql.Composable:
    return queries.FUNNEL_NEXT_TIME.format(
        at=name("at", number),
        tied=name("tied", number),
        place=name("place", number),
        before=name("at", number - 1),
        times=name("times", number),
        chain=chain,
    )
