"""Request bodies: read whole, within the size limit, of the one type that is taken."""

from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException

from eventanalytics.errors import InvalidInputError
from eventanalytics_adapters.http.errors import ClientDisconnectedError, UnsupportedMediaTypeError

T = TypeVar("T")

_CODES = (
    ("Object missing required field", "missing_field"),
    ("Object contains unknown field", "unknown_field"),
    ("Expected", "invalid_type"),
)


async def json_body(request: Request[Any, Any, Any]) -> bytes:
    """Return the body as sent.

    Raises:
        UnsupportedMediaTypeError: It is not declared to be JSON, or is compressed.
        RequestEntityTooLarge: It is larger than the route takes, whatever its length header says.
        ClientDisconnectedError: It never came to its end.
    """
    media_type, options = request.content_type
    charset = options.get("charset", "utf-8").lower()
    if media_type != "application/json" or charset not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMediaTypeError("send Content-Type: application/json, in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("send the body without Content-Encoding")
    try:
        return await request.body()
    except InternalServerException:  # what the framework raises for this, and for nothing else
        raise ClientDisconnectedError("the client left before the body's end") from None


async def read_json(request: Request[Any, Any, Any], shape: type[T]) -> T:
    """Return the body as a *shape*.

    Raises:
        InvalidInputError: It is not JSON, or not of this shape; the fault names the field.
    """
    body = await json_body(request)
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise _of_field(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInputError.of("", "invalid_json", "the body is not JSON") from None


def _of_field(text: str) -> InvalidInputError:
    message, _, place = text.partition(" - at `$")
    code = next((code for start, code in _CODES if message.startswith(start)), "invalid_value")
    path = place.strip("`.")
    if code in {"missing_field", "unknown_field"}:
        field = message.split("`")[1]
        path = f"{path}.{field}" if path else field
        message = "is required" if code == "missing_field" else "is not a field of this body"
    return InvalidInputError.of(path, code, message)
