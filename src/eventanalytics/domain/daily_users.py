"""Daily active users: how many different users did something on each day.

Source: docs/semantics.md, "Quick statistics".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from eventanalytics.domain.events import Event
from eventanalytics.domain.filters import Condition, all_match
from eventanalytics.domain.time import Bucket, Calendar, DateRange, Interval, bucket_index


class DailyUsersQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The days of *calendar* to count on, both ends included, and which events count."""

    days: DateRange
    calendar: Calendar = Calendar()
    where: tuple[Condition, ...] = ()

    def buckets(self) -> Sequence[Bucket]:
        """Return the days as instants, in order.

        Raises:
            InvalidQueryError: There are more than 10,000.
        """
        return self.calendar.buckets(Interval.DAY, self.calendar.range_of(self.days))


class DailyUsers(msgspec.Struct, frozen=True):
    """The distinct users of one local day."""

    date: date
    unique_users: int


def count_daily_users(query: DailyUsersQuery, events: Iterable[Event]) -> tuple[DailyUsers, ...]:
    """Count the distinct users of each day.

    Returns one entry a day of the range, in order, empty days too. *events* may come in any order.
    """
    buckets = query.buckets()
    starts = [bucket.start for bucket in buckets]
    within = query.calendar.range_of(query.days)
    users: dict[int, set[str]] = defaultdict(set)
    for event in events:
        if event.occurred_at in within and all_match(query.where, event):
            users[bucket_index(starts, event.occurred_at)].add(event.user_id)
    return daily_users(query, {index: len(found) for index, found in users.items()})


def daily_users(query: DailyUsersQuery, counts: Mapping[int, int]) -> tuple[DailyUsers, ...]:
    """Return the answer, given the counts of the days (by index) that have any users."""
    return tuple(
        DailyUsers(query.calendar.local_date(bucket.start), counts.get(index, 0))
        for index, bucket in enumerate(query.buckets())
    )
