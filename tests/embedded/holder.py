"""A process that uses a data folder until its standard input ends.

Run by the tests as ``python holder.py DATA_DIR BASE PACKAGE [ACCOUNT]``. It becomes ACCOUNT
when everything is imported, for that account may not be able to read this Python.
"""

import os
import pwd
import sys
from pathlib import Path

from eventanalytics_adapters.embedded import EmbeddedPostgres


def say(kind: str, text: object) -> None:
    print(kind, text, flush=True)  # noqa: T201 - the tests read it


def become(name: str) -> None:
    entry = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def main(data_dir: str, base: str, package: str, *account: str) -> None:
    for name in account:
        become(name)
    postgres = EmbeddedPostgres(
        Path(data_dir),
        report=lambda sentence: say("report", sentence),
        base=Path(base),
        package=Path(package),
    )
    with postgres.running() as dsn:
        say("dsn", dsn)
        sys.stdin.read()
    say("left", "")


main(*sys.argv[1:])
