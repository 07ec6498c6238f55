"""A real Postgres of one's own, started from a wheel: no installation, no settings, no network.

    with EmbeddedPostgres(data_dir, report=print).running() as dsn:
        ...  # a libpq connection string, good for as long as the block lasts

Several processes may do so with one folder at once: the first starts the server, the others
join it, and whoever leaves last stops it. The modules, from the inside out:

* ``errors`` what can go wrong, in sentences for the person who started it;
* ``binaries`` where the wheel keeps Postgres' programs (``psql`` and ``pg_dump`` as well);
* ``account`` as whom Postgres runs, which is never root;
* ``layout``, ``placement`` what lies in the data folder, and where the rest goes when the
  account cannot get in there;
* ``locks``, ``waiting`` how processes take turns, and what they say meanwhile;
* ``cluster``, ``tuning``, ``sockets``, ``postmaster`` the parts of a server: files, settings,
  address and first process;
* ``server`` starts and stops one; ``sharing`` decides when.
"""

import sys

from eventanalytics_adapters.embedded.errors import EmbeddedPostgresError, UnsupportedSystemError

if sys.platform == "win32":
    raise UnsupportedSystemError(sys.platform)

from eventanalytics_adapters.embedded.binaries import Installation, find_installation
from eventanalytics_adapters.embedded.sharing import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "Installation", "find_installation"]
