"""The application: routes, guard, errors and wiring put together."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from dependency_injector import providers
from litestar import Litestar, Request
from litestar.di import NamedDependency, Provide

from eventanalytics.domain.events import ProjectId
from eventanalytics.usecases.projects import FindProject
from eventanalytics_adapters.container import Container, open_postgres
from eventanalytics_adapters.http import queries
from eventanalytics_adapters.http.envelope import Envelope
from eventanalytics_adapters.http.parameters import Asked
from eventanalytics_adapters.http.problems import answer_problem
from eventanalytics_adapters.http.routes import (
    auth,
    docs,
    events,
    funnel,
    health,
    lifecycle,
    paths,
    retention,
    schema,
    sessions,
    stats,
    stickiness,
    trends,
)
from eventanalytics_adapters.http.security import Authoriser, choose_project

Lifespan: TypeAlias = Callable[[Container], AbstractAsyncContextManager[None]]

_GIVEN = (
    "settings",
    "record_events",
    "list_events",
    "get_event",
    "count_daily_users",
    "rank_event_types",
    "count_quick_retention",
    "summarise_project",
    "count_trends",
    "list_trends_users",
    "count_funnel",
    "list_funnel_users",
    "count_retention",
    "list_retention_users",
    "count_lifecycle",
    "list_lifecycle_users",
    "count_stickiness",
    "list_stickiness_users",
    "count_sessions",
    "list_sessions_users",
    "count_paths",
    "list_paths_users",
    "list_event_types",
    "list_properties",
    "list_property_values",
    "find_project",
    "sign_in",
)
_ROUTED = (
    events,
    stats,
    trends,
    funnel,
    retention,
    lifecycle,
    stickiness,
    sessions,
    paths,
    schema,
    auth,
    health,
    docs,
)


def create_app(container: Container, *, lifespan: Lifespan | None = open_postgres) -> Litestar:
    """Make the API over what *container* holds.

    *lifespan* opens what the container needs from outside when the server starts, and closes it
    when it stops; None when the container is complete already.
    """
    app = Litestar(
        route_handlers=[route for module in _ROUTED for route in module.ROUTES],
        guards=[Authoriser(container.identify_account, container.identify_key)],
        before_request=read_parameters,
        dependencies={
            "asked": Provide(asked, sync_to_thread=False),
            "project": Provide(project),
            "now": Provide(lambda: container.clock().now(), sync_to_thread=False),
            "health_of_store": _given(container.health),
            **{name: _given(getattr(container, name)) for name in _GIVEN},
        },
        exception_handlers={Exception: answer_problem},
        lifespan=[] if lifespan is None else [lambda _app: lifespan(container)],
        request_max_body_size=container.settings().max_body_bytes,
        openapi_config=None,  # openapi.py makes the document, of what the routes declare
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
    docs.describe(app)
    app.asgi_handler = Envelope(app.asgi_handler)
    return app


async def read_parameters(request: Request[Any, Any, Any]) -> None:
    """Read the query string as the operation declares it, before anything else is done."""
    operation = request.route_handler.opt.get("operation")
    if operation is not None and operation.parameters is not None:
        found = operation.parameters.read(request.scope["query_string"])
        request.scope["state"]["asked"] = found


def asked(request: Request[Any, Any, Any]) -> Asked:
    """Provide what the query string asks for."""
    found: Asked = request.scope["state"]["asked"]
    return found


async def project(
    request: Request[Any, Any, Any],
    asked: NamedDependency[Asked],
    find_project: NamedDependency[FindProject],
) -> ProjectId:
    """Provide the project that the request is about."""
    return await choose_project(request, asked[queries.PROJECT], find_project)


def _given(provider: providers.Provider[Any]) -> Provide:
    def provide() -> Any:  # noqa: ANN401
        return provider()

    return Provide(provide, sync_to_thread=False)
