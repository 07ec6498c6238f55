"""Find and make projects."""

from eventanalytics.domain.projects import Project, check_slug
from eventanalytics.errors import UnknownProjectError
from eventanalytics.ports.access import ProjectStore


class FindProject:
    """Find a project by its slug."""

    def __init__(self, projects: ProjectStore) -> None:
        self._projects = projects

    async def __call__(self, slug: str) -> Project:
        """Return the project.

        Raises:
            UnknownProjectError: There is none.
        """
        found = await self._projects.find(slug)
        if found is None:
            raise UnknownProjectError(slug)
        return found


class CreateProject:
    """Make a new project."""

    def __init__(self, projects: ProjectStore) -> None:
        self._projects = projects

    async def __call__(self, slug: str, name: str) -> Project:
        """Return the project made.

        Raises:
            InvalidInputError: The slug is none.
            AlreadyExistsError: The slug is taken.
        """
        return await self._projects.create(check_slug(slug), name)
