"""The contracts catch stores that break their rules: one broken store for each."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any
from uuid import UUID

import msgspec
import pytest

from eventanalytics.domain.access import AccountId
from eventanalytics.domain.events import Event, ProjectId, Verdict
from eventanalytics.domain.filters import EventFilter
from eventanalytics.memory import InMemoryAccountStore, InMemoryEventStore
from eventanalytics.ports.events import Position
from eventanalytics.testing import contracts
from eventanalytics.testing.contracts import AccountStoreContract, EventStoreContract
from eventanalytics.testing.contracts.event_store_keeping import (
    EventStoreKeepingContract as Keeping,
)
from eventanalytics.testing.contracts.event_store_listing import (
    EventStoreListingContract as Listing,
)

replace = msgspec.structs.replace


class Altering(InMemoryEventStore):
    """Keeps something else than it is given."""

    def altered(self, event: Event) -> Event:
        raise NotImplementedError

    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        return await super().append(project, [self.altered(event) for event in events])


class Milliseconds(Altering):
    def altered(self, event: Event) -> Event:
        at = event.occurred_at
        return replace(event, occurred_at=at.replace(microsecond=at.microsecond // 1000 * 1000))


class ShortTexts(Altering):
    def altered(self, event: Event) -> Event:
        return replace(event, user_id=event.user_id[:100])


class NumbersAsFloats(Altering):
    def altered(self, event: Event) -> Event:
        kept = {k: float(v) if type(v) is int else v for k, v in event.properties.items()}
        return replace(event, properties=kept)


class BooleansAsNumbers(Altering):
    def altered(self, event: Event) -> Event:
        kept = {k: int(v) if v in (True, False) else v for k, v in event.properties.items()}
        return replace(event, properties=kept)


class NullsAsMissing(Altering):
    def altered(self, event: Event) -> Event:
        kept = {key: value for key, value in event.properties.items() if value is not None}
        return replace(event, properties=kept)


class LastWins(InMemoryEventStore):
    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        verdicts = await super().append(project, events)
        self._events[project].update({event.event_id: event for event in events})
        return verdicts


class OneWorld(InMemoryEventStore):
    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        return await super().append(ProjectId(0), events)

    async def get(self, project: ProjectId, event_id: UUID) -> Event | None:
        return await super().get(ProjectId(0), event_id)


class ReceiptIsContent(InMemoryEventStore):
    async def append(self, project: ProjectId, events: Sequence[Event]) -> Sequence[Verdict]:
        known = {event.event_id: event for event in self.all(project)}
        verdicts = await super().append(project, events)
        return [
            Verdict.CONFLICT if known.get(event.event_id, event) != event else verdict
            for event, verdict in zip(events, verdicts, strict=True)
        ]


class Relisting(InMemoryEventStore):
    """Lists in another order, or something else."""

    def relisted(self, found: Sequence[Event]) -> Sequence[Event]:
        raise NotImplementedError

    async def list(
        self,
        project: ProjectId,
        wanted: EventFilter,
        *,
        limit: int,
        offset: int = 0,
        after: Position | None = None,
    ) -> Sequence[Event]:
        found = await super().list(project, wanted, limit=limit, offset=offset, after=after)
        return self.relisted(found)


class EarliestFirst(Relisting):
    def relisted(self, found: Sequence[Event]) -> Sequence[Event]:
        return found[::-1]


class ByOccurrenceAlone(Relisting):
    def relisted(self, found: Sequence[Event]) -> Sequence[Event]:
        return sorted(found, key=lambda event: (event.occurred_at, event.event_id), reverse=True)


class IdsByTheirLastHalf(Relisting):
    def relisted(self, found: Sequence[Event]) -> Sequence[Event]:
        order: Callable[[Event], Any] = lambda e: (*e.order[:2], e.event_id.int % 2**64)  # noqa: E731
        return sorted(found, key=order, reverse=True)


class CaseSensitiveNames(InMemoryAccountStore):
    async def find_by_username(self, username: str) -> Any:
        found = await super().find_by_username(username)
        return found if found and found[0].username == username else None


class ForgetfulOfInactiveAccounts(InMemoryAccountStore):
    async def find(self, account: AccountId) -> Any:
        found = await super().find(account)
        return found if found and found.is_active else None


NOT_IN_ORDER = {"arrival": (0, 1, 2)}
BROKEN_EVENT_STORES: list[tuple[type[InMemoryEventStore], Any, dict[str, Any]]] = [
    (
        Milliseconds,
        Keeping.test_the_same_id_with_other_content_is_a_conflict_and_the_first_stays,
        {"part": "occurred_at"},
    ),
    (ShortTexts, Keeping.test_any_text_comes_back_as_it_was, {"text": "x" * 200}),
    (NumbersAsFloats, Keeping.test_any_number_comes_back_as_it_was, {"number": 2**53 + 1}),
    (
        BooleansAsNumbers,
        Keeping.test_unequal_json_is_other_content,
        {"one": {"a": True}, "other": {"a": 1}, "known": True},
    ),
    (
        NullsAsMissing,
        Keeping.test_unequal_json_is_other_content,
        {"one": {"a": None}, "other": {}, "known": False},
    ),
    (LastWins, Keeping.test_a_batch_is_judged_by_what_was_stored_before_it, {}),
    (LastWins, Keeping.test_within_a_batch_the_first_of_an_id_wins, {}),
    (OneWorld, Keeping.test_projects_never_mix, {}),
    (ReceiptIsContent, Keeping.test_the_time_of_receipt_is_no_content, {}),
    (EarliestFirst, Listing.test_the_latest_occurred_comes_first, NOT_IN_ORDER),
    (ByOccurrenceAlone, Listing.test_of_one_instant_the_latest_received_comes_first, NOT_IN_ORDER),
    (IdsByTheirLastHalf, Listing.test_of_one_receipt_the_highest_id_comes_first, {}),
]


def new_projects() -> Callable[[], Any]:
    ids = count(1)

    async def make() -> ProjectId:
        return ProjectId(next(ids))

    return make


@pytest.mark.parametrize(("broken", "rule", "case"), BROKEN_EVENT_STORES)
async def test_a_broken_event_store_is_caught(
    broken: type[InMemoryEventStore], rule: Any, case: dict[str, Any]
) -> None:
    suite = EventStoreContract()
    await rule(suite, event_store=InMemoryEventStore(), new_project=new_projects(), **case)
    with pytest.raises(AssertionError):
        await rule(suite, event_store=broken(), new_project=new_projects(), **case)


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (
            CaseSensitiveNames,
            AccountStoreContract.test_a_username_is_found_in_any_case_and_kept_in_its_own,
        ),
        (
            ForgetfulOfInactiveAccounts,
            AccountStoreContract.test_an_account_is_made_inactive_and_active_again,
        ),
    ],
)
async def test_a_broken_account_store_is_caught(
    broken: type[InMemoryAccountStore], rule: Any
) -> None:
    await rule(AccountStoreContract(), account_store=InMemoryAccountStore())
    with pytest.raises(AssertionError):
        await rule(AccountStoreContract(), account_store=broken())


def test_the_documented_example_runs(tmp_path: Path) -> None:
    documentation = contracts.__doc__ or ""
    indented = documentation.split(".. code-block:: python")[1].split("The fixtures, by suite:")[0]
    module = tmp_path / "test_our_adapters.py"
    module.write_text(dedent(indented), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nanyio_mode = auto\n", encoding="utf-8")
    some = "projects_never_mix or empty_overview or overview_is"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", some]
    ran = subprocess.run(
        [*command, str(module)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "3 passed" in ran.stdout, ran.stdout
