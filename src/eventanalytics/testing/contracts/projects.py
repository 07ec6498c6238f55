"""The rules of `ProjectStore`."""

import secrets

import pytest

from eventanalytics.errors import AlreadyExistsError
from eventanalytics.ports.access import ProjectStore


class ProjectStoreContract:
    """Every rule of `eventanalytics.ports.access.ProjectStore`. Fixture: ``project_store``."""

    async def test_a_new_project_is_found_by_its_slug(self, project_store: ProjectStore) -> None:
        slug = new_slug()
        made = await project_store.create(slug, "Їжак & Söhne 'x'")
        assert (made.slug, made.name) == (slug, "Їжак & Söhne 'x'")
        assert await project_store.find(slug) == made

    async def test_an_unknown_slug_is_not_found(self, project_store: ProjectStore) -> None:
        assert await project_store.find(new_slug()) is None

    async def test_a_slug_is_given_once_and_the_first_stays(
        self, project_store: ProjectStore
    ) -> None:
        slug = new_slug()
        made = await project_store.create(slug, "The first")
        with pytest.raises(AlreadyExistsError) as caught:
            await project_store.create(slug, "The second")
        assert (caught.value.field, caught.value.value) == ("slug", slug)
        assert await project_store.find(slug) == made

    async def test_projects_have_ids_of_their_own(self, project_store: ProjectStore) -> None:
        made = [await project_store.create(new_slug(), "The same name") for _ in range(3)]
        assert len({project.id for project in made}) == 3

    async def test_a_slug_of_64_characters_is_kept_whole(self, project_store: ProjectStore) -> None:
        slug = new_slug().ljust(63, "-") + "x"
        made = await project_store.create(slug, "Long")
        assert await project_store.find(slug) == made
        assert await project_store.find(slug[:-1]) is None


def new_slug() -> str:
    """Return a slug that no project has yet, in this run or in an earlier one."""
    return f"p{secrets.token_hex(8)}"
