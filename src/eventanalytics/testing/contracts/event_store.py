"""The rules of `EventStore`, in three parts: what is kept, what is listed, and both at random."""

from eventanalytics.testing.contracts.event_store_keeping import EventStoreKeepingContract
from eventanalytics.testing.contracts.event_store_listing import EventStoreListingContract
from eventanalytics.testing.contracts.event_store_model import EventStoreModelContract


class EventStoreContract(
    EventStoreKeepingContract, EventStoreListingContract, EventStoreModelContract
):
    """Every rule of `eventanalytics.ports.events.EventStore`.

    Fixtures: ``event_store``, ``new_project``. Source: docs/semantics.md, "Events" and "Filters".
    """
