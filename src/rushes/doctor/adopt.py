"""A file that lies in the media folder and that nobody knows becomes an import, where it lies."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.asset import Asset, Imported
from rushes.domain.clock import Clock
from rushes.domain.errors import ConflictError, MediaNotHereError
from rushes.domain.ids import AssetId, new_id
from rushes.domain.media_reference import SavedMedia
from rushes.domain.project import NAME_LIMIT, Project, clean_name
from rushes.media.probe import Prober
from rushes.store.file_hash import measured
from rushes.store.local_store import LocalStore
from rushes.store.storage_errors import storage_errors


async def adopt_file(
    catalogue: Catalogue, store: LocalStore, prober: Prober, clock: Clock, path: str
) -> Asset:
    """Measure it and list it. The file itself is not touched.

    Raises:
        MediaError: it is nothing that can be listed.
        MediaNotHereError, ConflictError: it has gone, or has been listed, since it was seen.
    """
    file = store.local_path(path)
    with storage_errors(store.home):
        if not await asyncio.to_thread(store.exists, path):
            raise MediaNotHereError(f"{path} is not there any more.")
        facts = await prober.probe(file)
        # What is called saved survives a power cut, however it came here.
        await asyncio.to_thread(store.make_durable, path)
        size, sha256 = await asyncio.to_thread(measured, file)

    def write(transaction: Transaction) -> Asset:
        if generations.is_path_reserved(transaction.connection, path):
            raise ConflictError(f"{path} belongs to an asset by now.")
        project = _project_of(path, [one for one, _ in projects.list_all(transaction.connection)])
        asset = Asset(
            id=AssetId(new_id()),
            project_id=project.id,
            name=clean_name(file.name[:NAME_LIMIT]),
            kind=facts.kind,
            take_number=1,
            origin=Imported(file.name),
            media=SavedMedia(path, size, sha256),
            facts=facts,
            created_at=clock.now(),
        )
        assets.insert(transaction, asset)
        return asset

    return await catalogue.write(write)


def _project_of(path: str, open_projects: list[Project]) -> Project:
    """The project in whose folder it lies; the oldest one for a folder that is nobody's."""
    if not open_projects:
        raise ConflictError(
            "There is no project outside the trash.", remedy="Run: rushes projects --new NAME"
        )
    _, folder, *_ = PurePosixPath(path).parts
    mine = (one for one in open_projects if one.folder == folder)
    return next(mine, open_projects[0])
