"""Bring a delivered clip into the library. Every part may be repeated; nothing here costs.

reserve a path → download beside it → measure → publish (fsync, rename, fsync) → commit
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    ConflictError,
    DownloadError,
    MediaError,
    MediaGoneError,
    ProviderError,
    StorageError,
)
from rushes.domain.generation import Delivered, Done, Generation, Saving
from rushes.domain.media_facts import MediaFacts
from rushes.domain.media_reference import ExpiredMedia, SavedMedia, save
from rushes.pipeline.tools import Tools
from rushes.pipeline.transfer_notes import transfer_notes
from rushes.pipeline.unsaved import (
    ask_once_more,
    not_yet_saved,
    note_download_failure,
    note_storage_failure,
)
from rushes.providers.provider import Delivery, LocalFile, MediaSource, RemoteFile
from rushes.store.download import copy_local
from rushes.store.intake import Received
from rushes.store.store import Draft

log = logging.getLogger(__name__)


async def reserve(tools: Tools, generation: Generation, delivered: Delivered | Saving) -> float:
    """Choose the file's name and write it down, so that a crash cannot leave it unknown."""

    def write(transaction: Transaction) -> None:
        project = projects.get(transaction.connection, generation.project_id)
        path = free_path(tools, transaction, project.folder, generation)
        state = Saving(delivered.ticket, delivered.document, path)
        generations.move(transaction, generation.id, state, now=tools.clock.now())

    try:
        await tools.catalogue.write(write)
    except StorageError as error:
        return await note_storage_failure(tools, await _asset_of(tools, generation), error)
    return 0


def free_path(tools: Tools, transaction: Transaction, folder: str, generation: Generation) -> str:
    """A path for the clip that no file has and no other clip will get."""
    milliseconds = int(generation.created_at.timestamp() * 1000)
    while True:
        path = f"media/{folder}/AI-Video-{generation.request.model}-{milliseconds}.mp4"
        reserved = generations.is_path_reserved(transaction.connection, path)
        if not reserved and not tools.store.exists(path):
            return path
        milliseconds += 1


async def save_clip(tools: Tools, generation: Generation, saving: Saving) -> float | None:
    """Download, check and keep the clip. Returns how long to wait when it has to be repeated."""
    asset = await _asset_of(tools, generation)
    if isinstance(asset.media, SavedMedia | ExpiredMedia):
        await _finish(tools, generation, saving)
        return None
    try:
        kept = await _bring(tools, generation, saving, asset)
    except ConflictError:
        # A file of that name has come from elsewhere: it stays, and ours gets another name.
        return await reserve(tools, generation, saving)
    except StorageError as error:
        return await note_storage_failure(tools, asset, error)
    except MediaGoneError as error:
        return await ask_once_more(tools, generation, saving, asset, error)
    except (DownloadError, MediaError, ProviderError) as error:
        return await note_download_failure(tools, asset, error)
    await _commit(tools, generation, saving, asset, kept)
    if isinstance(kept.source, LocalFile):
        await asyncio.to_thread(kept.source.path.unlink, missing_ok=True)
    await make_poster(tools, asset.id, kept.path)
    return None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that is published and measured, and not yet in the catalogue."""

    path: str
    size: int
    sha256: str
    facts: MediaFacts
    source: MediaSource | None
    """Where it came from, unless an earlier run brought it."""


async def _bring(tools: Tools, generation: Generation, saving: Saving, asset: Asset) -> _Kept:
    if saving.sha256 is not None and tools.store.exists(saving.path):
        return await _take_published(tools, saving.path, saving.sha256)
    folder = str(PurePosixPath(saving.path).parent)
    draft = await asyncio.to_thread(tools.store.draft, asset.id, folder)
    try:
        source = await tools.provider_of(generation).media(Delivery(saving.document))
        received = await _fetch(tools, generation, source, draft)
        await _note(tools, generation, "downloaded", f"{received.size:,} bytes")
        facts = await tools.prober.probe(draft.local_path)
        path = await _note_checked(tools, generation, saving, received.sha256, facts)
        await asyncio.to_thread(draft.publish, path)
    finally:
        await asyncio.to_thread(draft.discard)
    return _Kept(path, received.size, received.sha256, facts, source)


async def _take_published(tools: Tools, path: str, sha256: str) -> _Kept:
    """The file was published by a run that ended before its commit, perhaps before its syncs.

    Raises:
        ConflictError: another file has come to lie under the name.
    """
    local = tools.store.local_path(path)
    size, found = await asyncio.to_thread(_hash_file, local)
    if found != sha256:
        raise ConflictError(f"{path} is not the file that was checked.", path=path)
    await asyncio.to_thread(tools.store.make_durable, path)
    return _Kept(path, size, sha256, await tools.prober.probe(local), None)


def _hash_file(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


async def _fetch(
    tools: Tools, generation: Generation, source: MediaSource, draft: Draft
) -> Received:
    async with transfer_notes(tools, generation) as notes:
        match source:
            case RemoteFile(url, size):
                return await tools.downloader.fetch(
                    url, draft, expected_size=size, on_bytes=notes.show
                )
            case LocalFile(path):
                return await copy_local(path, draft, on_bytes=notes.show)


async def _note_checked(
    tools: Tools, generation: Generation, saving: Saving, sha256: str, facts: MediaFacts
) -> str:
    """Write down the hash, and the path with the suffix of the container that was found."""
    path = str(PurePosixPath(saving.path).with_suffix(f".{facts.container}"))
    state = replace(saving, path=path, sha256=sha256)
    step = tools.step("checked")
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, state, now=step.at, step=step
        )
    )
    return path


async def _commit(
    tools: Tools, generation: Generation, saving: Saving, asset: Asset, kept: _Kept
) -> None:
    step = tools.step("saved", kept.path)
    media = save(not_yet_saved(asset), path=kept.path, size=kept.size, sha256=kept.sha256)

    def write(transaction: Transaction) -> None:
        assets.set_media(transaction, asset.id, media, kept.facts)
        done = Done(saving.ticket, saving.document)
        generations.move(transaction, generation.id, done, now=step.at, step=step)

    await tools.catalogue.write(write)


async def _finish(tools: Tools, generation: Generation, saving: Saving) -> None:
    done = Done(saving.ticket, saving.document)
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, done, now=tools.clock.now()
        )
    )


async def make_poster(tools: Tools, asset_id: str, path: str) -> None:
    """Make the poster of a saved asset. A poster that fails is made again when it is asked for."""
    try:
        await tools.prober.make_poster(
            tools.store.local_path(path), tools.posters / f"{asset_id}.jpg"
        )
    except (MediaError, OSError) as error:
        log.warning("no poster of %s: %s", asset_id, error)


async def _asset_of(tools: Tools, generation: Generation) -> Asset:
    asset = await tools.catalogue.read(
        lambda connection: assets.of_generation(connection, generation.id)
    )
    assert asset is not None, "what is delivered is listed in the same transaction"
    return asset


async def _note(tools: Tools, generation: Generation, name: str, detail: str = "") -> None:
    step = tools.step(name, detail)
    await tools.catalogue.write(
        lambda transaction: generations.add_step(transaction, generation.id, step)
    )
