"""Asking a running server."""

from contextlib import suppress
from http import HTTPStatus

import httpx
import msgspec

from eventanalytics.errors import EventAnalyticsError, Fault, InvalidQueryError, UnknownProjectError
from eventanalytics_adapters.cli.querying.questions import Question

# A server gives a question up after its own limit, and says so; this is for one that says nothing.
TIMEOUT = httpx.Timeout(600.0, connect=10.0)


class ServerError(EventAnalyticsError):
    """A server could not be asked, or did not answer."""

    code = "server_error"


class _Problem(msgspec.Struct):
    code: str
    detail: str = ""
    errors: tuple[Fault, ...] = ()


def ask_server(
    question: Question,
    asked: bytes,
    *,
    url: str,
    key: str,
    project: str | None,
    transport: httpx.BaseTransport | None = None,
) -> bytes:
    """Return the answer of the server at *url*, as it sent it.

    Raises:
        InvalidQueryError: What is asked has no meaning.
        UnknownProjectError: There is no such project.
        ServerError: The server is not there, or does not answer for another reason.
    """
    with httpx.Client(headers={"X-API-Key": key}, timeout=TIMEOUT, transport=transport) as client:
        try:
            response = client.send(_request(client, question, asked, url, project))
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ServerError(f"{url}: {str(error) or type(error).__name__}") from None
    if response.status_code == HTTPStatus.OK:
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response.content
        raise ServerError(f"{url}: no server of this API answers there")
    problem = _problem(response)
    if problem.errors:
        raise InvalidQueryError(problem.errors)
    if problem.code == UnknownProjectError.code:
        raise UnknownProjectError(project or "")
    said = problem.detail or response.reason_phrase
    raise ServerError(f"{url} does not answer: {response.status_code} {said}")


def _request(
    client: httpx.Client, question: Question, asked: bytes, url: str, project: str | None
) -> httpx.Request:
    whole = httpx.URL(url.rstrip("/") + question.path)
    if not question.is_body:
        whole = whole.copy_with(query=asked)
    if project is not None:
        whole = whole.copy_merge_params({"project": project})
    if not question.is_body:
        return client.build_request("GET", whole)
    headers = {"Content-Type": "application/json"}
    return client.build_request("POST", whole, content=asked, headers=headers)


def _problem(response: httpx.Response) -> _Problem:
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(response.content, type=_Problem)
    return _Problem("")
