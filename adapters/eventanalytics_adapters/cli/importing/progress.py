"""How far an import is: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from eventanalytics_adapters.cli.importing.pipeline import Tally

LINE_EVERY_SECONDS = 5.0


class Screen:
    """Shows sentences above the progress, and the progress itself.

    *total* is what `Tally.done` is at the end, where that is known.
    """

    def __init__(self, console: Console, tally: Tally, total: int | None) -> None:
        self._console, self._tally, self._total = console, tally, total
        self._began = time.monotonic()

    def begin(self) -> None:
        """Start the clock: connecting is not what is measured."""
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it takes so far."""
        return time.monotonic() - self._began

    @property
    def events_per_second(self) -> float:
        """How many rows were read a second, so far."""
        return self._tally.read / max(self.seconds, 1e-6)

    def show(self, sentence: str) -> None:
        """Show a sentence that stays."""
        self._console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self) -> Generator[Callable[[], None]]:
        """Give what is to be called after each batch."""
        if self._console.is_terminal:
            with self._bar() as update:
                yield update
        else:
            yield self._lines()

    @contextmanager
    def _bar(self) -> Generator[Callable[[], None]]:
        with Progress(
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            _RateColumn(self),
            TextColumn("ETA"),
            TimeRemainingColumn(compact=True),
            console=self._console,
            expand=True,
        ) as bar:
            task = bar.add_task("", total=self._total)

            def update() -> None:
                bar.update(task, completed=self._tally.done)

            yield update
            # Blank lines are in the file and in no record.
            bar.update(task, completed=self._total or self._tally.done)

    def _lines(self) -> Callable[[], None]:
        last = self._began

        def update() -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= LINE_EVERY_SECONDS:
                last = now
                self.show(self._line())

        return update

    def _line(self) -> str:
        line = self.pace()
        if self._total:
            done = self._tally.done / self._total
            remaining = self.seconds * (1 - done) / max(done, 1e-6)
            line += f", {done:.0%}, about {remaining:,.0f} s left"
        return line

    def pace(self) -> str:
        """Return how many rows there were, and how many a second."""
        return f"{self._tally.read:,} rows, {self.events_per_second:,.0f} events/s"

    def summary(self) -> str:
        """Return the last line: what became of the rows, and how long it took."""
        tally = self._tally
        return (
            f"read {tally.read:,}, created {tally.created:,}, duplicates {tally.duplicates:,}, "
            f"conflicts {tally.conflicts:,}, rejected {tally.rejected:,}, "
            f"{self.seconds:.1f} s, {self.events_per_second:,.0f} events/s"
        )


class _RateColumn(ProgressColumn):
    """Rows so far, and how many a second."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def render(self, task: Task) -> Text:  # noqa: ARG002 - rich asks with it
        return Text(self._screen.pace())
