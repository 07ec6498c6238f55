"""From options to an answer on standard output: what every command of ``query`` does."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode

import click
from click.core import ParameterSource

from eventanalytics.domain.projects import DEFAULT_SLUG
from eventanalytics.errors import Fault, InvalidQueryError, UnknownProjectError
from eventanalytics.memory import SystemClock
from eventanalytics_adapters.cli.querying import output
from eventanalytics_adapters.cli.querying.faults import in_file, in_options
from eventanalytics_adapters.cli.querying.moments import bounds
from eventanalytics_adapters.cli.querying.options import (
    BESIDE_FILE,
    body_options,
    output_options,
    parameter_options,
    place_options,
)
from eventanalytics_adapters.cli.querying.over_http import ask_server
from eventanalytics_adapters.cli.querying.questions import QUESTIONS
from eventanalytics_adapters.cli.querying.where import WrittenCondition
from eventanalytics_adapters.cli.store import Entry, Store, pass_entry

Members: TypeAlias = Mapping[str, Any]
"""What a question has beside the common: members of its body, or parameters."""
Options: TypeAlias = dict[str, Any]
Say: TypeAlias = Callable[[Sequence[Fault]], str]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a question is asked (a running server, or a database), and how it is answered."""

    url: str | None
    key: str | None
    project: str | None
    data_dir: Path
    form: output.Form

    @classmethod
    def taken(cls, options: Options) -> "Place":
        """Take the options that say it out of *options*.

        Raises:
            click.UsageError: They contradict each other.
        """
        as_json, as_csv = options.pop("as_json"), options.pop("as_csv")
        if as_json and as_csv:
            raise click.UsageError("--json and --csv: only one of them can be given")
        form = output.Form.JSON if as_json else output.Form.CSV if as_csv else output.Form.PICTURE
        names = ("url", "key", "project", "data_dir")
        place = cls(**{name: options.pop(name) for name in names}, form=form)
        if place.url is not None and not re.match(r"https?://[^/\s]", place.url):
            raise click.UsageError("--url must be an address such as https://events.example.org")
        if place.url is not None and not place.key:
            raise click.UsageError("--url needs --key, or EVENTANALYTICS_KEY in the environment")
        return place

    def ask(self, entry: Entry, kind: str, make: Callable[[], bytes], say: Say) -> None:
        """Ask what *make* makes, and write the answer; *say* turns faults into a sentence.

        Raises:
            click.UsageError: What is asked has no meaning, or there is no such project.
            EventAnalyticsError: The place cannot be asked now.
        """
        try:
            answer = self._answer(entry, kind, make())
        except InvalidQueryError as error:
            raise click.UsageError(say(error.faults)) from None
        except UnknownProjectError:
            name = self.project or DEFAULT_SLUG
            raise click.UsageError(f"--project: there is no project {name!r}") from None
        output.write(kind, answer, self.form)

    def _answer(self, entry: Entry, kind: str, asked: bytes) -> bytes:
        question = QUESTIONS[kind]
        if self.url is not None and self.key is not None:
            return ask_server(question, asked, url=self.url, key=self.key, project=self.project)
        question.check(asked)  # before a database is started for it
        with entry.store(self.data_dir) as store:
            return asyncio.run(_answer(store, kind, self.project or DEFAULT_SLUG, asked))


def asks_with_body(kind: str) -> Callable[[Callable[..., Members]], Callable[..., None]]:
    """Make a command of a function that turns its own options into members of the body."""

    def decorate(members: Callable[..., Members]) -> Callable[..., None]:
        @wraps(members)
        def command(
            entry: Entry,
            *,
            since: str | None,
            until: str | None,
            timezone: str,
            week_start: str,
            where: Sequence[tuple[str, WrittenCondition]],
            file: str | None,
            **options: Any,  # noqa: ANN401 - as click has it
        ) -> None:
            place = Place.taken(options)
            if file is not None:
                _refuse_beside_file()
                place.ask(entry, kind, lambda: _read(file), lambda faults: in_file(faults, file))
                return
            own = members(**options)

            def body() -> bytes:
                first, last = bounds(since, until, timezone, SystemClock().now())
                common = {
                    "range": {"from": first, "to": last},
                    "timezone": timezone,
                    "week_start": week_start,
                    "where": [condition for _, condition in where],
                }
                return json.dumps({**common, **own}).encode()

            texts = [text for text, _ in where]
            place.ask(entry, kind, body, lambda faults: in_options(faults, texts))

        return pass_entry(all_options(body_options)(command))

    return decorate


def asks_with_parameters(kind: str) -> Callable[[Callable[..., Members]], Callable[..., None]]:
    """Make a command of a function that turns its own options into parameters."""

    def decorate(members: Callable[..., Members]) -> Callable[..., None]:
        @wraps(members)
        def command(
            entry: Entry,
            *,
            since: str | None,
            until: str | None,
            timezone: str,
            segment: Sequence[str],
            **options: Any,  # noqa: ANN401 - as click has it
        ) -> None:
            place = Place.taken(options)
            own = members(**options)

            def parameters() -> bytes:
                first, last = bounds(since, until, timezone, SystemClock().now())
                common = {"from": first, "to": last, "timezone": timezone, "segment": segment}
                return urlencode({**common, **own}, doseq=True).encode()

            place.ask(entry, kind, parameters, lambda faults: in_options(faults, ()))

        return pass_entry(all_options(parameter_options)(command))

    return decorate


def all_options(
    of_question: Callable[[Callable[..., None]], Callable[..., None]],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what adds the options of a question, of its place, and of the output."""
    return lambda command: of_question(place_options(output_options(command)))


def _refuse_beside_file() -> None:
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        is_given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if is_given and name not in BESIDE_FILE:
            message = f"{parameter.opts[0]} has no meaning beside --file, which says all"
            raise click.UsageError(message)


def _read(file: str) -> bytes:
    with click.open_file(file, "rb") as source:
        content: bytes = source.read()
    return content


async def _answer(store: Store, kind: str, project: str, asked: bytes) -> bytes:
    async with store.open() as container:
        found = await container.find_project()(project)
        return await QUESTIONS[kind].answer(container, found.id, asked)
