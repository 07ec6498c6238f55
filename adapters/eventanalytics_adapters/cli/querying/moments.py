"""The range of a question, where its ends are left out: the last 30 days."""

from datetime import datetime, timedelta

from eventanalytics.domain.time import Calendar
from eventanalytics_adapters.http.parsing import Moment, day_or_instant

DEFAULT_DAYS = 30


def bounds(since: str | None, until: str | None, timezone: str, now: datetime) -> tuple[str, str]:
    """Return both ends as the API takes them: days if the one given is a day, else instants.

    Raises:
        InvalidQueryError: One is neither, or no time zone has this name.

    >>> from datetime import UTC
    >>> bounds(None, None, "UTC", datetime(2025, 8, 30, tzinfo=UTC))
    ('2025-08-01', '2025-08-30')
    """
    if since is not None and until is not None:
        return since, until
    if until is not None:
        end = day_or_instant("to", until)
        return _earlier(end).isoformat(), until
    today = Calendar(timezone).local_date(now)
    if since is None:
        return _earlier(today).isoformat(), today.isoformat()
    start = day_or_instant("from", since)
    return since, now.isoformat() if isinstance(start, datetime) else today.isoformat()


def _earlier(end: Moment) -> Moment:
    """Return the beginning of 30 days; the last one is a whole day where *end* is one."""
    days = DEFAULT_DAYS if isinstance(end, datetime) else DEFAULT_DAYS - 1
    return end - timedelta(days=days)
