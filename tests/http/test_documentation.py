"""The documentation: a valid document that says all there is, and pages with no other host."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import AsyncTestClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from eventanalytics_adapters.http.openapi import document
from eventanalytics_adapters.http.routes.docs import SERVED

Api = AsyncTestClient[Litestar]

ASSETS = files("eventanalytics_adapters.http") / "assets"


@pytest.fixture
async def described(app: Litestar) -> Any:
    return json.loads(msgspec.json.encode(document(app)))


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


async def test_the_document_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert [str(error) for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


async def test_every_route_of_the_api_is_described(
    app: Litestar, described: dict[str, Any]
) -> None:
    routes = {
        f"{method} {route.path_format}"
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith(("/api/", "/health"))
        for method in route.methods
        if method != "OPTIONS"
    }
    assert {name for name, _ in operations(described)} == routes


async def test_every_operation_is_told_in_full(described: dict[str, Any]) -> None:
    found = dict(operations(described))
    names = [operation["operationId"] for operation in found.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in names)
    tags = {tag["name"] for tag in described["tags"]}
    for operation in found.values():
        assert operation["summary"]
        assert operation["description"]
        assert set(operation["tags"]) <= tags
        for parameter in operation.get("parameters", []):
            assert parameter["description"]
        if operation["security"]:
            assert {"401", "403", "500", "503"} <= operation["responses"].keys()


async def test_only_what_needs_no_credentials_says_so(described: dict[str, Any]) -> None:
    open_to_all = {name for name, operation in operations(described) if not operation["security"]}
    assert open_to_all == {
        "GET /health",
        "GET /health/live",
        "GET /health/ready",
        "POST /api/v1/auth/login",
    }


async def test_every_example_fits_its_schema(described: dict[str, Any]) -> None:
    checked = 0
    for _, operation in operations(described):
        for content in contents(operation):
            schema = content["schema"] | {"components": described["components"]}
            validator = Draft202012Validator(schema)
            for example in examples(content):
                validator.validate(example)
                checked += 1
        for parameter in operation.get("parameters", []):
            shown = [parameter["example"]] if "example" in parameter else []
            for example in [*shown, *parameter["schema"].get("examples", [])]:
                Draft202012Validator(parameter["schema"]).validate(example)
    assert checked > 50


def contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in [operation.get("requestBody", {}), *operation["responses"].values()]:
        found = list(part.get("content", {}).values())
        assert found or part == {}, "every answer has a body, and says of which shape"
        yield from found


def examples(content: dict[str, Any]) -> Iterator[Any]:
    found = [example["value"] for example in content.get("examples", {}).values()]
    if "example" in content:
        found.append(content["example"])
    assert found
    yield from found


async def test_the_document_is_served(api: Api, described: dict[str, Any]) -> None:
    answer = await api.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == described


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
async def test_a_page_needs_no_other_host(api: Api, page: str) -> None:
    answer = await api.get(page)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "http" not in re.sub(r'http-equiv|charset="?utf-8', "", answer.text)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert not re.search(r"https?:|\*", policy)
    links = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert len(links) >= 4
    for link in links:
        assert (await api.get(link)).status_code == 200, link


@pytest.mark.parametrize("package", SERVED)
async def test_assets_have_their_type(api: Api, package: str) -> None:
    types = {"js": "javascript", "css": "text/css", "png": "image/png"}
    for name in SERVED[package]:
        answer = await api.get(f"/docs/assets/{package}/{name}")
        assert answer.status_code == 200
        assert types[name.rsplit(".", 1)[1]] in answer.headers["content-type"]
        assert answer.content == (ASSETS / package / name).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "swagger-ui/LICENSE",
        "pages/docs.html",
        "pages/..",
        "nothing/docs.js",
        "../problems.py",
        "pages/%2e%2e%2f%2e%2e%2fapp.py",
        "swagger-ui/..%2f..%2fapp.py",
    ],
)
async def test_nothing_else_is_served(api: Api, path: str) -> None:
    answer = await api.get(f"/docs/assets/{path}")
    assert answer.status_code == 404


@pytest.mark.parametrize("package", ["swagger-ui", "redoc"])
def test_the_taken_files_come_with_their_licence(package: str) -> None:
    assert (ASSETS / package / "LICENSE").is_file()
    assert package in (ASSETS / "README.md").read_text()
