"""Takes a frame out of a video and keeps it as a picture of its own, in the same project."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from weakref import WeakValueDictionary

from rushes.catalogue import assets
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.asset import Asset, FrameOf
from rushes.domain.errors import MediaNotHereError, NoFramesError
from rushes.domain.media_facts import MediaKind
from rushes.library.imports import Imports
from rushes.media.probe import Prober
from rushes.store.whereabouts import HereBytes, Whereabouts


class Frames:
    def __init__(
        self, catalogue: Catalogue, prober: Prober, imports: Imports, whereabouts: Whereabouts
    ) -> None:
        self._catalogue = catalogue
        self._prober = prober
        self._imports = imports
        self._whereabouts = whereabouts
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, asset_id: str, number: int | None) -> Asset:
        """The frame of this number as a picture, None for the last; the same when asked again.

        A picture that lies in the trash is taken back.

        Raises:
            AssetNotFoundError, ProjectNotFoundError
            NoFramesError: it is no video.
            MediaNotHereError: its bytes are not here.
            FrameNotThereError: it has fewer frames.
            MediaError, StorageError: nothing is left behind.
        """
        asset = await self._catalogue.read(lambda connection: assets.get(connection, asset_id))
        if asset.kind is not MediaKind.VIDEO:
            raise NoFramesError(f"{asset.name!r} is of kind {asset.kind.value}.")
        here = self._whereabouts.bytes_of(asset)
        if here is None:
            raise MediaNotHereError(f"Its state is {asset.media.state}.", state=asset.media.state)
        turn = self._turns.setdefault(here.sha256, asyncio.Lock())
        async with turn:
            return await self._known(asset, here, number) or await self._make(asset, here, number)

    async def _known(self, asset: Asset, here: HereBytes, number: int | None) -> Asset | None:
        """The picture, where it has been taken before and its file is there."""
        wanted = _last(asset) if number is None else number
        if wanted is None:
            return None

        def take_back(transaction: Transaction) -> Asset | None:
            connection = transaction.connection
            known = assets.frame_of(connection, asset.id, wanted, here.sha256)
            if known is None:
                return None
            if assets.get(connection, known).trashed_at is not None:
                assets.set_trashed(transaction, known, None)
            return assets.get(connection, known)

        picture = await self._catalogue.write(take_back)
        if picture is None:
            return None
        file = self._whereabouts.file_of(picture)
        return picture if file is not None and await asyncio.to_thread(file.exists) else None

    async def _make(self, asset: Asset, here: HereBytes, number: int | None) -> Asset:
        taken = await self._prober.take_frame(here.path, number)
        origin = FrameOf(asset.id, taken.number, here.sha256)
        return await self._imports.add(
            asset.project_id,
            f"{_stem(here.path, asset)}-frame-{taken.number}.png",
            _pieces(taken.png),
            only=MediaKind.IMAGE,
            origin=origin,
        )


def _last(asset: Asset) -> int | None:
    frames = asset.facts.frames if asset.facts else None
    return None if frames is None else frames - 1


def _stem(path: Path, asset: Asset) -> str:
    """The name of the video's file; what waits in the spool has none that says anything."""
    return path.stem if asset.media.state == "saved" else f"clip-{asset.id[:8]}"


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data
