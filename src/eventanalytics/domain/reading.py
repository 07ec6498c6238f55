"""Read submitted events: a whole JSON body in one decode; event by event only to name the faults.

Source: docs/semantics.md, "Events".
"""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import msgspec

from eventanalytics.domain.events import Refusal, Submission
from eventanalytics.domain.json_values import printable
from eventanalytics.errors import Fault, InvalidBatchError, InvalidEventError

Reading: TypeAlias = Submission | Refusal
"""What became of one event of a batch."""

MAX_BATCH_EVENTS = 1000


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    events: list[Submission]


_decode_batch = msgspec.json.Decoder(_Batch).decode
_decode_submission = msgspec.json.Decoder(Submission).decode
_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_LONGEST_INTEGER = 400  # digits; longer ones fit no number type, and are slow to convert

_REQUIRED = ("event_id", "user_id", "event_type", "occurred_at")
_FIELDS = (*_REQUIRED, "properties")
_EXPECTED = {
    "event_id": (
        UUID,
        "invalid_uuid",
        "must be a UUID such as 550e8400-e29b-41d4-a716-446655440000",
    ),
    "user_id": (str | int, "invalid_type", "must be a text or an integer"),
    "event_type": (str, "invalid_type", "must be a text"),
    "occurred_at": (
        datetime,
        "invalid_datetime",
        "must be an ISO 8601 date and time such as 2025-01-13T10:30:00Z",
    ),
}
_STAND_INS: Mapping[str, Any] = {
    "event_id": UUID(int=0),
    "user_id": "-",
    "event_type": "-",
    "occurred_at": datetime(2000, 1, 1),  # noqa: DTZ001
    "properties": {},
}


def read_batch(body: bytes | bytearray, *, max_events: int = MAX_BATCH_EVENTS) -> Sequence[Reading]:
    """Read ``{"events": [...]}``: one reading an event, in order.

    Raises:
        InvalidBatchError: The body is not JSON, not such an object, or has no event or more than
            *max_events*: there is nothing to give a verdict on.
    """
    readings: Sequence[Reading]
    try:
        readings = _decode_batch(body).events
    except _UNDECODABLE:
        readings = [read_event(raw, f"events[{i}]") for i, raw in enumerate(_raw_events(body))]
    if not readings:
        raise InvalidBatchError([Fault("events", "empty_batch", "must hold at least one event")])
    if len(readings) > max_events:
        message = f"holds {len(readings)} events, at most {max_events} are allowed"
        raise InvalidBatchError([Fault("events", "too_many_events", message)])
    return readings


def read_event(raw: object, path: str = "") -> Reading:
    """Read one event that is given as a mapping of JSON (or Python) values.

    Returns the submission, or a refusal that names every fault with its path below *path*.

    >>> read_event({"event_id": 7}).faults[0].code
    'invalid_uuid'
    """
    if not isinstance(raw, Mapping):
        return Refusal((Fault(path, "invalid_type", "an event must be an object"),))
    given = dict(cast("Mapping[str, Any]", raw))
    faults: list[Fault] = []
    for field in _REQUIRED:
        if field not in given:
            faults.append(Fault(field, "missing_field", "is required"))
            continue
        kind, code, message = _EXPECTED[field]
        try:
            given[field] = msgspec.convert(given[field], kind)
        except (msgspec.ValidationError, RecursionError, UnicodeEncodeError):
            faults.append(Fault(field, code, message))
            del given[field]
    for field in sorted(given.keys() - set(_FIELDS), key=str):
        faults.append(Fault(printable(str(field)), "unknown_field", "is not a field of an event"))
        del given[field]
    try:
        submission = Submission(**{**_STAND_INS, **given})
    except InvalidEventError as error:
        faults.extend(error.faults)
    else:
        if not faults:
            return submission
    return Refusal(tuple(fault.under(path) for fault in faults), given.get("event_id"))


def read_json_event(body: bytes | bytearray, path: str = "") -> Reading:
    """Read one event from its own JSON text, such as a line of NDJSON."""
    try:
        return _decode_submission(body)
    except _UNDECODABLE:
        try:
            return read_event(_decode_leniently(body), path)
        except InvalidBatchError as error:
            return Refusal(tuple(fault.under(path) for fault in error.faults))


def _raw_events(body: bytes | bytearray) -> Sequence[object]:
    """Return the members of ``events``, whatever they are."""
    batch = _decode_leniently(body)
    if not isinstance(batch, dict):
        raise InvalidBatchError([Fault("", "invalid_batch", 'must be an object {"events": [...]}')])
    fields = cast("dict[str, object]", batch)
    if unknown := sorted(fields.keys() - {"events"}):
        fault = Fault(printable(unknown[0]), "unknown_field", "is not a field of a batch")
        raise InvalidBatchError([fault])
    events = fields.get("events")
    if not isinstance(events, list):
        code = "invalid_type" if "events" in fields else "missing_field"
        raise InvalidBatchError([Fault("events", code, "must be a list of events")])
    return cast("list[object]", events)


def _decode_leniently(body: bytes | bytearray) -> object:
    """Decode JSON with the values that no store can hold still in it, so that they can be named.

    msgspec gives up a whole body for one number beyond the range of floats, or for one half of a
    surrogate pair (which browsers send when they cut an emoji in two).
    """
    try:
        return json.loads(
            bytes(body).decode(), parse_int=_parse_integer, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise InvalidBatchError([Fault("", "too_deep", "is nested too deep to be read")]) from None
    except ValueError as error:
        raise InvalidBatchError([Fault("", "invalid_json", f"is not JSON: {error}")]) from None


def _parse_integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else math.inf


def _refuse_constant(name: str) -> float:
    message = f"{name} is no JSON value"
    raise ValueError(message)
