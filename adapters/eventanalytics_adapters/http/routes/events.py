"""Record events, list them, find one."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from eventanalytics import read_batch
from eventanalytics.domain.access import Permission
from eventanalytics.domain.events import ProjectId, Receipt, Refusal
from eventanalytics.errors import InvalidInputError
from eventanalytics.usecases.list_events import GetEvent, ListEvents
from eventanalytics.usecases.record_events import RecordEvents
from eventanalytics_adapters.http import examples, queries
from eventanalytics_adapters.http.bodies import json_body
from eventanalytics_adapters.http.operation import Answer, Body, Operation
from eventanalytics_adapters.http.parameters import Asked
from eventanalytics_adapters.http.problems import MEDIA_TYPE, members
from eventanalytics_adapters.http.schemas import (
    BatchIn,
    EventOut,
    EventPageOut,
    ReceiptOut,
    RejectedBatch,
)
from eventanalytics_adapters.settings import Settings

RECORD = Operation(
    access=Permission.INGEST,
    name="recordEvents",
    tag="Events",
    summary="Record a batch of events",
    description=(
        "Keeps each event exactly once. The answer comes when the events are committed, with one "
        "entry an event in the order of the batch: `created`; `duplicate`, the same event was "
        "there; `conflict`, its id was there with other content, and what was stored first stays; "
        "`rejected`, with every reason. A rejected event harms no other. Repeating a request is "
        "always safe."
    ),
    parameters=queries.PROJECT_ONLY,
    body=Body(BatchIn, {"two events": examples.BATCH}),
    answers={
        201: Answer("No event is rejected.", ReceiptOut, examples.CREATED),
        207: Answer("Some events are rejected, the others are kept.", ReceiptOut, examples.PARTLY),
        422: Answer(
            "Every event is rejected, or the body is no batch, or a parameter is wrong.",
            RejectedBatch,
            None,
            MEDIA_TYPE,
        ),
    },
    problems=("all_rejected", "invalid_batch"),
)
LIST = Operation(
    access=Permission.READ,
    name="listEvents",
    tag="Events",
    summary="List events, the latest first",
    description=(
        "Events in the order `(occurred_at, received_at, event_id)`, descending. To read all, "
        "repeat the request with `cursor` set to each answer's `next_cursor` until that is null: "
        "every event that was there at the beginning is then listed exactly once."
    ),
    parameters=queries.OF_EVENTS,
    answers={200: Answer("One page of events.", EventPageOut, examples.EVENT_PAGE)},
)
GET = Operation(
    access=Permission.READ,
    name="getEvent",
    tag="Events",
    summary="Find one event",
    description="The event of the project with this id, as it was first stored.",
    parameters=queries.PROJECT_ONLY,
    path_parameters={
        "event_id": {
            "schema": {"type": "string", "format": "uuid"},
            "description": "The id that the sender gave it.",
            "example": examples.EVENT_ID,
        }
    },
    answers={200: Answer("The event.", EventOut, examples.EVENT)},
    problems=("unknown_event", "invalid_input"),
)


@post("/api/v1/events", opt={"operation": RECORD})
async def record(
    request: Request[Any, Any, Any],
    project: NamedDependency[ProjectId],
    settings: NamedDependency[Settings],
    record_events: NamedDependency[RecordEvents],
) -> Response[Any]:
    """Record a batch of events."""
    batch = read_batch(await json_body(request), max_events=settings.max_batch_events)
    return _answer(request, await record_events(project, batch))


@get("/api/v1/events", opt={"operation": LIST})
async def list_page(
    asked: NamedDependency[Asked],
    project: NamedDependency[ProjectId],
    list_events: NamedDependency[ListEvents],
) -> EventPageOut:
    """List events, the latest first."""
    limit, offset, cursor = asked[queries.LIMIT], asked[queries.OFFSET], asked[queries.CURSOR]
    page = await list_events(
        project, queries.event_filter(asked), limit=limit, offset=offset, cursor=cursor
    )
    return EventPageOut.from_domain(page, limit=limit, offset=offset, cursor=cursor)


@get("/api/v1/events/{event_id:str}", opt={"operation": GET})
async def find(
    event_id: FromPath[str],
    project: NamedDependency[ProjectId],
    get_event: NamedDependency[GetEvent],
) -> EventOut:
    """Find one event."""
    return EventOut.from_domain(await get_event(project, _uuid(event_id)))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        message = "must be a UUID such as 550e8400-e29b-41d4-a716-446655440000"
        raise InvalidInputError.of("event_id", "invalid_uuid", message) from None


def _answer(request: Request[Any, Any, Any], receipt: Receipt) -> Response[Any]:
    out = ReceiptOut.from_domain(receipt)
    if out.rejected < out.processed:
        return Response(out, status_code=207 if out.rejected else 201)
    faults = [f for entry in receipt.entries if isinstance(entry, Refusal) for f in entry.faults]
    detail = f"none of the {out.processed} events could be kept"
    problem = RejectedBatch(
        **members(422, "all_rejected", detail, faults, request.scope),
        processed=out.processed,
        created=out.created,
        duplicates=out.duplicates,
        conflicts=out.conflicts,
        rejected=out.rejected,
        events=out.events,
    )
    return Response(problem, status_code=422, media_type=MEDIA_TYPE)


ROUTES = (record, list_page, find)
