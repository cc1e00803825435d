"""The notice about the room that the catalogue holds back for a full disk.

It is not written down: what it tells of is a disk that takes nothing more. So it is raised anew at
each start, as long as its cause lasts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rushes.catalogue.ballast import Ballast
from rushes.domain.clock import Clock
from rushes.domain.notice import ROOM, ROOM_NOTICE, Notice
from rushes.store.local_store import in_words


class RoomNotice:
    def __init__(self, ballast: Ballast, clock: Clock) -> None:
        self._ballast = ballast
        self._clock = clock
        self._notice: Notice | None = None

    def current(self) -> Notice | None:
        """As it is now; None as long as nothing has been lacking since the start."""
        since, known = self._ballast.short_since, self._notice
        if since is None:
            if known is not None and known.count:
                self._notice = replace(known, count=0, updated_at=self._clock.now())
        elif known is None or not known.count:
            self._notice = self._raised(since)
        elif known.detail != self._detail():
            self._notice = replace(known, detail=self._detail(), updated_at=self._clock.now())
        return self._notice

    def dismiss(self) -> Notice | None:
        notice = self.current()
        if notice is not None and notice.dismissed_at is None:
            notice = self._notice = replace(notice, dismissed_at=self._clock.now())
        return notice

    def _raised(self, since: datetime) -> Notice:
        return Notice(
            id=ROOM_NOTICE,
            project_id=None,
            code=ROOM.code,
            title=ROOM.one,
            detail=self._detail(),
            level=ROOM.level,
            count=1,
            created_at=since,
            updated_at=since,
            action=ROOM.action,
        )

    def _detail(self) -> str:
        held, whole = in_words(self._ballast.held), in_words(self._ballast.size)
        return f"{held} of {whole} are held back. Free some room; it is taken again by itself."
