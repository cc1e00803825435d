"""The last place for bytes: the memory of this process, up to a bound, and only while it lives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from rushes.domain.errors import DiskFullError
from rushes.domain.media_reference import InMemory
from rushes.store.intake import Intake, OnBytes, Received
from rushes.store.local_store import in_words
from rushes.store.store import Sink

ROOM = 256 * 2**20


@dataclass(frozen=True, slots=True)
class _Clip:
    held: InMemory
    pieces: tuple[bytes, ...]


class Memory:
    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._taken = 0
        self._clips: dict[str, _Clip] = {}
        self._turn = threading.Lock()

    def draft(self, asset_id: str, size: int) -> MemoryDraft:
        """Raises DiskFullError when ``size`` bytes do not fit."""
        with self._turn:
            self._check_fits(size)
        return MemoryDraft(self, asset_id)

    def find(self, asset_id: str) -> InMemory | None:
        clip = self._clips.get(asset_id)
        return None if clip is None else clip.held

    async def copy(self, asset_id: str, sink: Sink, on_bytes: OnBytes) -> Received:
        """Raises the StorageError of the sink."""
        clip = self._clips[asset_id]
        intake = Intake(sink, on_bytes, total=clip.held.size)
        try:
            for piece in clip.pieces:
                await intake.take(piece)
            await intake.flush()
        finally:
            await intake.settle()
        return intake.result()

    def drop(self, asset_id: str) -> None:
        clip = self._clips.pop(asset_id, None)
        if clip is not None:
            self.give_back(clip.held.size)

    def take(self, size: int) -> None:
        with self._turn:
            self._check_fits(size)
            self._taken += size

    def give_back(self, size: int) -> None:
        with self._turn:
            self._taken -= size

    def keep(self, asset_id: str, held: InMemory, pieces: tuple[bytes, ...]) -> None:
        self.drop(asset_id)
        self._clips[asset_id] = _Clip(held, pieces)

    def _check_fits(self, size: int) -> None:
        free = self.room - self._taken
        if size > free:
            raise DiskFullError(
                f"{in_words(size)} are needed, and {in_words(free)} of {in_words(self.room)} are "
                "free in memory.",
                needed=size,
                free=free,
            )


class MemoryDraft:
    """A clip on its way into memory. There is no file of it that could be opened."""

    local_path = None

    def __init__(self, memory: Memory, asset_id: str) -> None:
        self._memory = memory
        self._asset_id = asset_id
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        self._memory.take(len(data))
        self._pieces.append(data)
        self._size += len(data)

    def restart(self) -> None:
        self._memory.give_back(self._size)
        self._pieces, self._size = [], 0

    def read(self, size: int) -> Iterator[bytes]:
        assert size == self._size, "memory takes a piece whole or not at all"
        yield from self._pieces

    def hold(self, received: Received) -> InMemory:
        held = InMemory(received.size, received.sha256)
        self._memory.keep(self._asset_id, held, tuple(self._pieces))
        self._pieces, self._size = [], 0  # what is kept is no longer ours to give back
        return held

    def discard(self) -> None:
        self.restart()
