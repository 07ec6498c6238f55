"""What lies in the data folder, and who may get at it."""

import os
import pwd
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eventanalytics_adapters.embedded.errors import PasswordMissingError, UnsafeFolderError


@dataclass(frozen=True, slots=True)
class Layout:
    """The names in a data folder. Ours are the folder, the password, the log and the locks."""

    data_dir: Path

    @property
    def cluster(self) -> Path:
        """Postgres' own files, or a symbolic link to them (see ``placement``)."""
        return self.data_dir / "postgres"

    @property
    def coming_link(self) -> Path:
        """What becomes that link when the files are complete."""
        return self.data_dir / "postgres.new"

    @property
    def password(self) -> Path:
        """The password of the only role that may log in."""
        return self.data_dir / "postgres-password"

    @property
    def log(self) -> Path:
        """What Postgres says; the previous one is kept beside it when it has become large."""
        return self.data_dir / "postgres.log"

    def lock(self, name: Literal["change", "holders", "server"]) -> Path:
        """A lock file; ``sharing`` says what each of them is for."""
        return self.data_dir / f"postgres-{name}.lock"


def own_folder(path: Path, *, mode: int, gid: int = -1) -> Path:
    """Return *path*, made with this *mode* (and group) if absent, never changed if present.

    Raises:
        UnsafeFolderError: It belongs to somebody else, or everybody may write to it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_unless_ours(path)
    else:
        os.chown(path, -1, gid)
        path.chmod(mode)  # whatever the umask is
    return path


def _refuse_unless_ours(path: Path) -> None:
    found = path.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise UnsafeFolderError(path, "is not a folder")
    if found.st_uid != os.geteuid():
        raise UnsafeFolderError(
            path, f"belongs to {_name(found.st_uid)}; start it as that user, or give it to us"
        )
    if found.st_mode & stat.S_IWOTH:
        raise UnsafeFolderError(path, "everybody may write to it; choose a folder inside it")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def read_password(path: Path) -> str:
    """Return the password.

    Raises:
        PasswordMissingError: There is no such file.
    """
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        raise PasswordMissingError(path) from None


def ensure_password(path: Path) -> str:
    """Return the password, made and kept for us alone if there is none yet."""
    if not path.exists():
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - Path.open cannot set the mode
            file.write(f"{secrets.token_urlsafe(32)}\n")
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
    return read_password(path)
