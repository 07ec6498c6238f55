"""How the tests run: the Hypothesis profiles, readable failures of the contracts, one event loop.

Choose a profile with ``pytest --hypothesis-profile=ci``; ``dev`` is the default.
"""

from importlib.util import find_spec

import pytest
from hypothesis import settings

# The core is also tested where no driver is installed.
pytest_plugins = ["postgres_servers"] if find_spec("psycopg") else []
pytest.register_assert_rewrite("eventanalytics.testing.contracts")

settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=300, derandomize=True)
settings.register_profile("nightly", deadline=None, max_examples=5_000)
settings.load_profile("dev")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
