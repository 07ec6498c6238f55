"""What a person reads when the server has started; it fits into 80 columns."""

import json
import shlex
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from eventanalytics.usecases.prepare_first_use import FirstUse


class Welcome(msgspec.Struct, frozen=True, kw_only=True):
    """The facts to tell."""

    version: str
    address: str
    database: str
    """Where the data are, for a person's eyes: without a password."""
    first_use: FirstUse
    generated_password: str | None
    """The password of the admin made just now, if it is not one that the person has set."""
    options: str
    """What other commands have to be given to find the same data, such as ``--data-dir DIR``."""
    event_id: UUID
    now: datetime

    def lines(self) -> Iterator[str]:
        """Yield the text, line by line."""
        yield ""
        yield f"eventanalytics {self.version}"
        yield ""
        yield f"  Address     {self.address}"
        yield f"  API docs    {self.address}/docs"
        yield f"  Data        {self.database}"
        yield ""
        yield from self._secrets()
        yield from self._next_step()
        yield ""
        yield "Ctrl-C stops it."
        yield ""

    def _secrets(self) -> Iterator[str]:
        made = self.first_use
        if made.admin is not None or made.key is not None:
            yield "Made just now, and not shown again:"
            yield ""
        if made.admin is not None:
            yield f"  Username    {made.admin.username}"
            yield f"  Password    {self.generated_password or 'as set in ADMIN_PASSWORD'}"
        if made.key is not None:
            yield f"  Ingest key  {made.key}"
        if made.admin is not None or made.key is not None:
            yield ""
        if not made.has_accounts:
            yield "Nobody can sign in yet. To make an account, run"
            yield ""
            yield from self._command("create-admin --username admin --email you@example.org")
            yield ""

    def _next_step(self) -> Iterator[str]:
        if self.first_use.key is None:
            yield "Keys are shown only when they are made. To make another one, run"
            yield ""
            yield from self._command("create-key --name NAME")
            return
        yield "Send a first event:"
        yield ""
        yield from (f"  {line}" for line in self.curl(self.first_use.key))

    def curl(self, key: str) -> Iterator[str]:
        """Yield the lines of a command that sends an event; together they can be pasted."""
        event = {
            "event_id": str(self.event_id),
            "user_id": "ada",
            "event_type": "page_view",
            "occurred_at": f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
            "properties": {"path": "/pricing"},
        }
        fields = [f'  "{name}": {json.dumps(value)}' for name, value in event.items()]
        yield f"curl {self.address}/api/v1/events \\"
        yield f"  -H 'X-API-Key: {key}' \\"
        yield "  -H 'Content-Type: application/json' \\"
        yield '  -d \'{"events": [{'
        yield from (f"  {field}," for field in fields[:-1])
        yield f"  {fields[-1]}"
        yield "  }]}'"

    def _command(self, command: str) -> Iterator[str]:
        line = f"  eventanalytics {command}"
        if not self.options:
            yield line
        elif len(line) + 1 + len(self.options) <= 80:
            yield f"{line} {self.options}"
        else:
            yield f"{line} \\"
            yield f"    {self.options}"


def option(name: str, value: str) -> str:
    """Return a command line option as a shell takes it."""
    return f"{name} {shlex.quote(value)}"
