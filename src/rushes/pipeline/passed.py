"""Save a clip that was watched through the studio from the very bytes that have passed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from rushes.domain.asset import Asset
from rushes.domain.errors import RushesError
from rushes.domain.media_reference import UrlOnlyMedia
from rushes.pipeline.recovery import Recovery
from rushes.store.passing_bytes import PassingBytes, PassingClip

log = logging.getLogger(__name__)

OnPiece: TypeAlias = Callable[[int, bytes], Awaitable[None]]
"""Gets the place of a piece in the file, and the piece."""


class Passed:
    def __init__(self, recovery: Recovery, passing: PassingBytes) -> None:
        self._recovery = recovery
        self._passing = passing
        self._saving: set[asyncio.Task[None]] = set()

    def watch(self, asset: Asset, total: int | None, version: str | None) -> OnPiece | None:
        """Where the pieces of this answer go; None when they are not to be kept."""
        if total is None or total == 0 or not isinstance(asset.media, UrlOnlyMedia):
            return None
        # What a host calls a version is one under this address only.
        named = None if version is None else f"{asset.media.url} {version}"
        clip = self._passing.begin(asset.id, total, named)
        if clip is None:
            return None

        async def keep(place: int, piece: bytes) -> None:
            await self._keep(asset, clip, place, piece)

        return keep

    async def close(self) -> None:
        for task in self._saving:
            task.cancel()
        await asyncio.gather(*self._saving, return_exceptions=True)
        self._passing.close()

    async def _keep(self, asset: Asset, clip: PassingClip, place: int, piece: bytes) -> None:
        try:
            await asyncio.to_thread(clip.write, place, piece)
        except OSError as error:
            # The watching goes on: only what was to be kept of it is lost.
            log.warning("what passes of %s is not kept: %s", asset.id, error)
            self._passing.forget(asset.id)
        if self._passing.take(asset.id, clip):
            # A player that has everything may leave at once, and ends the request with it.
            task = asyncio.create_task(self._save(asset, clip), name=f"keep {asset.id}")
            self._saving.add(task)
            task.add_done_callback(self._saving.discard)

    async def _save(self, asset: Asset, clip: PassingClip) -> None:
        try:
            await self._recovery.save_passed(asset.id, clip.path)
        except RushesError as error:
            log.warning("what has passed of %s was not saved: %s", asset.id, error)
        finally:
            clip.forget()
