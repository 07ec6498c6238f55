"""The examples of the documentation are what the server answers, to the last digit."""

from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from eventanalytics.domain import SEMANTICS_VERSION
from eventanalytics_adapters.http.openapi import document
from eventanalytics_adapters.http.wire.examples import COMPUTED_AT, EXAMPLES

Api = AsyncTestClient[Litestar]
Headers = dict[str, str]

QUESTIONS = [name for name in EXAMPLES if not name.startswith("schema/")]
ANSWERED = [name for name in QUESTIONS if not name.endswith("/users")]
DISCOVERED = [name for name in EXAMPLES if name.startswith("schema/")]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_is_answered_as_its_example_says(ask: Any, name: str) -> None:
    assert await ask(name, EXAMPLES[name].request) == EXAMPLES[name].answer


@pytest.mark.usefixtures("ask")
@pytest.mark.parametrize("name", DISCOVERED)
async def test_discovery_answers_as_its_example_says(
    api: Api, keys: dict[str, Headers], name: str
) -> None:
    example = EXAMPLES[name]
    answer = await api.get(f"/api/v1/{name}", params=example.request, headers=keys["read"])
    assert answer.json() == example.answer


@pytest.mark.parametrize("name", ANSWERED)
async def test_an_answer_says_what_it_goes_by(ask: Any, name: str) -> None:
    answer = await ask(name, EXAMPLES[name].request)
    assert answer["semantics_version"] == SEMANTICS_VERSION
    assert answer["computed_at"] == COMPUTED_AT


@pytest.mark.parametrize("name", ANSWERED)
async def test_a_question_as_understood_gives_the_same_answer_again(ask: Any, name: str) -> None:
    answer = await ask(name, EXAMPLES[name].request)
    assert answer["query"] != EXAMPLES[name].request
    assert await ask(name, answer["query"]) == answer


async def test_every_question_shows_its_example(app: Litestar) -> None:
    described = msgspec.to_builtins(document(app))
    for name, example in EXAMPLES.items():
        if name in DISCOVERED:
            operation = described["paths"][f"/api/v1/{name}"]["get"]
        else:
            operation = described["paths"][f"/api/v1/query/{name}"]["post"]
            body = operation["requestBody"]["content"]["application/json"]
            assert body["examples"]["example"]["value"] == example.request
        answer = operation["responses"]["200"]["content"]["application/json"]
        assert answer["example"] == example.answer
    asked = {path.removeprefix("/api/v1/query/") for path in described["paths"] if "query" in path}
    assert asked == set(QUESTIONS)
