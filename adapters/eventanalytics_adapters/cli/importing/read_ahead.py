"""Reading the next item in a thread while the present one is dealt with."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def read_ahead(items: Iterable[T]) -> AsyncGenerator[T, None]:
    """Yield *items*, one of them read in advance.

    An error of the iterable is raised in its place. The thread is given up rather than waited for
    when the reading ends early: it may be waiting for a pipe into which nobody writes.
    """
    loop = asyncio.get_running_loop()
    arrived = asyncio.Queue[tuple[T] | Exception | None]()
    wanted = threading.Semaphore(0)
    given_up = threading.Event()

    def hand_over(item: tuple[T] | Exception | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is interested any more
            loop.call_soon_threadsafe(arrived.put_nowait, item)

    def read() -> None:
        try:
            for item in items:
                hand_over((item,))
                wanted.acquire()
                if given_up.is_set():
                    return
        except Exception as error:  # noqa: BLE001 - raised on the other side
            hand_over(error)
        else:
            hand_over(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        while (item := await arrived.get()) is not None:
            if isinstance(item, Exception):
                raise item
            wanted.release()
            yield item[0]
    finally:
        given_up.set()
        wanted.release()
