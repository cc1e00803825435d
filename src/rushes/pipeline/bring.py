"""Bring the bytes of a delivered clip: into the store, or where they wait while the store fails.

Bytes that were received are dropped only when they are saved, or found not to be the clip.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from rushes.catalogue import generations
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    CatalogueError,
    CheckFailedError,
    ChecksumMismatchError,
    ConflictError,
    DiskFullError,
    DownloadError,
    MediaError,
    MediaTooCostlyError,
    MediaUnreadableError,
    ProviderError,
    SourceUnreadableError,
    StorageError,
)
from rushes.domain.generation import Generation, Saving
from rushes.domain.media_facts import MediaFacts
from rushes.domain.media_reference import Held, InSpool, UnsavedMedia
from rushes.pipeline.media_path import free_path
from rushes.pipeline.receiving import draft_beside, receive
from rushes.pipeline.same_file import check_same_as_former
from rushes.pipeline.tools import Tools
from rushes.pipeline.transfer_notes import transfer_notes
from rushes.pipeline.unsaved import not_yet_saved
from rushes.providers.provider import Delivery, LocalFile, MediaSource, RemoteFile
from rushes.store.falling_draft import FallingDraft, OwnFailure
from rushes.store.file_hash import measured
from rushes.store.intake import Received
from rushes.store.open_draft import open_draft
from rushes.store.storage_errors import storage_errors
from rushes.store.store import Draft, Sink

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is published and measured, and not yet in the catalogue."""

    path: str
    size: int
    sha256: str
    facts: MediaFacts
    source: MediaSource | None
    """Where it came from, unless an earlier run brought it."""


@dataclass(frozen=True, slots=True)
class Waits:
    """The store failed, and the whole clip waits elsewhere."""

    held: Held
    facts: MediaFacts | None
    """None until it could be measured."""
    error: OwnFailure


async def bring(tools: Tools, generation: Generation, saving: Saving, asset: Asset) -> Kept | Waits:
    """Take what is here already, or else download it.

    Raises:
        ConflictError: another file has come to lie under the name of one that was published.
        StorageError, CatalogueError: no place could take the bytes.
        DownloadError, MediaError, ProviderError: there are no bytes to be had now.
    """
    if saving.sha256 is not None and tools.store.exists(saving.path):
        return await _take_published(tools, saving.path, saving.sha256)
    try:
        held = await asyncio.to_thread(tools.held.find, asset.id)
        if held is not None:
            return await _save_held(tools, generation, saving, asset, held)
    except SourceUnreadableError as error:
        return await _bring_besides(tools, generation, saving, asset, error)
    except (ChecksumMismatchError, MediaError) as error:
        log.warning("what was held of %s is not the clip: %s", asset.id, error)
        await asyncio.to_thread(tools.held.drop, asset.id)
    return await _bring_anew(tools, generation, saving, asset)


async def what_waits(tools: Tools, asset: Asset) -> Held | None:
    """What is held of a clip; what is written down about it where the spool cannot tell now."""
    try:
        return await asyncio.to_thread(tools.held.find, asset.id)
    except SourceUnreadableError:
        return asset.media.held if isinstance(asset.media, UnsavedMedia) else None


async def _take_published(tools: Tools, path: str, sha256: str) -> Kept:
    """The file was published by a run that ended before its commit, perhaps before its syncs.

    Raises:
        ConflictError: another file has come to lie under the name.
    """
    local = tools.store.local_path(path)
    with storage_errors(local.parent):
        size, found = await asyncio.to_thread(measured, local)
    if found != sha256:
        raise ConflictError(f"{path} is not the file that was checked.", path=path)
    await asyncio.to_thread(tools.store.make_durable, path)
    return Kept(path, size, sha256, await _probe(tools, local), None)


async def _save_held(
    tools: Tools, generation: Generation, saving: Saving, asset: Asset, held: Held
) -> Kept | Waits:
    """Copy what is held into the store.

    Raises:
        ChecksumMismatchError, MediaError: what is held is not the clip.
    """
    try:
        async with open_draft(
            partial(draft_beside, tools, saving.path, asset.id, held.size)
        ) as draft:
            async with transfer_notes(tools, generation) as notes:
                received = await tools.held.copy(asset.id, held, draft, notes.show)
            _check_hash(received, held)
            facts = _known_facts(asset, held) or await _probe(tools, draft.local_path)
            path = await _publish(tools, generation, saving, draft, received.sha256, facts)
    except (ChecksumMismatchError, SourceUnreadableError):
        raise
    except StorageError as error:
        return Waits(held, asset.facts, error)
    return Kept(path, received.size, received.sha256, facts, None)


async def _bring_besides(
    tools: Tools,
    generation: Generation,
    saving: Saving,
    asset: Asset,
    unreadable: SourceUnreadableError,
) -> Kept | Waits:
    """What waits cannot be read now. It stays until the clip has come in another way.

    Raises as ``_bring_anew``, where nothing is known to wait.
    """
    try:
        return await _bring_anew(tools, generation, saving, asset)
    except (StorageError, CatalogueError, DownloadError, MediaError, ProviderError) as error:
        held = await what_waits(tools, asset)
        if held is None:
            raise
        log.warning("%s could not be brought besides what waits: %s", asset.id, error)
        return Waits(held, asset.facts, unreadable)


def _known_facts(asset: Asset, held: Held) -> MediaFacts | None:
    """What was measured when the same bytes were received."""
    is_same = isinstance(asset.media, UnsavedMedia) and asset.media.held == held
    return asset.facts if is_same else None


def _check_hash(received: Received, held: Held) -> None:
    if received.sha256 != held.sha256:
        raise ChecksumMismatchError(
            f"It has the hash {received.sha256}, and {held.sha256} was received.",
            found=received.sha256,
            expected=held.sha256,
        )


async def _bring_anew(
    tools: Tools, generation: Generation, saving: Saving, asset: Asset
) -> Kept | Waits:
    source = await tools.provider_of(generation).media(Delivery(saving.document))
    in_store = partial(draft_beside, tools, saving.path, asset.id)
    size = _size_to_check(asset, source)
    async with open_draft(partial(tools.held.draft, asset.id, in_store, size)) as draft:
        while True:
            try:
                received = await _fetch(tools, generation, source, draft)
                check_same_as_former(not_yet_saved(asset), received.size, received.sha256)
                return await _keep(tools, generation, saving, source, draft, received)
            except (MediaUnreadableError, ChecksumMismatchError):
                # Where it was received, it could not be read back: only that makes it come again.
                if not draft.begins_anew():
                    raise


def _size_to_check(asset: Asset, source: MediaSource) -> int | None:
    """After a full disk no download is begun before there is room for it.

    Not before that: a provider that names a wrong size must not keep a clip from coming.
    """
    failure = not_yet_saved(asset).failure
    was_full = failure is not None and failure.problem.code == DiskFullError.code
    return source.size if was_full and isinstance(source, RemoteFile) else None


async def _keep(
    tools: Tools,
    generation: Generation,
    saving: Saving,
    source: MediaSource,
    draft: FallingDraft,
    received: Received,
) -> Kept | Waits:
    """Keep what has come: in the store, or where it waits."""
    if draft.in_store is not None:
        try:
            return await _keep_in_store(tools, generation, saving, source, draft.in_store, received)
        except (StorageError, CatalogueError) as error:
            await asyncio.to_thread(draft.fall, error)
    facts = await _facts_of_waiting(tools, draft.local_path)
    held = await asyncio.to_thread(draft.hold, received)
    if isinstance(held, InSpool) and isinstance(source, LocalFile):
        await asyncio.to_thread(source.path.unlink, missing_ok=True)
    assert draft.failure is not None, "only a failure of the store leads elsewhere"
    return Waits(held, facts, draft.failure)


async def _keep_in_store(
    tools: Tools,
    generation: Generation,
    saving: Saving,
    source: MediaSource,
    draft: Draft,
    received: Received,
) -> Kept:
    await _note(tools, generation, "downloaded", f"{received.size:,} bytes")
    facts = await _probe(tools, draft.local_path)
    path = await _publish(tools, generation, saving, draft, received.sha256, facts)
    return Kept(path, received.size, received.sha256, facts, source)


async def _publish(
    tools: Tools,
    generation: Generation,
    saving: Saving,
    draft: Draft,
    sha256: str,
    facts: MediaFacts,
) -> str:
    """Write down hash and path, then publish; the path.

    It has the suffix of the container that was found. A file that has come to lie there from
    elsewhere stays, and ours gets another name.
    """
    suffix = f".{facts.container}"
    path = str(PurePosixPath(saving.path).with_suffix(suffix))
    await _note_checked(tools, generation, replace(saving, path=path, sha256=sha256))
    while True:
        try:
            await asyncio.to_thread(draft.publish, path)
        except ConflictError:
            path = await _rename(tools, generation, replace(saving, sha256=sha256), suffix)
        else:
            return path


async def _facts_of_waiting(tools: Tools, path: Path | None) -> MediaFacts | None:
    """None where it cannot be measured now: in memory, or by a machine that has no room for it."""
    if path is None:
        return None
    try:
        return await _probe(tools, path)
    except StorageError:
        return None


async def _fetch(tools: Tools, generation: Generation, source: MediaSource, sink: Sink) -> Received:
    async with transfer_notes(tools, generation) as notes:
        return await receive(tools, source, sink, notes.show)


async def _probe(tools: Tools, path: Path) -> MediaFacts:
    # The process that reads it may not be started, as when too many files are open.
    with storage_errors(path.parent):
        try:
            return await tools.prober.probe(path)
        except MediaTooCostlyError as error:
            # It says more about this machine than about the clip, which has come whole.
            raise CheckFailedError(error.problem.detail) from error
        except MediaError:
            await asyncio.to_thread(path.stat)  # a file that is gone is not a bad clip
            raise


async def _note_checked(tools: Tools, generation: Generation, saving: Saving) -> None:
    step = tools.step("checked")
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, saving, now=step.at, step=step
        )
    )


async def _rename(tools: Tools, generation: Generation, saving: Saving, suffix: str) -> str:
    """Reserve another path."""

    def write(transaction: Transaction) -> str:
        folder = str(PurePosixPath(saving.path).parent)
        path = free_path(tools, transaction, folder, generation, suffix)
        state = replace(saving, path=path)
        generations.move(transaction, generation.id, state, now=tools.clock.now())
        return path

    return await tools.catalogue.write(write)


async def _note(tools: Tools, generation: Generation, name: str, detail: str = "") -> None:
    step = tools.step(name, detail)
    await tools.catalogue.write(
        lambda transaction: generations.add_step(transaction, generation.id, step)
    )
