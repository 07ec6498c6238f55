"""Looking after the embedded Postgres for as long as a server needs it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

LOOK_SECONDS = 3.0
LEAVE_SECONDS = 10.0


@contextmanager
def kept_running(data_dir: Path, report: Callable[[str], None]) -> Generator[None]:
    """Start the embedded Postgres again whenever it has died, until the block ends.

    It comes back at the same address, where the connection pools find it. What was acknowledged
    before is there: Postgres recovers it.
    """
    from eventanalytics_adapters.embedded import (  # noqa: PLC0415 - not where Windows cannot
        EmbeddedPostgres,
        EmbeddedPostgresError,
    )

    over = Event()

    def watch() -> None:
        while not over.wait(LOOK_SECONDS):
            try:
                # Whoever joins finds it alive, or starts it; the holder around us keeps it.
                with EmbeddedPostgres(data_dir, report=report).running():
                    pass
            except EmbeddedPostgresError as error:
                report(str(error))

    watcher = Thread(target=watch, name="embedded-postgres", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join(LEAVE_SECONDS)
