"""What has changed, for whoever watches: the page, a waiting terminal.

The feed keeps, for each thing, only its newest change. A watcher says how far it has seen and gets
each thing that changed since then once, however often it changed: a slow watcher never piles up
work, and a reconnecting one goes on where it was.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

REMEMBERED = 20_000


class Kind(StrEnum):
    PROJECT = "project"
    GENERATION = "generation"
    ASSET = "asset"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Change:
    kind: Kind
    id: str


class Feed:
    """Lives on one event loop; ``publish`` and ``since`` are called there."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self.epoch = secrets.token_hex(4)
        """Differs in each run: a place in the feed of an earlier run means nothing now."""
        self._newest: OrderedDict[Change, int] = OrderedDict()
        self._remembered = remembered
        self._horizon = 0
        self._place = 0
        self._moved = asyncio.Event()
        self._closed = False

    @property
    def place(self) -> int:
        return self._place

    @property
    def is_closed(self) -> bool:
        return self._closed

    def publish(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self._place += 1
            self._newest[change] = self._place
            self._newest.move_to_end(change)
        while len(self._newest) > self._remembered:
            _, self._horizon = self._newest.popitem(last=False)
        self._wake()

    def close(self) -> None:
        """Wake all watchers so that they can end."""
        self._closed = True
        self._wake()

    def since(self, place: int) -> list[tuple[int, Change]] | None:
        """What changed after ``place``, oldest first; None when that is too long ago to tell."""
        if place < self._horizon or place > self._place:
            return None
        newer = []
        for change, changed_at in reversed(self._newest.items()):
            if changed_at <= place:
                break
            newer.append((changed_at, change))
        newer.reverse()
        return newer

    async def wait_beyond(self, place: int) -> None:
        """Return once there is a change after ``place``, or the feed is closed."""
        while self._place <= place and not self._closed:
            await self._moved.wait()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
