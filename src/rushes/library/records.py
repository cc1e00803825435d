"""Keeps the sidecars of saved files up to date, behind whatever changes them.

A change marks its asset in the catalogue; this writes what is marked, newest first. So nothing that
saves or changes an asset waits for its sidecar or fails with it, and what a crash or a full disk
left undone is done at the next start or when it works again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

from rushes.catalogue import provenance
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.feed import Kind
from rushes.domain.clock import Clock
from rushes.domain.errors import AssetNotFoundError, RushesError
from rushes.store.sidecars import Sidecars

log = logging.getLogger(__name__)

AT_ONCE = 50
RETRY = 60.0
"""Seconds before a sidecar that could not be written is tried again."""
GRACE = 5.0
"""Seconds that what is owed gets when Rushes ends."""
CONCERNED = frozenset({Kind.ASSET, Kind.PROJECT})


class Records:
    def __init__(
        self, catalogue: Catalogue, sidecars: Sidecars, clock: Clock, retry: float = RETRY
    ) -> None:
        self._catalogue = catalogue
        self._sidecars = sidecars
        self._clock = clock
        self._retry = retry
        self._failed: dict[str, float] = {}
        """When the sidecar of an asset could not be written."""
        self._writing = asyncio.Lock()
        """Two that write one sidecar would take each other's draft away."""
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="sidecars")

    async def close(self) -> None:
        """Write what is owed, for a moment at most; the rest is written after the next start."""
        self._closing.set()
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._task

    async def write(self, asset_id: str) -> None:
        """Write the sidecar of a saved asset now.

        Raises:
            AssetNotFoundError, MediaNotHereError, ConflictError, StorageError
        """
        async with self._writing:
            await self._write(asset_id)

    async def _write(self, asset_id: str) -> None:
        known = await self._catalogue.read(
            lambda connection: provenance.of_asset(connection, asset_id)
        )
        await asyncio.to_thread(self._sidecars.write, known, self._clock.now())
        try:
            await self._catalogue.write(
                lambda transaction: provenance.note_written(transaction, known)
            )
        except AssetNotFoundError:
            # Deleted meanwhile: what speaks of it must not list it again one day.
            await asyncio.to_thread(self._sidecars.remove_of, known)
            raise

    async def write_owed(self) -> int:
        """Write sidecars that are owed. Returns how many were tried."""
        now = time.monotonic()
        failed = {one for one, at in self._failed.items() if now - at < self._retry}
        ids = await self._catalogue.read(
            lambda connection: provenance.owed(connection, AT_ONCE + len(failed))
        )
        tried = [asset_id for asset_id in ids if asset_id not in failed]
        for asset_id in tried:
            await self._try(asset_id)
        return len(tried)

    async def _try(self, asset_id: str) -> None:
        try:
            await self.write(asset_id)
        except AssetNotFoundError:
            # Deleted meanwhile: nothing is owed any more.
            self._failed.pop(asset_id, None)
        # The edge of this task: a sidecar that cannot be written must not keep the others waiting.
        except Exception as error:
            is_new = asset_id not in self._failed
            self._failed[asset_id] = time.monotonic()
            if is_new and isinstance(error, RushesError):
                log.warning("no sidecar of %s: %s", asset_id, error)
            elif is_new:
                log.exception("no sidecar of %s", asset_id)
        else:
            self._failed.pop(asset_id, None)

    async def _run(self) -> None:
        while True:
            place = self._catalogue.feed.place
            try:
                tried = await self.write_owed()
            except RushesError as error:
                log.warning("the sidecars wait: %s", error)
                tried = 0
            if tried:
                continue
            if self._closing.is_set():
                return
            await self._wait(place)

    async def _wait(self, place: int) -> None:
        """Until an asset or a project has changed, it is time to try again, or to end."""
        waits = {
            asyncio.create_task(self._until_concerned(place)),
            asyncio.create_task(self._closing.wait()),
        }
        try:
            await asyncio.wait(waits, timeout=self._retry, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _until_concerned(self, place: int) -> None:
        feed = self._catalogue.feed
        while not feed.is_closed:
            await feed.wait_beyond(place)
            newer = feed.since(place)
            if newer is None or any(change.kind in CONCERNED for _, change in newer):
                return
            place = feed.place
        await self._closing.wait()
