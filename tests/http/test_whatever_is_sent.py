"""Whatever is sent, as the document describes it or not, is answered as the document says."""

import asyncio
from typing import Any

import pytest
import schemathesis
from argon2 import PasswordHasher as Argon2
from dependency_injector import providers
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import missing_required_header, positive_data_acceptance

from eventanalytics.domain.access import Role, Scope
from eventanalytics_adapters.auth import Argon2PasswordHasher
from eventanalytics_adapters.container import Container, in_memory_container
from eventanalytics_adapters.http import create_app
from eventanalytics_adapters.settings import Settings

PASSWORD = "correct horse"
bounded = settings(max_examples=12, suppress_health_check=list(HealthCheck))
NOT_CHECKED = [
    # A schema cannot say that from is not after to, or which time zones there are.
    positive_data_acceptance,
    # The headers are added to what is generated, so that none is ever missing.
    missing_required_header,
]


@pytest.fixture(scope="module")
def container() -> Container:
    made = in_memory_container(Settings(jwt_secret_key="a secret of more than 32 bytes, for tests"))
    weak = Argon2PasswordHasher(argon2=Argon2(time_cost=1, memory_cost=8, parallelism=1))
    made.override_providers(hasher=providers.Object(weak))
    return made


@pytest.fixture(scope="module")
def document(container: Container) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(container, lifespan=None))


@pytest.fixture(scope="module")
def credentials(container: Container) -> list[dict[str, str]]:
    """The headers of an administrator, and of a key for ingestion."""

    async def make() -> list[dict[str, str]]:
        project = await container.create_project()("default", "Default")
        await container.create_account()(
            username="admin", email="admin@example.org", password=PASSWORD, role=Role.ADMIN
        )
        signed_in = await container.sign_in()("admin", PASSWORD)
        _, key = await container.create_key()(project.id, name="key", scopes=[Scope.INGEST])
        return [{"Authorization": f"Bearer {signed_in.access_token}"}, {"X-API-Key": key}]

    return asyncio.run(make())


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_the_answer_is_one_of_those_described(
    document: Any, credentials: list[dict[str, str]], mode: str
) -> None:
    tried: set[str] = set()

    def check(case: Any) -> None:
        tried.add(case.operation.label)
        for headers in credentials:
            case.call_and_validate(headers=dict(headers), excluded_checks=NOT_CHECKED)

    for found in document.get_all_operations():
        operation = found.ok()
        if mode == "negative" and not operation.definition.raw.keys() & {
            "parameters",
            "requestBody",
        }:
            continue  # there is nothing to send, so nothing to send wrongly
        cases = operation.as_strategy(generation_mode=GenerationMode(mode))
        bounded(given(case=cases)(check))()
    assert len(tried) == (29 if mode == "positive" else 25)
