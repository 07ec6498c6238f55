"""The rules that every adapter must pass: one suite a port, for this package's and for your own.

Inherit a suite and give the fixtures that it asks for, at module level. A whole test module, where
the adapters in memory stand for yours:

.. code-block:: python

    from itertools import count

    import pytest

    from eventanalytics import ProjectId
    from eventanalytics.memory import InMemoryEventStore, InMemoryInsights
    from eventanalytics.testing.contracts import EventStoreContract, InsightsContract


    @pytest.fixture(scope="session")
    def anyio_backend():
        return "asyncio"


    @pytest.fixture(scope="module")
    async def event_store():
        yield InMemoryEventStore()  # open yours before, close it after


    @pytest.fixture(scope="module")
    def insights(event_store):
        return InMemoryInsights(event_store)


    @pytest.fixture(scope="module")
    def new_project():
        ids = count(1)

        async def make():
            return ProjectId(next(ids))

        return make


    class TestOurEventStore(EventStoreContract):
        pass


    class TestOurInsights(InsightsContract):
        pass

The fixtures, by suite:

========================  =========================================================================
`EventStoreContract`      ``event_store``, ``new_project``
`InsightsContract`        ``insights``, ``event_store`` (which has the events), ``new_project``
`ProjectStoreContract`    ``project_store``
`AccountStoreContract`    ``account_store``
`KeyStoreContract`        ``key_store``, ``project_store`` (its projects have the keys)
========================  =========================================================================

``new_project`` is a `NewProject`: an async callable that returns the id of a project without
events. Each example works in new projects, so that nothing has to be cleaned up; the stores of a
module may keep whatever earlier examples left, and no one else may write to them meanwhile.
Fixtures of the whole module are best: one pool, one event loop.

The tests are async and run by AnyIO's pytest plugin (set ``anyio_mode = "auto"``). How many
examples each rule tries is your Hypothesis profile's business; load it before the suites are
imported. For readable failures, let pytest rewrite the assertions, in ``conftest.py``:

.. code-block:: python

    pytest.register_assert_rewrite("eventanalytics.testing.contracts")
"""

from eventanalytics.testing.contracts.access import AccountStoreContract, KeyStoreContract
from eventanalytics.testing.contracts.event_store import EventStoreContract
from eventanalytics.testing.contracts.insights import InsightsContract
from eventanalytics.testing.contracts.projects import ProjectStoreContract
from eventanalytics.testing.contracts.rules import NewProject

__all__ = [
    "AccountStoreContract",
    "EventStoreContract",
    "InsightsContract",
    "KeyStoreContract",
    "NewProject",
    "ProjectStoreContract",
]
