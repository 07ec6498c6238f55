"""The OpenAPI 3.1 document, made of what the routes declare: it cannot say anything else."""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any, Final, TypeAlias

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from eventanalytics.domain.access import Permission
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.parameters import REQUIRED, Parameter
from eventanalytics_adapters.http.problem_examples import example_of, status_of
from eventanalytics_adapters.http.problems import MEDIA_TYPE, Problem
from eventanalytics_adapters.http.queries import PROJECT
from eventanalytics_adapters.http.security import Access, Openness

Json: TypeAlias = dict[str, Any]

_REF = "#/components/schemas/{name}"
_DESCRIPTION: Final = """\
Collects events, keeps every one exactly once, and answers product questions with numbers whose
meaning is written down.

Times are ISO 8601, UTC in answers. An error is an RFC 9457 problem with a stable `code`, and where
an input is wrong, `errors` names each field. Every answer has an `X-Request-ID`.
"""
_TAGS: Final = {
    "Authentication": "People sign in with a password and send the token they get.",
    "Events": "Record events and read them back.",
    "Statistics": "Quick questions over days of a local calendar.",
    "Queries": "Exact questions over any range, and the users behind every number of an answer.",
    "Discovery": "What a project's events are made of.",
    "Operations": "For those who run the server.",
}
_SECURITY_SCHEMES: Final = {
    "accessToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token of a person, from `POST /api/v1/auth/login`.",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The key of a program; may also be sent as a bearer token.",
    },
}
_CREDENTIALS: Final = (
    "missing_credentials",
    "ambiguous_credentials",
    "unsupported_scheme",
    "invalid_token",
    "expired_token",
    "inactive_account",
)
_REQUEST_ID: Final = {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}}
_HEADERS: Final[Mapping[int, Json]] = {
    401: {"WWW-Authenticate": {"$ref": "#/components/headers/Challenge"}},
    503: {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
}
_STATUS_TEXTS: Final = {
    401: "The caller did not prove who they are.",
    403: "The caller may not do this.",
    404: "There is no such thing.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "Something that was sent breaks a rule; `errors` names every field.",
    500: "The server failed; nothing about the request was wrong.",
    503: "The store cannot be reached or is overloaded; nothing was stored. Try again.",
    504: "The store took longer than it may; nothing was stored. Ask for less at a time.",
}


def document(app: Litestar) -> Json:
    """Return the OpenAPI document of every operation that *app* has."""
    found = list(_operations(app))
    types = [Problem, *(kind for _, _, operation in found for kind in _types(operation))]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    refs = dict(zip(types, schemas, strict=True))
    paths: dict[str, Json] = {}
    for path, method, operation in found:
        paths.setdefault(path, {})[method] = _describe(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "eventanalytics",
            "version": version("eventanalytics"),
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": _SECURITY_SCHEMES,
            "headers": {
                "RequestId": _header("Names this request in the log.", {"type": "string"}),
                "Challenge": _header("How to prove who one is.", {"type": "string"}),
                "RetryAfter": _header(
                    "After how many seconds to try again.", {"type": "integer", "minimum": 0}
                ),
            },
        },
    }


def _operations(app: Litestar) -> Iterator[tuple[str, str, Operation]]:
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    for route in sorted(routes, key=lambda route: route.path):
        for handler in route.route_handlers:
            operation = handler.opt.get("operation")
            if operation is not None:
                yield from (
                    (route.path_format, method.lower(), operation)
                    for method in sorted(handler.http_methods)
                )


def _types(operation: Operation) -> Iterator[Any]:
    if operation.body is not None:
        yield operation.body.type
    for answer in operation.answers.values():
        yield answer.type


def _describe(operation: Operation, refs: Mapping[Any, Json]) -> Json:
    described: Json = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "security": _security(operation.access),
    }
    if parameters := _parameters(operation):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = _body(operation.body, refs)
    described["responses"] = _responses(operation, refs)
    return described


def _security(access: Access) -> list[Json]:
    if access is Openness.PUBLIC:
        return []
    token: list[Json] = [{"accessToken": []}]
    return token if access is Openness.SIGNED_IN else [*token, {"apiKey": []}]


def _parameters(operation: Operation) -> list[Json]:
    in_path: list[Json] = [
        {"name": name, "in": "path", "required": True, **described}
        for name, described in operation.path_parameters.items()
    ]
    declared = operation.parameters.declared if operation.parameters is not None else ()
    return in_path + [_parameter(parameter) for parameter in declared]


def _parameter(parameter: Parameter[Any]) -> Json:
    described: Json = {
        "name": parameter.name.rstrip("."),
        "in": "query",
        "description": parameter.description,
        "required": parameter.default is REQUIRED,
        "schema": parameter.schema,
    }
    if parameter.example is not None and parameter.default is not REQUIRED:
        # Beside the schema, Swagger UI would fill it in, and every trial would ask for it.
        described["schema"] = {**parameter.schema, "examples": [parameter.example]}
    elif parameter.example is not None:
        described["example"] = parameter.example
    if parameter.is_prefix or parameter.is_repeatable:
        described |= {"style": "form", "explode": True}
    return described


def _body(body: Body, refs: Mapping[Any, Json]) -> Json:
    examples = {name: {"value": value} for name, value in body.examples.items()}
    content = {"application/json": {"schema": refs[body.type], "examples": examples}}
    return {"required": True, "content": content}


def _responses(operation: Operation, refs: Mapping[Any, Json]) -> Json:
    codes = _problem_codes(operation)
    return {
        str(status): _answer(operation.answers[status], codes.get(status, ()), refs)
        if status in operation.answers
        else _problem(status, codes[status], refs)
        for status in sorted(operation.answers.keys() | codes.keys())
    }


def _answer(answer: Answer, codes: tuple[str, ...], refs: Mapping[Any, Json]) -> Json:
    content: Json = {"schema": refs[answer.type]}
    if codes:
        content["examples"] = _examples(codes)
    else:
        content["example"] = answer.example
    return {
        "description": answer.description,
        "headers": _REQUEST_ID,
        "content": {answer.media_type: content},
    }


def _problem(status: int, codes: tuple[str, ...], refs: Mapping[Any, Json]) -> Json:
    return {
        "description": _STATUS_TEXTS[status],
        "headers": {**_REQUEST_ID, **_HEADERS.get(status, {})},
        "content": {MEDIA_TYPE: {"schema": refs[Problem], "examples": _examples(codes)}},
    }


def _examples(codes: tuple[str, ...]) -> Json:
    return {code: {"value": example_of(code)} for code in codes}


def _problem_codes(operation: Operation) -> dict[int, tuple[str, ...]]:
    """Return the codes of every problem that the operation may answer, by status."""
    codes = ["internal_error"]
    if operation.access is not Openness.PUBLIC:
        codes += [*_CREDENTIALS, "permission_denied", "store_unavailable", "query_timeout"]
    if isinstance(operation.access, Permission):
        codes.append("invalid_key")
    if operation.parameters is not None:
        codes.append("invalid_query")
        if PROJECT in operation.parameters.declared:
            codes.append("unknown_project")
    if operation.body is not None:
        codes += ["body_too_large", "unsupported_media_type"]
    codes += operation.problems
    grouped: dict[int, tuple[str, ...]] = {}
    for code in dict.fromkeys(codes):
        status = status_of(code)
        grouped[status] = (*grouped.get(status, ()), code)
    return grouped


def _header(description: str, schema: Json) -> Json:
    return {"description": description, "schema": schema}
