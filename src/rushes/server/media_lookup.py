"""Where the bytes of an asset are, looked up once and known until anything in the library changes.

A player asks for many parts of one clip, one after another. What was found counts only as long as
the feed of changes has not moved: each commit moves it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from rushes.domain.asset import Asset
from rushes.playback.files import File
from rushes.studio import Studio

REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Found:
    asset: Asset
    file: File | None
    """None where there are no bytes in a file, or they were never measured."""
    headers: Mapping[str, str]
    """Of every answer with these bytes."""


class MediaLookup:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._place = 0
        self._found: OrderedDict[str, Found] = OrderedDict()

    def known(self, asset_id: str) -> Found | None:
        """What was found, unless the library has changed since."""
        place = self._studio.catalogue.feed.place
        if place != self._place:
            self._found.clear()
            self._place = place
        return self._found.get(asset_id)

    async def find(self, asset_id: str) -> Found:
        """Raises AssetNotFoundError, or StorageError."""
        known = self.known(asset_id)
        if known is not None:
            return known
        place = self._place
        found = await self._look(asset_id)
        if found.file is not None and place == self._place:
            self._found[asset_id] = found
            while len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return found

    async def _look(self, asset_id: str) -> Found:
        studio = self._studio
        asset = await studio.pipeline.recovery.look_again(await studio.assets.get(asset_id))
        if asset.facts is None:
            return Found(asset, None, {})
        file = await asyncio.to_thread(studio.playback.file_of, asset)
        return Found(asset, file, {} if file is None else _headers(asset.facts.content_type, file))


def _headers(content_type: str, file: File) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Type": content_type,
        "Content-Disposition": disposition(file.path.name),
    }


def disposition(name: str) -> str:
    """The name of a copy that somebody saves: whatever it holds, only letters, digits and %."""
    return f"inline; filename*=UTF-8''{quote(name, safe='')}"
