"""Projects: made, listed, renamed, put into the trash and taken back."""

from __future__ import annotations

from rushes.catalogue import projects
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.clock import Clock
from rushes.domain.ids import ProjectId, new_id
from rushes.domain.project import Keep, Project, clean_name, folder_name

FIRST_NAME = "First project"


class Projects:
    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def create(self, name: str) -> Project:
        """Make a project. Raises IllegalNameError."""
        cleaned = clean_name(name)
        return await self._catalogue.write(lambda transaction: self._create(transaction, cleaned))

    async def ensure_one(self) -> None:
        """Make a first project when there is none to work in."""

        def write(transaction: Transaction) -> None:
            if not projects.list_all(transaction.connection):
                self._create(transaction, FIRST_NAME)

        await self._catalogue.write(write)

    async def get(self, project_id: str) -> Project:
        return await self._catalogue.read(lambda connection: projects.get(connection, project_id))

    async def list_all(self, *, trashed: bool = False) -> list[tuple[Project, int]]:
        """All projects, oldest first, each with how many assets it lists."""
        return await self._catalogue.read(
            lambda connection: projects.list_all(connection, trashed=trashed)
        )

    async def count_assets(self, project_id: str) -> int:
        return await self._catalogue.read(
            lambda connection: projects.count_assets(connection, project_id)
        )

    async def change(
        self,
        project_id: str,
        *,
        name: str | None = None,
        trashed: bool | None = None,
        keep: Keep | None = None,
        may_let_go: bool | None = None,
    ) -> Project:
        """Rename it, put it into the trash or back, choose what it keeps of its coming clips, or
        whether saved files may be let go.

        Its folder and files stay where they are.
        """
        cleaned = None if name is None else clean_name(name)

        def write(transaction: Transaction) -> Project:
            if cleaned is not None:
                projects.rename(transaction, project_id, cleaned)
            if trashed is not None:
                at = self._clock.now() if trashed else None
                projects.set_trashed(transaction, project_id, at)
            if keep is not None:
                projects.set_keep(transaction, project_id, keep)
            if may_let_go is not None:
                projects.set_may_let_go(transaction, project_id, may_let_go=may_let_go)
            return projects.get(transaction.connection, project_id)

        return await self._catalogue.write(write)

    def _create(self, transaction: Transaction, name: str) -> Project:
        project = Project(
            id=ProjectId(new_id()),
            name=name,
            folder=projects.free_folder(transaction.connection, folder_name(name)),
            created_at=self._clock.now(),
        )
        projects.insert(transaction, project)
        return project
