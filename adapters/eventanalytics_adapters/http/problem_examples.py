"""An example of each problem, for the documentation."""

from collections.abc import Mapping
from typing import Any, Final

from eventanalytics_adapters.http.examples import FAULT as FAULT_OF_THE_SECOND

FAULT = {**FAULT_OF_THE_SECOND, "path": "events[0].occurred_at"}

_INVALID_LIMIT = {"path": "limit", "code": "out_of_range", "message": "must be from 1 to 1000"}
_NO_EVENTS = {
    "path": "events",
    "code": "empty_batch",
    "message": "must hold at least one event",
}
_NO_PASSWORD = {"path": "password", "code": "missing_field", "message": "is required"}
_REJECTED: Final[dict[str, Any]] = {
    "processed": 1,
    "created": 0,
    "duplicates": 0,
    "conflicts": 0,
    "rejected": 1,
    "events": [{"event_id": None, "status": "rejected", "errors": [FAULT]}],
}

_PROBLEMS: Final[Mapping[str, tuple[int, str, list[Any]]]] = {
    "missing_credentials": (
        401,
        "send an access token as Authorization: Bearer, or a key as X-API-Key",
        [],
    ),
    "ambiguous_credentials": (
        401,
        "send one Authorization header or one X-API-Key header, not several",
        [],
    ),
    "unsupported_scheme": (401, "Authorization must be of scheme Bearer", []),
    "invalid_token": (401, "the access token is not valid", []),
    "expired_token": (401, "the access token has expired", []),
    "inactive_account": (401, "the account is not active", []),
    "invalid_key": (401, "the key is unknown, expired or revoked", []),
    "invalid_credentials": (401, "wrong username or password", []),
    "permission_denied": (403, "an account with the role viewer may not ingest", []),
    "unknown_project": (404, "project: no project 'shop'", []),
    "unknown_event": (404, "event_id: no event 550e8400-e29b-41d4-a716-446655440000", []),
    "body_too_large": (
        413,
        "the body is larger than this server takes; send fewer events at a time",
        [],
    ),
    "unsupported_media_type": (415, "send Content-Type: application/json, in UTF-8", []),
    "all_rejected": (422, "none of the 1 events could be kept", [FAULT]),
    "invalid_batch": (422, "events: must hold at least one event", [_NO_EVENTS]),
    "invalid_query": (422, "limit: must be from 1 to 1000", [_INVALID_LIMIT]),
    "invalid_input": (422, "password: is required", [_NO_PASSWORD]),
    "internal_error": (
        500,
        "something went wrong in this server; its log tells more under the request_id",
        [],
    ),
    "store_unavailable": (503, "the store cannot be reached; nothing was stored", []),
    "query_timeout": (504, "the store took longer to answer than it may; nothing was stored", []),
}

PROBLEM_CODES: Final = frozenset(_PROBLEMS)
"""The codes of the problems that operations declare."""


def status_of(code: str) -> int:
    """Return the status that problems of this code are answered with."""
    return _PROBLEMS[code][0]


def example_of(code: str) -> dict[str, Any]:
    """Return a whole problem of this code."""
    status, detail, errors = _PROBLEMS[code]
    return {
        "type": f"urn:eventanalytics:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "errors": errors,
        "request_id": "8f14e45fceea167a5a36dedd4bea2543",
        **(_REJECTED if code == "all_rejected" else {}),
    }
