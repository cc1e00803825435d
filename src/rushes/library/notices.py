"""Notices: listed and dismissed. They are raised by what causes them."""

from __future__ import annotations

from collections.abc import Collection

from rushes.catalogue import notices
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.clock import Clock
from rushes.domain.notice import ROOM_NOTICE, Notice
from rushes.library.room_notice import RoomNotice


class Notices:
    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._room = RoomNotice(catalogue.ballast, clock)

    async def get(self, notice_id: str) -> Notice:
        if notice_id == ROOM_NOTICE and (room := self._room.current()) is not None:
            return room
        return await self._catalogue.read(lambda connection: notices.get(connection, notice_id))

    async def list_newest(self, *, closed: bool = False) -> list[Notice]:
        """The open notices; with ``closed`` also those that were dismissed or are settled."""
        listed = await self._catalogue.read(
            lambda connection: notices.list_newest(connection, closed=closed)
        )
        room = self._room.current()
        return [room, *listed] if room is not None and (closed or room.is_open) else listed

    async def dismiss(self, ids: Collection[str] | None) -> list[Notice]:
        """Take these off the list, or all of them with None. Safe to do twice."""
        now, room = self._clock.now(), self._room.current()
        is_meant = room is not None and (room.is_open if ids is None else ROOM_NOTICE in ids)
        others = [one for one in ids if one != ROOM_NOTICE] if is_meant and ids else ids
        dismissed = await self._catalogue.write(
            lambda transaction: notices.dismiss(transaction, others, now)
        )
        mine = self._room.dismiss() if is_meant else None
        return dismissed if mine is None else [mine, *dismissed]
