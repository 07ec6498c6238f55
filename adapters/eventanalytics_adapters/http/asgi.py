"""The entry point of a worker process: ``eventanalytics_adapters.http.asgi:create``."""

import os

from litestar import Litestar

from eventanalytics_adapters.container import Container
from eventanalytics_adapters.http.app import create_app
from eventanalytics_adapters.logs import configure_logging
from eventanalytics_adapters.settings import check_secret, load_settings


def create() -> Litestar:
    """Make the application of the settings in the environment.

    Raises:
        SettingsError: A setting is missing or has no meaning.
    """
    settings = load_settings(os.environ)  # noqa: TID251 - this is an entry point
    check_secret(settings.jwt_secret_key)
    configure_logging(settings)
    return create_app(Container(settings=settings))
