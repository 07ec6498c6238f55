"""The folder of the server's socket: a short path that nobody else can have made before us.

The path of a socket may have about 100 bytes, which a data folder's can exceed. So it lies
in ``/tmp``, under a name that cannot be foreseen; other processes read it from the
``postmaster.pid`` of the running server.
"""

import shutil
import tempfile
from pathlib import Path

from eventanalytics_adapters.embedded.account import Account

# Not tempfile.gettempdir(): $TMPDIR may be long, or closed to the account.
TMP = Path("/tmp")  # noqa: S108 - mkdir and mkdtemp below refuse a name that is taken
PREFIX = "eventanalytics-"


def make_socket_folder(account: Account, *, previous: Path | None) -> Path:
    """Return a new folder for the account alone.

    It takes the place of the *previous* one that a crash has left, so that those who still
    know the address find the new server there.
    """
    folder = _remade(previous) if previous else None
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=TMP))
    account.own(folder)
    return folder


def remove_socket_folder(folder: Path) -> None:
    """Remove a folder that `make_socket_folder` has made; leave any other alone."""
    if folder.parent == TMP and folder.name.startswith(PREFIX):
        shutil.rmtree(folder, ignore_errors=True)  # a symbolic link it does not follow


def _remade(folder: Path) -> Path | None:
    if folder.parent != TMP or not folder.name.startswith(PREFIX):
        return None
    remove_socket_folder(folder)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return None
    return folder
