"""Files into the library: copied, measured, and listed only when they are safe."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.asset import Asset, Imported, Origin
from rushes.domain.clock import Clock
from rushes.domain.errors import ConflictError, FileInputError, MediaError
from rushes.domain.ids import AssetId, ProjectId, new_id
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.project import NAME_LIMIT, clean_name
from rushes.media.probe import Prober
from rushes.store.open_draft import open_draft
from rushes.store.store import Draft, MediaStore

log = logging.getLogger(__name__)

STEM_BYTES = 120
"""Longest file name that is kept, without its suffix."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that lies in a draft, measured."""

    size: int
    sha256: str
    facts: MediaFacts


class Imports:
    def __init__(
        self,
        catalogue: Catalogue,
        store: MediaStore,
        prober: Prober,
        clock: Clock,
        posters: Path,
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._prober = prober
        self._clock = clock
        self._posters = posters

    async def add(
        self,
        project_id: str,
        file_name: str,
        pieces: AsyncIterator[bytes],
        *,
        only: MediaKind | None = None,
        origin: Origin | None = None,
    ) -> Asset:
        """Copy a file into the project, measure it, and list it; ``only`` one kind if given.

        ``origin`` says where it comes from when that is not a file that a person has.

        Raises:
            FileInputError: it is not a video, an image or a sound; nothing is left behind.
            ProjectNotFoundError, StorageError: nothing is left behind.
        """
        project = await self._catalogue.read(
            lambda connection: projects.get_open(connection, project_id)
        )
        asset_id = AssetId(new_id())
        folder = project.media_folder
        async with open_draft(partial(self._store.draft, asset_id, folder)) as draft:
            copied = await self.copy(draft, file_name, pieces)
            check_kind(file_name, copied.facts.kind, only)
            path = await self.publish(draft, folder, file_name, copied.facts)
        asset = self._asset(asset_id, project.id, file_name, path, copied)
        asset = asset if origin is None else replace(asset, origin=origin)
        await self._catalogue.write(lambda transaction: assets.insert(transaction, asset))
        await self.make_poster(asset, path)
        return asset

    async def copy(self, draft: Draft, file_name: str, pieces: AsyncIterator[bytes]) -> Copied:
        """Take in a file and measure it. Raises FileInputError, StorageError."""
        digest, size = hashlib.sha256(), 0
        async for piece in pieces:
            await asyncio.to_thread(draft.write, piece)
            digest.update(piece)
            size += len(piece)
        try:
            facts = await self._prober.probe(draft.local_path)
        except MediaError as error:
            raise FileInputError(
                f"{_shown(file_name)}: {error.problem}", field="file", file=_shown(file_name)
            ) from error
        return Copied(size, digest.hexdigest(), facts)

    async def publish(self, draft: Draft, folder: str, file_name: str, facts: MediaFacts) -> str:
        """Give it a free name as near as can be to its own. Returns its path."""
        while True:
            path = await self._free_path(folder, file_name, facts)
            try:
                await asyncio.to_thread(draft.publish, path)
            except ConflictError:
                # Another import of the same name was quicker.
                continue
            return path

    async def _free_path(self, folder: str, file_name: str, facts: MediaFacts) -> str:
        stem = safe_stem(file_name)

        def find(transaction: Transaction) -> str:
            number = 1
            while True:
                suffix = "" if number == 1 else f"-{number}"
                path = f"{folder}/{stem}{suffix}.{facts.container}"
                taken = generations.is_path_reserved(transaction.connection, path)
                if not taken and not self._store.exists(path):
                    return path
                number += 1

        return await self._catalogue.write(find)

    def _asset(
        self, asset_id: AssetId, project_id: ProjectId, file_name: str, path: str, copied: Copied
    ) -> Asset:
        return Asset(
            id=asset_id,
            project_id=project_id,
            name=clean_name(_shown(file_name)[:NAME_LIMIT]),
            kind=copied.facts.kind,
            take_number=1,
            origin=Imported(_shown(file_name)),
            media=SavedMedia(path, copied.size, copied.sha256),
            facts=copied.facts,
            created_at=self._clock.now(),
        )

    async def make_poster(self, asset: Asset, path: str) -> None:
        """Make the picture of it; without one it is made when it is asked for."""
        if asset.kind is MediaKind.AUDIO:
            return
        try:
            await self._prober.make_poster(
                self._store.local_path(path), self._posters / f"{asset.id}.jpg"
            )
        except (MediaError, OSError) as error:
            log.warning("no poster of %s: %s", asset.id, error)


def check_kind(file_name: str, kind: MediaKind, only: MediaKind | None) -> None:
    if only is None or kind is only:
        return
    raise FileInputError(
        f"{_shown(file_name)} is of kind {kind.value}; {only.value} is wanted here.",
        field="file",
        remedy=f"Choose a file of kind {only.value}.",
    )


def _shown(file_name: str) -> str:
    """The last part of the name, as one line: a browser or another system may send a path."""
    last = PurePosixPath(file_name.replace("\\", "/")).name
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return " ".join(visible.split()) or "file"


def safe_stem(file_name: str) -> str:
    """A file name that every disk takes, as near to the given one as can be."""
    # Some systems write é as two characters, of which the second is no letter.
    stem = unicodedata.normalize("NFC", PurePosixPath(_shown(file_name)).stem)
    kept = "".join(c if c.isalnum() or c in " -_()" else "-" for c in stem)
    short = kept.encode()[:STEM_BYTES].decode(errors="ignore")
    return short.strip(" -") or "file"
