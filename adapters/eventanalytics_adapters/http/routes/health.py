"""Whether the server lives, and whether it can work."""

import logging

from anyio import fail_after
from litestar import Response, get
from litestar.di import NamedDependency

from eventanalytics.errors import StoreUnavailableError
from eventanalytics_adapters.container import Health
from eventanalytics_adapters.http import examples
from eventanalytics_adapters.http.operation import Answer, Operation
from eventanalytics_adapters.http.schemas import CheckOut, HealthOut
from eventanalytics_adapters.http.security import Openness

TIMEOUT_SECONDS = 5.0
_LOG = logging.getLogger("eventanalytics.http")


def _operation(name: str, summary: str, description: str) -> Operation:
    return Operation(
        access=Openness.PUBLIC,
        name=name,
        tag="Operations",
        summary=summary,
        description=description,
        parameters=None,
        answers={
            200: Answer("All is well.", HealthOut, examples.HEALTHY),
            503: Answer("Something is not; `checks` names it.", HealthOut, examples.UNHEALTHY),
        },
    )


HEALTH = _operation(
    "getHealth", "Is all well?", "Whether the server and everything it needs can work."
)
READY = _operation(
    "getReadiness",
    "Can it take requests?",
    "For load balancers: 503 while the server could not serve a request.",
)
LIVE = Operation(
    access=Openness.PUBLIC,
    name="getLiveness",
    tag="Operations",
    summary="Does it live?",
    description="For supervisors: answers as long as the process does; checks nothing else.",
    parameters=None,
    answers={200: Answer("It lives.", HealthOut, examples.ALIVE)},
)


@get("/health", opt={"operation": HEALTH})
async def health(health_of_store: NamedDependency[Health]) -> Response[HealthOut]:
    """Tell whether everything can work."""
    return _answer(store=await _checked(health_of_store))


@get("/health/ready", opt={"operation": READY})
async def ready(health_of_store: NamedDependency[Health]) -> Response[HealthOut]:
    """Tell whether requests can be served."""
    return _answer(store=await _checked(health_of_store))


@get("/health/live", opt={"operation": LIVE})
async def live() -> HealthOut:
    """Answer."""
    return HealthOut("healthy", {})


async def _checked(store: Health) -> CheckOut:
    """Check the store. What it says of itself is fit for strangers; its cause is not."""
    try:
        with fail_after(TIMEOUT_SECONDS):
            await store.check()
    except TimeoutError:
        return CheckOut("failed", f"the store does not answer within {TIMEOUT_SECONDS:g} seconds")
    except StoreUnavailableError as error:
        cause = repr(error.__cause__)
        _LOG.warning("store unavailable", extra={"reason": str(error), "cause": cause})
        return CheckOut("failed", str(error))
    return CheckOut("ok")


def _answer(**checks: CheckOut) -> Response[HealthOut]:
    is_healthy = all(check.status == "ok" for check in checks.values())
    out = HealthOut("healthy" if is_healthy else "unhealthy", checks)
    return Response(out, status_code=200 if is_healthy else 503)


ROUTES = (health, ready, live)
