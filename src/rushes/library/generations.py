"""Generations, looked at. They are made and moved by the pipeline only."""

from __future__ import annotations

from rushes.catalogue import generations
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.generations import Filter
from rushes.catalogue.pages import Page
from rushes.domain.generation import Generation


class Generations:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def get(self, generation_id: str) -> Generation:
        return await self._catalogue.read(
            lambda connection: generations.get(connection, generation_id)
        )

    async def list_newest(
        self,
        *,
        project_id: str | None = None,
        states: tuple[str, ...] = (),
        cursor: str | None = None,
        limit: int = 100,
    ) -> Page[Generation]:
        return await self._catalogue.read(
            lambda connection: generations.list_newest(
                connection, Filter(project_id, states), cursor=cursor, limit=limit
            )
        )
