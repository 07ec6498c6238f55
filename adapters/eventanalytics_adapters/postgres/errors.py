"""The one place where errors of the driver become errors of the domain."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from eventanalytics.errors import (
    AlreadyExistsError,
    QueryTimeoutError,
    StoreUnavailableError,
)

TRANSIENT = (pg.DeadlockDetected, pg.SerializationFailure)
"""The server took this transaction back to let another go on: it may be tried again at once."""

_UNAVAILABLE = (
    psycopg.OperationalError,  # no connection, no free one, killed, shut down, out of time or space
    psycopg.InterfaceError,  # the connection was closed under the caller
    pg.ReadOnlySqlTransaction,  # a standby, or a server that is being switched over
    pg.IdleInTransactionSessionTimeout,
    pg.TransactionTimeout,
    *TRANSIENT,
)
_NOT_MIGRATED = (pg.UndefinedTable, pg.UndefinedColumn)


@contextmanager
def translated(unique: Mapping[str, tuple[str, str]] | None = None) -> Generator[None]:
    """Translate what the driver raises in the block; any other error passes as it is.

    *unique* maps the name of a unique constraint to the field and value that are taken when it is
    violated. No message repeats what the server said, which may hold addresses or data; the
    driver's error stays the cause.

    Raises:
        StoreUnavailableError: The store cannot be reached or cannot take the call now.
        QueryTimeoutError: The call took longer than the server's statement timeout.
        AlreadyExistsError: A constraint of *unique* is violated.
    """
    try:
        yield
    except pg.UniqueViolation as error:
        taken = (unique or {}).get(error.diag.constraint_name or "")
        if taken is None:
            raise
        raise AlreadyExistsError(*taken) from error
    except PoolTimeout as error:
        message = "no connection to the store became free in time"
        raise StoreUnavailableError(message) from error
    except pg.QueryCanceled as error:
        raise QueryTimeoutError from error
    except _NOT_MIGRATED as error:
        message = "the tables of the store are missing or old: it must be migrated"
        raise StoreUnavailableError(message) from error
    except _UNAVAILABLE as error:
        raise StoreUnavailableError from error
