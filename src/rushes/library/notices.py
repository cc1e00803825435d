"""Notices: listed and dismissed. They are raised by what causes them."""

from __future__ import annotations

from collections.abc import Collection

from rushes.catalogue import notices
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.clock import Clock
from rushes.domain.notice import Notice


class Notices:
    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def get(self, notice_id: str) -> Notice:
        return await self._catalogue.read(lambda connection: notices.get(connection, notice_id))

    async def list_newest(self, *, closed: bool = False) -> list[Notice]:
        """The open notices; with ``closed`` also those that were dismissed or are settled."""
        return await self._catalogue.read(
            lambda connection: notices.list_newest(connection, closed=closed)
        )

    async def dismiss(self, ids: Collection[str] | None) -> list[Notice]:
        """Take these off the list, or all of them with None. Safe to do twice."""
        now = self._clock.now()
        return await self._catalogue.write(
            lambda transaction: notices.dismiss(transaction, ids, now)
        )
