"""Give an asset whose bytes are gone a file that a person has: copied, measured, then listed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

from rushes.catalogue import assets, projects
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.asset import Asset
from rushes.domain.errors import ConflictError, OtherFileError
from rushes.domain.media_reference import (
    ExpiredMedia,
    MediaReference,
    MissingMedia,
    SavedMedia,
    relink,
)
from rushes.library.imports import Copied, Imports, check_kind
from rushes.store.open_draft import open_draft
from rushes.store.store import Draft, MediaStore


class Relinks:
    def __init__(
        self,
        catalogue: Catalogue,
        store: MediaStore,
        imports: Imports,
        look: Callable[[str], Awaitable[Asset]],
    ) -> None:
        """``look`` reads a saved file again, and calls it missing when it is not what was saved."""
        self._catalogue = catalogue
        self._store = store
        self._imports = imports
        self._look = look

    async def relink(
        self, asset_id: str, file_name: str, pieces: AsyncIterator[bytes], *, anyway: bool
    ) -> Asset:
        """Copy the file into the library as the bytes of this asset.

        A damaged file that lies under its name stays where it is.

        Raises:
            ConflictError: the asset is neither expired nor missing, and no saved file is damaged.
            OtherFileError: it is missing, and these are not its bytes; not raised with ``anyway``.
            FileInputError, StorageError: nothing is left behind.
        """
        asset = await self._catalogue.read(lambda connection: assets.get(connection, asset_id))
        if isinstance(asset.media, SavedMedia):
            asset = await self._look(asset_id)
        media = _gone(asset)
        project = await self._catalogue.read(
            lambda connection: projects.get(connection, asset.project_id)
        )
        folder = project.media_folder
        async with open_draft(partial(self._store.draft, asset.id, folder)) as draft:
            copied = await self._imports.copy(draft, file_name, pieces)
            check_kind(file_name, copied.facts.kind, asset.kind)
            if not anyway:
                _check_same(media, copied)
            path = await self._publish(draft, media, copied)
            if path is None:
                path = await self._imports.publish(draft, folder, file_name, copied.facts)
        try:
            found = await self._list(asset_id, media, path, copied)
        except ConflictError:
            await asyncio.to_thread(self._store.remove, path)
            raise
        await self._imports.make_poster(found, path)
        return found

    async def _publish(
        self, draft: Draft, media: ExpiredMedia | MissingMedia, copied: Copied
    ) -> str | None:
        """Put it where the missing file was, unless something else lies there now."""
        if not isinstance(media, MissingMedia):
            return None
        if PurePosixPath(media.path).suffix != f".{copied.facts.container}":
            return None
        try:
            await asyncio.to_thread(draft.publish, media.path)
        except ConflictError:
            return None
        return media.path

    async def _list(
        self, asset_id: str, media: ExpiredMedia | MissingMedia, path: str, copied: Copied
    ) -> Asset:
        def write(transaction: Transaction) -> Asset:
            now = assets.get(transaction.connection, asset_id)
            if isinstance(now.media, SavedMedia) and now.media.path == path:
                # Somebody has looked meanwhile, and found under its name what was just put there.
                return now
            if not _is_still(now.media, media):
                raise ConflictError("Its state has changed while the file was copied.")
            saved = relink(media, path=path, size=copied.size, sha256=copied.sha256)
            assets.set_media(transaction, asset_id, saved, copied.facts, before=now.media)
            return assets.get(transaction.connection, asset_id)

        return await self._catalogue.write(write)


def _gone(asset: Asset) -> ExpiredMedia | MissingMedia:
    if isinstance(asset.media, ExpiredMedia | MissingMedia):
        return asset.media
    if isinstance(asset.media, SavedMedia):
        raise ConflictError(
            "Its file holds exactly what was saved.", remedy="Nothing to do.", state="saved"
        )
    raise ConflictError(
        f"It is {asset.media.state}: only what is expired, missing or damaged takes another file.",
        remedy="Import the file as an asset of its own.",
        state=asset.media.state,
    )


def _is_still(now: MediaReference, before: ExpiredMedia | MissingMedia) -> bool:
    """Whether nothing but the time and the words of its failure has changed."""
    if type(now) is not type(before):
        return False
    return replace(now, failure=before.failure) == before


def _check_same(media: ExpiredMedia | MissingMedia, copied: Copied) -> None:
    """What expired and was never here cannot be compared with anything."""
    known = media if isinstance(media, MissingMedia) else media.former
    if known is not None and copied.sha256 != known.sha256:
        raise OtherFileError(
            f"It has {copied.size:,} bytes and another hash; {known.size:,} bytes were saved.",
            size=copied.size,
            sha256=copied.sha256,
        )
