"""Settings, read from a mapping such as the environment: the only place that knows their names."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from psycopg.conninfo import make_conninfo

from eventanalytics.errors import InvalidInputError

MIN_SECRET_BYTES = 32

_SECRETS = frozenset({"postgres_password", "database_url", "jwt_secret_key", "admin_password"})
_Port = Annotated[int, Meta(ge=1, le=65535)]
_Positive = Annotated[int, Meta(ge=1)]


class SettingsError(InvalidInputError):
    """A setting is missing or has no meaning; the fault's path is its name."""

    code = "invalid_settings"


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="upper"):
    """Every setting with its default. The name outside is the name here in capitals."""

    database_url: str | None = None
    """Where Postgres is, as a libpq address; goes before the POSTGRES_ settings."""
    postgres_host: str | None = None
    """Without this and without DATABASE_URL the embedded Postgres is used."""
    postgres_port: _Port = 5432
    postgres_user: str = "eventanalytics"
    postgres_password: str | None = None
    postgres_db: str = "eventanalytics"
    postgres_pool_size: _Positive = 10
    """Connections of each worker process at most."""
    statement_timeout_seconds: Annotated[float, Meta(gt=0)] = 30.0
    """A statement that takes longer is given up."""

    jwt_secret_key: str | None = None
    """Signs access tokens; 32 bytes or more. The embedded default makes its own."""
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    jwt_access_token_expire_minutes: _Positive = 30

    admin_username: str = "admin"
    admin_email: str = "admin@localhost"
    admin_password: str | None = None
    """Of the first account, made at the first start; without it one is generated and shown once."""

    max_batch_events: _Positive = 1000
    max_body_bytes: _Positive = 40 * 1024 * 1024

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    debug: bool = False
    """Logs for a person's eyes instead of JSON, at level DEBUG."""

    def __repr__(self) -> str:
        shown = (
            f"{name}={'***' if name in _SECRETS and value else repr(value)}"
            for name, value in msgspec.structs.asdict(self).items()
        )
        return f"Settings({', '.join(shown)})"

    @property
    def conninfo(self) -> str | None:
        """The libpq connection string of the Postgres that is set; None means the embedded one."""
        if self.database_url:
            return self.database_url
        if not self.postgres_host:
            return None
        return make_conninfo(
            host=self.postgres_host,
            port=self.postgres_port,
            user=self.postgres_user,
            password=self.postgres_password,
            dbname=self.postgres_db,
        )


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings; an empty value counts as not given.

    Raises:
        SettingsError: A value has no meaning; the fault names the setting.
    """
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    if "LOG_LEVEL" in given:
        given["LOG_LEVEL"] = given["LOG_LEVEL"].upper()
    try:
        return msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise SettingsError.of(place.rstrip("`"), "invalid_setting", message) from None


def check_secret(secret: str | None) -> str:
    """Return the secret that signs tokens.

    Raises:
        SettingsError: There is none, or it is easily guessed.
    """
    if not secret:
        problem = "is not set"
    elif len(secret.encode()) < MIN_SECRET_BYTES:
        problem = f"has fewer than {MIN_SECRET_BYTES} bytes"
    elif len(set(secret)) < MIN_SECRET_BYTES // 4:
        problem = "repeats the same few characters"
    else:
        return secret
    message = (
        f"JWT_SECRET_KEY {problem}: set it to at least {MIN_SECRET_BYTES} random bytes, "
        'such as python -c "import secrets; print(secrets.token_urlsafe(48))" prints'
    )
    raise SettingsError.of("JWT_SECRET_KEY", "weak_secret", message)
