"""Bring a delivered clip into the library. Every part may be repeated; nothing here costs.

reserve a path → download beside it → measure → publish (fsync, rename, fsync) → commit

Where the store fails, the bytes wait elsewhere, and each further try begins with them.
"""

from __future__ import annotations

import asyncio
import logging

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
from rushes.domain.media_reference import ExpiredMedia, SavedMedia, save
from rushes.pipeline.bring import Kept, Waits, bring, what_waits
from rushes.pipeline.media_path import free_path
from rushes.pipeline.tools import Tools
from rushes.pipeline.unsaved import (
    ask_once_more,
    not_yet_saved,
    note_download_failure,
    note_storage_failure,
)
from rushes.providers.provider import LocalFile

log = logging.getLogger(__name__)


async def reserve(tools: Tools, generation: Generation, delivered: Delivered | Saving) -> float:
    """Choose the file's name and write it down, so that a crash cannot leave it unknown."""

    def write(transaction: Transaction) -> None:
        project = projects.get(transaction.connection, generation.project_id)
        path = free_path(tools, transaction, project.media_folder, generation)
        state = Saving(delivered.ticket, delivered.document, path)
        generations.move(transaction, generation.id, state, now=tools.clock.now())

    try:
        await tools.catalogue.write(write)
    except StorageError as error:
        return await note_storage_failure(tools, await _asset_of(tools, generation), error)
    return 0


async def save_clip(tools: Tools, generation: Generation, saving: Saving) -> float | None:
    """Download, check and keep the clip. Returns how long to wait when it has to be repeated."""
    asset = await _asset_of(tools, generation)
    if isinstance(asset.media, SavedMedia | ExpiredMedia):
        await _finish(tools, generation, saving)
        return None
    try:
        brought = await bring(tools, generation, saving, asset)
    except ConflictError:
        # A file of that name has come from elsewhere: it stays, and ours gets another name.
        return await reserve(tools, generation, saving)
    except StorageError as error:
        return await note_storage_failure(tools, asset, error, await what_waits(tools, asset))
    except MediaGoneError as error:
        return await ask_once_more(tools, generation, saving, asset, error)
    except (DownloadError, MediaError, ProviderError) as error:
        return await note_download_failure(tools, asset, error)
    if isinstance(brought, Waits):
        return await note_storage_failure(tools, asset, brought.error, brought.held, brought.facts)
    await _commit(tools, generation, saving, asset, brought)
    await asyncio.to_thread(tools.held.drop, asset.id)
    if isinstance(brought.source, LocalFile):
        await asyncio.to_thread(brought.source.path.unlink, missing_ok=True)
    return None


async def show_saved(tools: Tools, generation: Generation) -> None:
    """Make the poster of what is saved by now. Others are saved meanwhile."""
    asset = await tools.catalogue.read(
        lambda connection: assets.of_generation(connection, generation.id)
    )
    if asset is not None and isinstance(asset.media, SavedMedia):
        await make_poster(tools, asset.id, asset.media.path)
        still = await tools.catalogue.read(
            lambda connection: assets.of_generation(connection, generation.id)
        )
        if still is None:
            # Deleted meanwhile: its poster goes as well.
            (tools.posters / f"{asset.id}.jpg").unlink(missing_ok=True)


async def _commit(
    tools: Tools, generation: Generation, saving: Saving, asset: Asset, kept: Kept
) -> None:
    step = tools.step("saved", kept.path)
    media = save(not_yet_saved(asset), path=kept.path, size=kept.size, sha256=kept.sha256)

    def write(transaction: Transaction) -> None:
        assets.set_media(transaction, asset.id, media, kept.facts, before=asset.media)
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
