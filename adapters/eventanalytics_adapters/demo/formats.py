"""Deliveries as lines of a file, in the forms that can be imported or posted."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from eventanalytics_adapters.demo.world import Delivery


class Format(NamedTuple):
    """A form of file: what it begins with, and a line for a delivery."""

    header: str
    line: Callable[[Delivery], str]


def _csv(delivery: Delivery) -> str:
    _, event_id, occurred_at, user_id, event_type, properties, _ = delivery
    quoted = properties.replace('"', '""')
    return f'{event_id},{occurred_at},{user_id},{event_type},"{quoted}"\n'


def _ndjson(delivery: Delivery) -> str:
    _, event_id, occurred_at, user_id, event_type, properties, _ = delivery
    return (
        f'{{"event_id":"{event_id}","occurred_at":"{occurred_at}","user_id":"{user_id}",'
        f'"event_type":"{event_type}","properties":{properties}}}\n'
    )


FORMATS: Mapping[str, Format] = {
    ".csv": Format("event_id,occurred_at,user_id,event_type,properties_json\n", _csv),
    ".ndjson": Format("", _ndjson),
}
"""The forms by the suffix of their files."""


def lines(form: Format, delivered: Iterable[Delivery]) -> bytes:
    """Return a line for each delivery, without the header."""
    return "".join(map(form.line, delivered)).encode()
