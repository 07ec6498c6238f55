"""Every error has the one base and a code that never changes."""

import inspect
from uuid import UUID

import pytest

from eventanalytics import errors
from eventanalytics.errors import EventAnalyticsError, Fault, InvalidInputError

CODES = {
    "EventAnalyticsError": "error",
    "InvalidInputError": "invalid_input",
    "InvalidEventError": "invalid_event",
    "InvalidBatchError": "invalid_batch",
    "InvalidQueryError": "invalid_query",
    "UnknownProjectError": "unknown_project",
    "UnknownEventError": "unknown_event",
    "AlreadyExistsError": "already_exists",
    "NotAuthenticatedError": "not_authenticated",
    "PermissionDeniedError": "permission_denied",
    "StoreUnavailableError": "store_unavailable",
    "QueryTimeoutError": "query_timeout",
}


def test_every_error_has_its_own_code_and_the_one_base() -> None:
    found = {
        name: kind.code
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, EventAnalyticsError)
    }
    assert {name: found[name] for name in CODES} == CODES
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            InvalidInputError([Fault("a", "x", "is wrong"), Fault("b", "y", "too")]),
            "a: is wrong; b: too",
        ),
        (errors.InvalidQueryError.of("a", "x", "is wrong"), "a: is wrong"),
        (errors.UnknownProjectError("web"), "project: no project 'web'"),
        (errors.UnknownEventError(UUID(int=1)), f"event_id: no event {UUID(int=1)}"),
        (errors.AlreadyExistsError("slug", "web"), "slug: 'web' is taken"),
        (errors.NotAuthenticatedError("expired", "the token is expired"), "the token is expired"),
        (errors.PermissionDeniedError("you may not"), "you may not"),
        (errors.StoreUnavailableError(), "the store cannot be reached"),
        (errors.StoreUnavailableError("the disk is full"), "the disk is full"),
    ],
)
def test_a_message_names_the_field_and_the_value(error: Exception, message: str) -> None:
    assert str(error) == message


def test_an_error_of_one_fault_is_of_the_kind_that_makes_it() -> None:
    error = errors.InvalidEventError.of("a", "x", "is wrong")
    assert isinstance(error, errors.InvalidEventError)
    assert error.faults == (Fault("a", "x", "is wrong"),)
