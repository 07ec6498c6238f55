"""Projects: each event, key and answer belongs to one."""

import re

import msgspec

from eventanalytics.domain.events import ProjectId
from eventanalytics.errors import InvalidInputError

DEFAULT_SLUG = "default"
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A separate world of events; nothing ever crosses from one to another."""

    id: ProjectId
    slug: str
    name: str


def check_slug(slug: str) -> str:
    """Return *slug* when it can name a project.

    Raises:
        InvalidInputError: It is not 1 to 64 lower-case letters, digits and inner hyphens.
    """
    if not _SLUG.fullmatch(slug):
        message = "must be 1 to 64 lower-case letters, digits and inner hyphens"
        raise InvalidInputError.of("slug", "invalid_slug", message)
    return slug
