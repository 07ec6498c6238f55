"""What goes over the wire: the structs of each body, made of what the core answers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from eventanalytics.domain.access import MAX_PASSWORD_LENGTH, Account, Role
from eventanalytics.domain.daily_users import DailyUsers, DailyUsersQuery
from eventanalytics.domain.events import Event, Receipt, Refusal, Verdict
from eventanalytics.domain.quick_retention import Cohort, QuickRetentionQuery
from eventanalytics.domain.top_events import EventTypeCount, TopEventsQuery
from eventanalytics.errors import Fault
from eventanalytics.usecases.list_events import EventPage
from eventanalytics.usecases.sign_in import SignedIn
from eventanalytics_adapters.http.problems import Problem

MAX_USERNAME_LENGTH = 254

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]


class EventIn(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One event to record. This describes the body; the core reads it."""

    event_id: Annotated[
        UUID, Meta(description="Made by the sender; sent again, it is the same event.")
    ]
    user_id: Annotated[
        str | int,
        Meta(description="1 to 200 characters; an integer means its decimal text."),
    ]
    event_type: Text
    occurred_at: Annotated[
        datetime,
        Meta(description="ISO 8601; without an offset it is UTC. At most one hour ahead."),
    ]
    properties: Annotated[
        dict[str, Any],
        Meta(description="At most 32 KiB as JSON, 255 keys an object and 8 levels deep."),
    ] = msgspec.field(default_factory=dict[str, Any])


class BatchIn(msgspec.Struct, forbid_unknown_fields=True):
    """A batch of events."""

    events: Annotated[list[EventIn], Meta(min_length=1)]


class EntryOut(msgspec.Struct):
    """What became of one event of a batch."""

    event_id: UUID | None
    """Null where the event had no readable id."""
    status: Literal["created", "duplicate", "conflict", "rejected"]
    errors: Sequence[Fault] | UnsetType = UNSET
    """Why the event is rejected; only then."""


class ReceiptOut(msgspec.Struct):
    """What became of a batch: the counts, and one entry an event in the order of the batch."""

    processed: int
    created: int
    duplicates: int
    conflicts: int
    rejected: int
    events: Sequence[EntryOut]

    @classmethod
    def from_domain(cls, receipt: Receipt) -> "ReceiptOut":
        """Return *receipt* as it is sent."""
        return cls(
            processed=len(receipt.entries),
            created=receipt.count(Verdict.CREATED),
            duplicates=receipt.count(Verdict.DUPLICATE),
            conflicts=receipt.count(Verdict.CONFLICT),
            rejected=receipt.rejected,
            events=[
                EntryOut(entry.event_id, "rejected", entry.faults)
                if isinstance(entry, Refusal)
                else EntryOut(entry[0], entry[1].value)
                for entry in receipt.entries
            ],
        )


class RejectedBatch(Problem, kw_only=True):
    """The problem of a batch of which no event could be kept: it has the receipt's members too."""

    processed: int | UnsetType = UNSET
    created: int | UnsetType = UNSET
    duplicates: int | UnsetType = UNSET
    conflicts: int | UnsetType = UNSET
    rejected: int | UnsetType = UNSET
    events: Sequence[EntryOut] | UnsetType = UNSET


class EventOut(msgspec.Struct):
    """One event as it is kept."""

    event_id: UUID
    user_id: str
    event_type: str
    occurred_at: datetime
    received_at: datetime
    properties: dict[str, Any]

    @classmethod
    def from_domain(cls, event: Event) -> "EventOut":
        """Return *event* as it is sent."""
        return cls(
            event.event_id,
            event.user_id,
            event.event_type,
            event.occurred_at,
            event.received_at,
            event.properties,
        )


class EventPageOut(msgspec.Struct):
    """Events, the latest first."""

    events: Sequence[EventOut]
    count: int
    """How many are in this answer."""
    limit: int
    offset: int | None
    """Null when the page was asked for by cursor."""
    next_cursor: str | None
    """Where the next page begins; null when this is the last."""

    @classmethod
    def from_domain(
        cls, page: EventPage, *, limit: int, offset: int | None, cursor: str | None
    ) -> "EventPageOut":
        """Return *page* as it is sent."""
        events = [EventOut.from_domain(event) for event in page.events]
        start = (offset or 0) if cursor is None else None
        return cls(events, len(events), limit, start, page.next_cursor)


class DailyUsersOut(msgspec.Struct):
    """Distinct users of each day of the range, days without any too."""

    since: date = msgspec.field(name="from")
    until: date = msgspec.field(name="to")
    timezone: str
    data: Sequence[DailyUsers]

    @classmethod
    def from_domain(cls, query: DailyUsersQuery, answer: Sequence[DailyUsers]) -> "DailyUsersOut":
        """Return *answer* as it is sent."""
        return cls(query.days.first, query.days.last, query.calendar.timezone, answer)


class TopEventsOut(msgspec.Struct):
    """The most frequent event types of the range, ties by name."""

    since: date = msgspec.field(name="from")
    until: date = msgspec.field(name="to")
    timezone: str
    data: Sequence[EventTypeCount]

    @classmethod
    def from_domain(cls, query: TopEventsQuery, answer: Sequence[EventTypeCount]) -> "TopEventsOut":
        """Return *answer* as it is sent."""
        return cls(query.days.first, query.days.last, query.calendar.timezone, answer)


class CohortOut(msgspec.Struct):
    """The users whose first period this is, and how many of them each later period saw again."""

    cohort_date: date
    cohort_size: int
    returned: Sequence[int | None]
    """Column k is the k-th period after this one, column 0 the size; null while it is not over."""


class RetentionOut(msgspec.Struct):
    """One cohort a period, in order."""

    start_date: date
    windows: int
    period: Literal["day", "week", "month"]
    timezone: str
    data: Sequence[CohortOut]

    @classmethod
    def from_domain(cls, query: QuickRetentionQuery, answer: Sequence[Cohort]) -> "RetentionOut":
        """Return *answer* as it is sent."""
        rows = [CohortOut(cohort.date, cohort.size, cohort.returned) for cohort in answer]
        period: Any = query.period.value
        return cls(query.start, query.windows, period, query.calendar.timezone, rows)


class LoginIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who signs in."""

    # The limits are described here and checked by the route, which names each fault.
    username: Annotated[
        str, Meta(extra_json_schema={"minLength": 1, "maxLength": MAX_USERNAME_LENGTH})
    ]
    password: Annotated[
        str, Meta(extra_json_schema={"minLength": 1, "maxLength": MAX_PASSWORD_LENGTH})
    ]


class AccountOut(msgspec.Struct):
    """A person."""

    id: int
    username: str
    email: str
    role: Role
    is_admin: bool
    is_active: bool
    created_at: datetime

    @classmethod
    def from_domain(cls, account: Account) -> "AccountOut":
        """Return *account* as it is sent."""
        return cls(
            account.id,
            account.username,
            account.email,
            account.role,
            account.role is Role.ADMIN,
            account.is_active,
            account.created_at,
        )


class SignedInOut(msgspec.Struct):
    """An access token, and whose it is."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int
    """The token's life in seconds."""
    user: AccountOut

    @classmethod
    def from_domain(cls, signed_in: SignedIn) -> "SignedInOut":
        """Return *signed_in* as it is sent."""
        user = AccountOut.from_domain(signed_in.account)
        return cls(signed_in.access_token, "bearer", signed_in.expires_in, user)


class CheckOut(msgspec.Struct, omit_defaults=True):
    """The state of one thing the server needs."""

    status: Literal["ok", "failed"]
    detail: str | None = None


class HealthOut(msgspec.Struct):
    """Whether the server can work."""

    status: Literal["healthy", "unhealthy"]
    checks: dict[str, CheckOut]
