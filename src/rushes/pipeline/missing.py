"""Bring a file that has left the disk here again: the same bytes, from where they wait or lie.

download, or take what waits → compare with what was saved → publish → commit

Where the store fails the bytes wait elsewhere, and the next attempt begins with them. Until the
file is here the asset stays missing.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from functools import partial

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.errors import (
    CatalogueError,
    ChecksumMismatchError,
    ConflictError,
    MediaGoneError,
    MediaUnreadableError,
    SourceUnreadableError,
    StorageError,
)
from rushes.domain.generation import Done, Generation, Transfer
from rushes.domain.media_reference import Held, MissingMedia, UrlOnlyMedia, relink
from rushes.domain.problem import Failure
from rushes.pipeline.media_path import free_path
from rushes.pipeline.receiving import draft_beside, receive
from rushes.pipeline.tools import Tools
from rushes.pipeline.unsaved import newer_address
from rushes.providers.provider import Delivery
from rushes.store.falling_draft import FallingDraft
from rushes.store.intake import Received
from rushes.store.open_draft import open_draft
from rushes.store.store import Draft

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lost:
    """A file that is to be brought again, and what it was made by."""

    asset_id: str
    media: MissingMedia
    generation: Generation
    done: Done


async def bring_again(tools: Tools, lost: Lost) -> None:
    """Bring it here and list it as saved.

    Raises:
        StorageError, CatalogueError: our disk failed; what has come waits where there is a place.
        DownloadError, MediaError, ProviderError: there are no bytes to be had now.
    """
    path = await _publish_held(tools, lost)
    if path is None:
        lost, path = await _bring_anew(tools, lost)
    media = lost.media
    back = relink(media, path=path, size=media.size, sha256=media.sha256)
    await tools.catalogue.write(
        lambda transaction: assets.set_media_unless_changed(
            transaction, lost.asset_id, back, before=media
        )
    )
    await asyncio.to_thread(tools.held.drop, lost.asset_id)


async def _publish_held(tools: Tools, lost: Lost) -> str | None:
    """Save what an earlier attempt has left waiting; None when nothing that is good waits."""
    try:
        held = await asyncio.to_thread(tools.held.find, lost.asset_id)
        return None if held is None else await _copy_held(tools, lost, held)
    except SourceUnreadableError as error:
        # It stays, and the clip is brought besides.
        log.warning("what is held of %s cannot be read now: %s", lost.asset_id, error)
        return None
    except (ChecksumMismatchError, MediaUnreadableError) as error:
        log.warning("what was held of %s is not the clip: %s", lost.asset_id, error)
        await asyncio.to_thread(tools.held.drop, lost.asset_id)
        return None


async def _copy_held(tools: Tools, lost: Lost, held: Held) -> str:
    in_store = partial(draft_beside, tools, lost.media.path, lost.asset_id, held.size)
    async with open_draft(in_store) as draft:
        received = await tools.held.copy(lost.asset_id, held, draft, _not_shown)
        _check_same(lost, received)
        return await _publish(tools, lost, draft)


async def _bring_anew(tools: Tools, lost: Lost) -> tuple[Lost, str]:
    """Download it. Where its address is gone the provider is asked once, as everywhere."""
    try:
        return lost, await _download(tools, lost)
    except MediaGoneError as error:
        renewed = await _with_newer_address(tools, lost, error)
        if renewed is None:
            raise
    return renewed, await _download(tools, renewed)


async def _with_newer_address(tools: Tools, lost: Lost, error: MediaGoneError) -> Lost | None:
    """Where the provider says now that it is; None when it names no other place, or it is found."""
    known = tools.provider_of(lost.generation).source_url(Delivery(lost.done.document))
    failure = Failure(error.problem, tools.clock.now())
    fresh = await newer_address(
        tools, lost.generation, lost.done.ticket, UrlOnlyMedia(known), failure
    )
    if fresh is None:
        return None
    media = replace(lost.media, url=fresh.url)

    def renew(transaction: Transaction) -> bool:
        is_set = assets.set_media_unless_changed(
            transaction, lost.asset_id, media, before=lost.media
        )
        if is_set:
            generations.keep_document(transaction, lost.generation.id, fresh.delivery.document)
        return is_set

    if not await tools.catalogue.write(renew):
        return None
    return replace(lost, media=media, done=replace(lost.done, document=fresh.delivery.document))


async def _download(tools: Tools, lost: Lost) -> str:
    source = await tools.provider_of(lost.generation).media(Delivery(lost.done.document))
    in_store = partial(draft_beside, tools, lost.media.path, lost.asset_id)
    begin = partial(tools.held.draft, lost.asset_id, in_store, lost.media.size)
    async with open_draft(begin) as draft:
        while True:
            try:
                received = await receive(tools, source, draft, _not_shown)
                _check_same(lost, received)
                return await _keep(tools, lost, draft, received)
            except (MediaUnreadableError, ChecksumMismatchError):
                # Where it was received, it could not be read back: only that makes it come again.
                if not draft.begins_anew():
                    raise


def _check_same(lost: Lost, received: Received) -> None:
    if received.sha256 != lost.media.sha256:
        raise ChecksumMismatchError(
            f"What came ({received.size:,} bytes) is not what was saved.", received=received.size
        )


async def _keep(tools: Tools, lost: Lost, draft: FallingDraft, received: Received) -> str:
    """Publish what has come, or keep it where it can wait and say why that had to be."""
    if draft.in_store is not None:
        try:
            return await _publish(tools, lost, draft.in_store)
        except (StorageError, CatalogueError) as error:
            await asyncio.to_thread(draft.fall, error)
    await asyncio.to_thread(draft.hold, received)
    assert draft.failure is not None, "only a failure of the store leads elsewhere"
    raise draft.failure


async def _publish(tools: Tools, lost: Lost, draft: Draft) -> str:
    """Returns the path under which it is now."""
    path = lost.media.path
    try:
        await asyncio.to_thread(draft.publish, path)
    except ConflictError:
        # Another file lies there now: it stays.
        path = await _other_path(tools, lost.generation)
        await asyncio.to_thread(draft.publish, path)
    return path


async def _other_path(tools: Tools, generation: Generation) -> str:
    def write(transaction: Transaction) -> str:
        project = projects.get(transaction.connection, generation.project_id)
        return free_path(tools, transaction, project.media_folder, generation)

    return await tools.catalogue.write(write)


def _not_shown(_: Transfer) -> None:
    """How much has come is not shown: nothing is under way but a file that is missing."""
