"""Every error of the package: one base, a stable `code` each, and the facts as attributes."""

from collections.abc import Iterable, Sequence
from typing import ClassVar
from uuid import UUID

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong with one field of an input.

    *path* names the field as the sender wrote it (``events[3].occurred_at``), *code* never
    changes between versions, *message* is a sentence for a person.
    """

    path: str
    code: str
    message: str

    @property
    def sentence(self) -> str:
        """The message, after the field that it is about."""
        return f"{self.path}: {self.message}" if self.path else self.message

    def under(self, parent: str) -> "Fault":
        """Return the same fault with its path below *parent*.

        >>> Fault("user_id", "empty_text", "…").under("events[3]").path
        'events[3].user_id'
        """
        path = self.path if not parent else f"{parent}.{self.path}" if self.path else parent
        return Fault(path, self.code, self.message)


class EventAnalyticsError(Exception):
    """The base of every error that this package raises on purpose."""

    code: ClassVar[str] = "error"


class InvalidInputError(EventAnalyticsError, ValueError):
    """Something that came from outside breaks a rule; `faults` says where and which."""

    code = "invalid_input"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = tuple(faults)
        super().__init__("; ".join(fault.sentence for fault in self.faults))

    @classmethod
    def of(cls, path: str, code: str, message: str) -> "InvalidInputError":
        """Make the error of a single fault."""
        return cls([Fault(path, code, message)])


class InvalidEventError(InvalidInputError):
    """An event breaks a rule of docs/semantics.md, "Events"."""

    code = "invalid_event"


class InvalidBatchError(InvalidInputError):
    """The whole of a batch cannot be read: there are no events in it to give a verdict on."""

    code = "invalid_batch"


class InvalidQueryError(InvalidInputError):
    """A question has no meaning as it was asked."""

    code = "invalid_query"


class UnknownProjectError(EventAnalyticsError, LookupError):
    """No project has this slug."""

    code = "unknown_project"

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(f"project: no project {slug!r}")


class UnknownEventError(EventAnalyticsError, LookupError):
    """The project holds no event with this id."""

    code = "unknown_event"

    def __init__(self, event_id: UUID) -> None:
        self.event_id = event_id
        super().__init__(f"event_id: no event {event_id}")


class AlreadyExistsError(EventAnalyticsError, ValueError):
    """Something else already bears this unique name; *field* says which name."""

    code = "already_exists"

    def __init__(self, field: str, value: str) -> None:
        self.field, self.value = field, value
        super().__init__(f"{field}: {value!r} is taken")


class NotAuthenticatedError(EventAnalyticsError):
    """The caller did not prove who they are; *code* says what was wrong with the proof."""

    code = "not_authenticated"

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class PermissionDeniedError(EventAnalyticsError):
    """The caller is known and may not do this."""

    code = "permission_denied"

    def __init__(self, message: str) -> None:
        super().__init__(message)


class StoreUnavailableError(EventAnalyticsError):
    """The store cannot be reached or cannot take the call now; nothing was stored."""

    code = "store_unavailable"

    def __init__(self, message: str = "the store cannot be reached") -> None:
        super().__init__(message)


class QueryTimeoutError(StoreUnavailableError):
    """The store gave the call up because it took longer than it may; nothing was stored."""

    code = "query_timeout"

    def __init__(self, message: str = "the store took longer to answer than it may") -> None:
        super().__init__(message)
