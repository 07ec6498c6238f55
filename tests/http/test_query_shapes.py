"""Bodies are read by one conversion; where it fails, and only there, a walk finds what is wrong."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.errors import InvalidQueryError
from eventanalytics_adapters.http.wire.examples import EXAMPLES
from eventanalytics_adapters.http.wire.funnel import FunnelUsersBody
from eventanalytics_adapters.http.wire.lifecycle import LifecycleUsersBody
from eventanalytics_adapters.http.wire.paths import PathsUsersBody
from eventanalytics_adapters.http.wire.retention import RetentionUsersBody
from eventanalytics_adapters.http.wire.sessions import SessionsUsersBody
from eventanalytics_adapters.http.wire.shapes import read_body, shape_faults
from eventanalytics_adapters.http.wire.stickiness import StickinessUsersBody
from eventanalytics_adapters.http.wire.trends import TrendsUsersBody

BODIES: dict[str, Any] = {
    "trends": TrendsUsersBody,
    "funnel": FunnelUsersBody,
    "retention": RetentionUsersBody,
    "lifecycle": LifecycleUsersBody,
    "stickiness": StickinessUsersBody,
    "sessions": SessionsUsersBody,
    "paths": PathsUsersBody,
}
CONDITION = {"property": "a", "op": "eq", "value": 1}
SELECTOR = {"event": "view_item", "where": [CONDITION]}
MORE: dict[str, dict[str, Any]] = {
    "trends": {"series": [{**SELECTOR, "measure": "users", "property": None}], "compare": True},
    "funnel": {"exclusions": [{**SELECTOR, "from_step": 1, "to_step": 2}], "order": "strict"},
    "retention": {"start": SELECTOR, "return": SELECTOR, "kind": "recurring"},
    "paths": {"start": SELECTOR, "end": SELECTOR, "collapse_repeats": True},
}
WORDS = ["", "eq", "is_set", "users", "day", "value", "all", "monday", "new", "\ud800", "ordered"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from([2**64, -(2**70), 10**400, 0.0, 1.5, float("inf"), *WORDS]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=2)
    ),
    max_leaves=3,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value within *value*."""
    found = [path]
    if isinstance(value, dict):
        for key, member in value.items():
            found += places(member, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += places(item, (*path, index))
    return found


@st.composite
def bodies(draw: st.DrawFn, kind: str) -> Any:
    """Draw a valid body of which up to three values are replaced, left out or added to."""
    body = copy.deepcopy({**EXAMPLES[f"{kind}/users"].request, "where": [CONDITION]})
    body.update(copy.deepcopy(MORE.get(kind, {})))
    for _ in range(draw(st.integers(0, 3))):
        *parents, last = draw(st.sampled_from([path for path in places(body) if path]))
        place: Any = body
        for key in parents:
            place = place[key]
        change = draw(st.sampled_from(["replace", "leave out", "add"]))
        if change == "replace":
            place[last] = draw(VALUES)
        elif change == "leave out":
            del place[last]
        elif isinstance(place, dict):
            place[draw(st.sampled_from(WORDS))] = draw(VALUES)
        if not body:
            break
    return body


@pytest.mark.parametrize("kind", BODIES)
def test_the_walk_finds_a_fault_where_the_conversion_fails_and_nowhere_else(kind: str) -> None:
    @given(body=bodies(kind))
    def check(body: Any) -> None:
        faults = list(shape_faults(body, msgspec.inspect.type_info(BODIES[kind])))
        try:
            msgspec.convert(body, BODIES[kind])
        except (msgspec.ValidationError, UnicodeEncodeError):
            assert faults
        else:
            assert not faults

    check()


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_is_read_or_refused_and_nothing_else(kind: str) -> None:
    @given(body=bodies(kind))
    def check(body: Any) -> None:
        sent = json.dumps(body, allow_nan=True).replace("Infinity", "1e999").encode()
        refused: InvalidQueryError | None = None
        try:
            question = read_body(sent, BODIES[kind])
            question.to_domain()
            question.to_cell()
        except InvalidQueryError as error:
            refused = error
        if refused is not None:
            assert 1 <= len(refused.faults) <= 100
            assert msgspec.json.encode(refused.faults)  # they can be told

    check()
