"""The examples of the documentation, one world throughout: a shop's events of August 2025."""

from typing import Any, Final

EVENT_ID: Final = "550e8400-e29b-41d4-a716-446655440000"

EVENT_IN: Final[dict[str, Any]] = {
    "event_id": EVENT_ID,
    "user_id": "7",
    "event_type": "purchase",
    "occurred_at": "2025-08-21T10:30:00Z",
    "properties": {"country": "UA", "price": 19.5},
}
BATCH: Final = {
    "events": [
        EVENT_IN,
        {
            "event_id": "6f1c1b0e-2b63-4d1c-9c8c-1f3d2f0a9b11",
            "user_id": 8,
            "event_type": "view_item",
            "occurred_at": "2025-08-21T13:31:05.250+03:00",
        },
    ]
}
CREATED: Final = {
    "processed": 2,
    "created": 1,
    "duplicates": 1,
    "conflicts": 0,
    "rejected": 0,
    "events": [
        {"event_id": EVENT_ID, "status": "created"},
        {"event_id": "6f1c1b0e-2b63-4d1c-9c8c-1f3d2f0a9b11", "status": "duplicate"},
    ],
}
FAULT: Final = {
    "path": "events[1].occurred_at",
    "code": "invalid_datetime",
    "message": "must be an ISO 8601 date and time such as 2025-01-13T10:30:00Z",
}
PARTLY: Final = {
    "processed": 2,
    "created": 1,
    "duplicates": 0,
    "conflicts": 0,
    "rejected": 1,
    "events": [
        {"event_id": EVENT_ID, "status": "created"},
        {"event_id": None, "status": "rejected", "errors": [FAULT]},
    ],
}
EVENT: Final[dict[str, Any]] = {**EVENT_IN, "received_at": "2025-08-21T10:30:01.482913Z"}
EVENT_PAGE: Final = {
    "events": [EVENT],
    "count": 1,
    "limit": 1,
    "offset": 0,
    "next_cursor": "WyIyMDI1LTA4LTIxVDEwOjMwOjAwWiIsIjIwMjUtMDgtMjFUMTA6MzA6MDEuNDgyOTEzWiJd",
}
OVERVIEW: Final = {
    "events": 20000,
    "users": 950,
    "event_types": 6,
    "first_event_at": "2025-08-01T00:00:12Z",
    "last_event_at": "2025-08-31T23:59:41Z",
}
DAILY_USERS: Final = {
    "from": "2025-08-21",
    "to": "2025-08-22",
    "timezone": "UTC",
    "data": [
        {"date": "2025-08-21", "unique_users": 17},
        {"date": "2025-08-22", "unique_users": 0},
    ],
}
TOP_EVENTS: Final = {
    "from": "2025-08-01",
    "to": "2025-08-31",
    "timezone": "UTC",
    "data": [{"event_type": "view_item", "count": 1229, "unique_users": 310}],
}
RETENTION: Final = {
    "start_date": "2025-08-04",
    "windows": 3,
    "period": "week",
    "timezone": "UTC",
    "data": [
        {"cohort_date": "2025-08-04", "cohort_size": 120, "returned": [120, 54, 31]},
        {"cohort_date": "2025-08-11", "cohort_size": 40, "returned": [40, 11]},
        {"cohort_date": "2025-08-18", "cohort_size": 12, "returned": [12]},
    ],
}
ACCOUNT: Final = {
    "id": 1,
    "username": "olena",
    "email": "olena@example.org",
    "role": "member",
    "is_admin": False,
    "is_active": True,
    "created_at": "2025-08-01T08:00:00Z",
}
LOGIN: Final = {"username": "olena", "password": "correct horse battery staple"}
SIGNED_IN: Final = {
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "token_type": "bearer",
    "expires_in": 1800,
    "user": ACCOUNT,
}
HEALTHY: Final = {"status": "healthy", "checks": {"store": {"status": "ok"}}}
UNHEALTHY: Final = {
    "status": "unhealthy",
    "checks": {"store": {"status": "failed", "detail": "the store cannot be reached"}},
}
ALIVE: Final[dict[str, Any]] = {"status": "healthy", "checks": {}}
