"""Who may do what, where: people by role, keys by scope and project, and nobody by default."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from dependency_injector import providers
from httpx import AsyncClient
from litestar import Litestar, get
from litestar.routes import HTTPRoute
from litestar.testing import AsyncTestClient

from eventanalytics.domain.access import Account, Permission
from eventanalytics.memory import FixedClock, InMemoryAccountStore
from eventanalytics_adapters.auth import JwtTokens
from eventanalytics_adapters.container import Container
from eventanalytics_adapters.http import create_app
from eventanalytics_adapters.http.security import Openness, access_of

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

EVENTS = "/api/v1/events"
BATCH = {
    "events": [
        {
            "event_id": "550e8400-e29b-41d4-a716-446655440000",
            "user_id": "7",
            "event_type": "purchase",
            "occurred_at": "2025-08-21T10:30:00Z",
        }
    ]
}
READS = [
    EVENTS,
    EVENTS + "/550e8400-e29b-41d4-a716-446655440000",
    "/api/v1/stats",
    "/api/v1/stats/dau?from=2025-08-20&to=2025-08-21",
    "/api/v1/stats/top-events?from=2025-08-20&to=2025-08-21",
    "/api/v1/stats/retention?start_date=2025-08-20",
]
PUBLIC = {
    ("GET", "/docs"),
    ("GET", "/docs/assets/{package:str}/{name:str}"),
    ("GET", "/health"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/openapi.json"),
    ("GET", "/redoc"),
    ("POST", "/api/v1/auth/login"),
}


def declared(app: Litestar) -> dict[tuple[str, str], object]:
    return {
        (method, route.path): access_of(handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }


async def test_every_route_needs_a_permission_or_is_on_the_public_list(app: Litestar) -> None:
    found = declared(app)
    assert {route for route, access in found.items() if access is Openness.PUBLIC} == PUBLIC
    closed = {route: access for route, access in found.items() if route not in PUBLIC}
    assert all(isinstance(access, Permission | Openness) for access in closed.values())
    assert len(closed) >= 8


async def test_there_are_no_routes_but_http_ones(app: Litestar) -> None:
    assert all(isinstance(route, HTTPRoute) for route in app.routes)


async def test_a_route_that_declares_nothing_is_refused_to_all(
    app: Litestar, admin: Headers, keys: dict[str, Headers]
) -> None:
    @get("/new")
    async def new() -> None: ...

    app.register(new)
    async with AsyncTestClient(app) as api:
        assert (await api.get("/new")).status_code == 401
        assert (await api.get("/new", headers=admin)).status_code == 403
        assert (await api.get("/new", headers=keys["both"])).status_code == 403


@pytest.mark.parametrize("path", [*READS, "/api/v1/auth/me"])
async def test_nothing_is_shown_to_strangers(api: Api, path: str) -> None:
    answer = await api.get(path)
    assert answer.status_code == 401
    assert answer.json()["code"] == "missing_credentials"
    assert answer.headers["www-authenticate"] == 'Bearer realm="eventanalytics"'


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("role", ["admin", "member", "viewer"])
async def test_every_role_reads(
    api: Api, signed_in: Callable[[str], Headers], role: str, path: str
) -> None:
    await api.post(EVENTS, json=BATCH, headers=signed_in("admin"))
    assert (await api.get(path, headers=signed_in(role))).status_code == 200


@pytest.mark.parametrize(("role", "status"), [("admin", 201), ("member", 201), ("viewer", 403)])
async def test_a_viewer_cannot_write(
    api: Api, signed_in: Callable[[str], Headers], role: str, status: int
) -> None:
    answer = await api.post(EVENTS, json=BATCH, headers=signed_in(role))
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "permission_denied"
        kept = await api.get(EVENTS, headers=signed_in(role))
        assert kept.json()["count"] == 0


@pytest.mark.parametrize("path", READS)
async def test_a_key_for_ingestion_never_reads(
    api: Api, keys: dict[str, Headers], path: str
) -> None:
    await api.post(EVENTS, json=BATCH, headers=keys["ingest"])
    answer = await api.get(path, headers=keys["ingest"])
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"
    assert (await api.get(path, headers=keys["read"])).status_code == 200


@pytest.mark.parametrize(("key", "status"), [("ingest", 201), ("both", 201), ("read", 403)])
async def test_a_key_writes_only_with_that_scope(
    api: Api, keys: dict[str, Headers], key: str, status: int
) -> None:
    assert (await api.post(EVENTS, json=BATCH, headers=keys[key])).status_code == status


async def test_a_key_has_no_account(api: Api, keys: dict[str, Headers]) -> None:
    assert (await api.get("/api/v1/auth/me", headers=keys["both"])).status_code == 403


@pytest.mark.parametrize("key", ["expired", "revoked"])
async def test_a_key_that_has_ended_opens_nothing(
    api: Api, keys: dict[str, Headers], key: str
) -> None:
    for answer in (
        await api.post(EVENTS, json=BATCH, headers=keys[key]),
        await api.get(EVENTS, headers=keys[key]),
    ):
        assert answer.status_code == 401
        assert answer.json()["code"] == "invalid_key"


async def test_a_key_ends_at_its_very_instant(
    api: Api, keys: dict[str, Headers], clock: FixedClock
) -> None:
    assert (await api.get(EVENTS, headers=keys["expiring"])).status_code == 200
    clock.move(timedelta(microseconds=1))
    assert (await api.get(EVENTS, headers=keys["expiring"])).status_code == 401


async def test_a_key_is_taken_as_a_bearer_token_too(api: Api, keys: dict[str, Headers]) -> None:
    headers = {"Authorization": "bearer " + keys["read"]["X-API-Key"]}
    assert (await api.get(EVENTS, headers=headers)).status_code == 200


async def test_a_key_works_in_its_own_project_alone(api: Api, keys: dict[str, Headers]) -> None:
    await api.post(EVENTS, json=BATCH, headers=keys["shop"])
    own = await api.get(EVENTS, headers=keys["shop"])
    named = await api.get(EVENTS + "?project=shop", headers=keys["shop"])
    other = await api.get(EVENTS + "?project=default", headers=keys["shop"])
    unknown = await api.get(EVENTS + "?project=nowhere", headers=keys["shop"])
    assert own.json() == named.json()
    assert own.json()["count"] == 1
    assert [other.status_code, unknown.status_code] == [403, 403]
    assert (await api.get(EVENTS, headers=keys["read"])).json()["count"] == 0


async def test_a_person_chooses_the_project(api: Api, admin: Headers) -> None:
    await api.post(EVENTS + "?project=shop", json=BATCH, headers=admin)
    assert (await api.get(EVENTS, headers=admin)).json()["count"] == 0
    assert (await api.get(EVENTS + "?project=default", headers=admin)).json()["count"] == 0
    assert (await api.get(EVENTS + "?project=shop", headers=admin)).json()["count"] == 1


@pytest.mark.parametrize("slug", ["nowhere", "Shop", "a b", "x" * 5000, "%E2%82%AC"])
async def test_an_unknown_project_is_named(api: Api, admin: Headers, slug: str) -> None:
    answer = await api.get(EVENTS + "?project=" + slug, headers=admin)
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_project"
    assert len(answer.content) < 1000


INVALID = {
    "no token": ({"Authorization": "Bearer"}, "invalid_token"),
    "garbage": ({"Authorization": "Bearer x.y.z"}, "invalid_token"),
    "bytes": ({"Authorization": b"Bearer \xff\xfe"}, "invalid_token"),
    "an unknown key": ({"X-API-Key": "ea_" + "x" * 43}, "invalid_key"),
    "an unknown key as token": ({"Authorization": "Bearer ea_x"}, "invalid_key"),
    "no key at all": ({"X-API-Key": "x"}, "invalid_key"),
    "an empty key": ({"X-API-Key": ""}, "invalid_key"),
    "another scheme": ({"Authorization": "Basic YWRtaW46YWRtaW4="}, "unsupported_scheme"),
    "an empty header": ({"Authorization": ""}, "unsupported_scheme"),
}


@pytest.mark.parametrize(("headers", "code"), INVALID.values(), ids=INVALID.keys())
async def test_an_invalid_credential_says_why(api: Api, headers: Any, code: str) -> None:
    answer = await api.get(EVENTS, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == code
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_two_credentials_are_refused_even_if_both_are_good(
    wire: AsyncClient, admin: Headers, keys: dict[str, Headers]
) -> None:
    key = keys["both"]
    for headers in (
        [*admin.items(), *key.items()],
        [*admin.items(), *admin.items()],
        [*key.items(), *key.items()],
        [*admin.items(), ("X-API-Key", "")],
    ):
        answer = await wire.get(EVENTS, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"] == "ambiguous_credentials"


async def test_a_token_expires(api: Api, admin: Headers, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=30))
    answer = await api.get(EVENTS, headers=admin)
    assert answer.status_code == 401
    assert answer.json()["code"] == "expired_token"


async def test_a_token_signed_by_another_key_is_refused(
    api: Api, people: dict[str, Account], clock: FixedClock
) -> None:
    forger = JwtTokens(
        secret="another secret of more than 32 bytes",
        algorithm="HS256",
        lifetime=timedelta(hours=1),
    )
    token, _ = forger.issue(people["admin"], clock.now())
    answer = await api.get(EVENTS, headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["code"] == "invalid_token"


async def test_a_tampered_token_is_refused(api: Api, admin: Headers) -> None:
    header, claims, signature = admin["Authorization"].split(".")
    unsigned = "Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"
    for value in (
        f"{header}.{claims}x.{signature}",
        f"{header}.{claims}.{signature[:-2]}",
        f"{header}.{claims}.",
        f"{unsigned}.{claims}.",
    ):
        answer = await api.get(EVENTS, headers={"Authorization": value})
        assert answer.status_code == 401
        assert answer.json()["code"] == "invalid_token"


async def test_the_account_as_it_is_now_decides_and_not_its_token(
    api: Api, container: Container, people: dict[str, Account], admin: Headers
) -> None:
    assert (await api.get("/api/v1/auth/me", headers=admin)).status_code == 200
    await container.accounts().set_active(people["admin"].id, is_active=False)
    for path in ("/api/v1/auth/me", EVENTS):
        answer = await api.get(path, headers=admin)
        assert answer.status_code == 401
        assert answer.json()["code"] == "inactive_account"


async def test_a_token_of_an_account_that_is_gone_is_refused(
    container: Container, admin: Headers
) -> None:
    container.accounts.override(providers.Object(InMemoryAccountStore()))
    async with AsyncTestClient(create_app(container, lifespan=None)) as api:
        assert (await api.get(EVENTS, headers=admin)).json()["code"] == "inactive_account"


async def test_credentials_do_no_harm_where_none_are_needed(api: Api) -> None:
    answer = await api.get("/health", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 200
