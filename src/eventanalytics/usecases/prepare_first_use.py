"""Make what a new store needs before anybody can use it: a project, an administrator, a key."""

import msgspec

from eventanalytics.domain.access import Account, Role, Scope
from eventanalytics.domain.projects import DEFAULT_SLUG, Project
from eventanalytics.errors import AlreadyExistsError
from eventanalytics.ports.access import AccountStore, KeyStore, ProjectStore
from eventanalytics.usecases.grant_access import CreateAccount, CreateKey

FIRST_KEY_NAME = "first key"


class FirstUse(msgspec.Struct, frozen=True, kw_only=True):
    """What there is now, and what was made for it."""

    project: Project
    admin: Account | None
    """The first account, when it was made just now."""
    key: str | None
    """The first key, when it was made just now: nothing can show it again."""
    has_accounts: bool
    """Whether anybody can sign in."""


class PrepareFirstUse:
    """See to it that the default project is there, somebody who administers it, and a key.

    It may run at every start, and in several processes at once: what is there stays as it is.
    """

    def __init__(
        self,
        projects: ProjectStore,
        accounts: AccountStore,
        keys: KeyStore,
        create_account: CreateAccount,
        create_key: CreateKey,
    ) -> None:
        self._projects, self._accounts, self._keys = projects, accounts, keys
        self._create_account, self._create_key = create_account, create_key

    async def __call__(self, *, username: str, email: str, password: str | None) -> FirstUse:
        """Return what there is; an administrator is made if there is no account at all.

        Without *password* none is made. The key, for ingestion, is made when the default project
        has never had one; it comes before the account, so that a start that was killed between
        the two shows both again.

        Raises:
            InvalidInputError: An administrator is needed, and the username, address or password
                breaks a rule.
        """
        project = await self._default_project()
        key: str | None = None
        if not await self._keys.list(project.id):
            _, key = await self._create_key(project.id, name=FIRST_KEY_NAME, scopes=[Scope.INGEST])
        count = await self._accounts.count()
        admin = None
        if not count and password is not None:
            admin = await self._first_admin(username, email, password)
            count = 1
        return FirstUse(project=project, admin=admin, key=key, has_accounts=count > 0)

    async def _default_project(self) -> Project:
        found = await self._projects.find(DEFAULT_SLUG)
        if found is not None:
            return found
        try:
            return await self._projects.create(DEFAULT_SLUG, "Default")
        except AlreadyExistsError:  # another process was faster
            return await self._default_project()

    async def _first_admin(self, username: str, email: str, password: str) -> Account | None:
        try:
            return await self._create_account(
                username=username, email=email, password=password, role=Role.ADMIN
            )
        except AlreadyExistsError:
            return None
