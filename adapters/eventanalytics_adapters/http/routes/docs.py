"""The documentation: the OpenAPI document, and two pages that show it without any other host."""

import mimetypes
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from eventanalytics_adapters.http.openapi import document
from eventanalytics_adapters.http.security import Openness

SERVED: Final[Mapping[str, frozenset[str]]] = {
    "swagger-ui": frozenset({"swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"}),
    "redoc": frozenset({"redoc.standalone.js"}),
    "pages": frozenset({"docs.js", "redoc.js", "redoc.css"}),
}

# Both pages set styles from their scripts, which no policy can tell from styles in the markup.
_COMMON = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
)
_DOCS_POLICY = _COMMON + "img-src 'self' data:; font-src 'self' data:"
_REDOC_POLICY = _COMMON + "img-src 'self' data:; worker-src blob:"
_PUBLIC = {"access": Openness.PUBLIC}


def describe(app: Litestar) -> None:
    """Make the OpenAPI document of *app*, whose routes are complete now."""
    app.state["openapi"] = msgspec.json.encode(document(app))


@get("/openapi.json", opt=_PUBLIC, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the OpenAPI document."""
    return Response(request.app.state["openapi"], media_type="application/json")


@get("/docs", opt=_PUBLIC, sync_to_thread=False)
def swagger_ui() -> Response[bytes]:
    """Show the API in Swagger UI."""
    return _page("docs.html", _DOCS_POLICY)


@get("/redoc", opt=_PUBLIC, sync_to_thread=False)
def redoc() -> Response[bytes]:
    """Show the API in ReDoc."""
    return _page("redoc.html", _REDOC_POLICY)


@get("/docs/assets/{package:str}/{name:str}", opt=_PUBLIC, sync_to_thread=False)
def asset(package: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """Return a file that the pages need."""
    if name not in SERVED.get(package, ()):
        raise NotFoundException
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(_content(f"{package}/{name}"), media_type=media_type, headers=headers)


def _page(name: str, policy: str) -> Response[bytes]:
    headers = {"Content-Security-Policy": policy}
    return Response(_content(f"pages/{name}"), media_type="text/html", headers=headers)


@cache
def _content(path: str) -> bytes:
    return files("eventanalytics_adapters.http").joinpath(f"assets/{path}").read_bytes()


ROUTES = (openapi, swagger_ui, redoc, asset)
