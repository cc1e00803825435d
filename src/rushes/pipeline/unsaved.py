"""What to do when a clip could not be saved: what failed decides, and nothing bought is forgotten.

Our disk fails → unsaved, with its bytes in the spool or in memory. The network fails, or no place
can hold the bytes → still url-only. The clip is gone → expired, but only after the provider was
asked once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from rushes.catalogue import assets, generations
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    CatalogueError,
    DownloadError,
    DownloadNotMediaError,
    MediaError,
    MediaGoneError,
    ProviderError,
    ResultGoneError,
    StorageError,
)
from rushes.domain.generation import Done, Generation, Saving, Ticket
from rushes.domain.media_facts import MediaFacts
from rushes.domain.media_reference import (
    Held,
    MediaReference,
    NotYetSaved,
    UnsavedMedia,
    UrlOnlyMedia,
    download_failed,
    expire,
    moved,
    storage_failed,
)
from rushes.domain.problem import Failure, Problem
from rushes.pipeline.pace import no_sooner
from rushes.pipeline.tools import Tools
from rushes.providers.provider import Delivery, RemoteFile

GIVEN_UP = "It is not tried again by itself: `rushes download` tries now, and so does each start."
RENEWALS = 3
"""How often in a row a new address of the same clip is tried before it is called gone."""
IN_A_ROW = "in_a_row"


async def note_storage_failure(
    tools: Tools,
    asset: Asset,
    error: StorageError | CatalogueError,
    held: Held | None = None,
    facts: MediaFacts | None = None,
) -> float:
    """Write down why it is not saved, and where its bytes wait when there are any."""
    media = not_yet_saved(asset)
    failure = again(tools, media, error.problem)
    await _set_media(tools, asset, storage_failed(media, failure, held), facts)
    return tools.pace.storage.wait(failure.attempts - 1)


async def note_download_failure(
    tools: Tools, asset: Asset, error: DownloadError | MediaError | ProviderError
) -> float | None:
    media = not_yet_saved(asset)
    failure = again(tools, media, error.problem)
    if _gives_up(tools, error, in_a_row(failure)):
        problem = replace(failure.problem, retryable=False)
        if error.retryable or isinstance(error, MediaError):
            problem = replace(problem, remedy=GIVEN_UP)
        final = replace(failure, problem=problem)
        await _set_media(tools, asset, download_failed(media, final))
        return None
    await _set_media(tools, asset, download_failed(media, failure))
    retry_after = None if isinstance(error, MediaError) else error.retry_after
    return no_sooner(tools.pace.download.wait(failure.attempts - 1), retry_after)


def _gives_up(
    tools: Tools, error: DownloadError | MediaError | ProviderError, in_a_row: int
) -> bool:
    """A network that fails is tried for ever. Bytes that are no clip may have been damaged on the
    way, so they are fetched again, but not for ever. A refused host will not change by asking.
    """
    if isinstance(error, MediaError | DownloadNotMediaError):
        return in_a_row >= tools.pace.unusable_attempts
    return not error.retryable


async def ask_once_more(
    tools: Tools, generation: Generation, saving: Saving, asset: Asset, error: MediaGoneError
) -> float | None:
    """The address says that the clip is gone: ask the provider for the result again."""
    media = not_yet_saved(asset)
    failure = again(tools, media, error.problem)
    try:
        fresh = await newer_address(tools, generation, saving.ticket, media, failure)
    except ProviderError as unanswered:
        return await note_download_failure(tools, asset, unanswered)
    if fresh is None:
        await _expire(tools, generation, saving, asset, failure)
        return None
    renewed = moved(media, fresh.url, fresh.expires_at, _still_tried(failure))

    def renew(transaction: Transaction) -> None:
        generations.keep_document(transaction, generation.id, fresh.delivery.document)
        assets.set_media(transaction, asset.id, renewed, before=media)

    await tools.catalogue.write(renew)
    return 0


def _still_tried(failure: Failure) -> Failure:
    """The old address is gone for good, and the clip is not: the new one is about to be tried."""
    problem = replace(failure.problem, remedy=DownloadError.remedy, retryable=True)
    return replace(failure, problem=problem)


@dataclass(frozen=True, slots=True)
class NewAddress:
    """Where a provider says that a clip lies now."""

    delivery: Delivery
    url: str
    expires_at: datetime | None


async def newer_address(
    tools: Tools, generation: Generation, ticket: Ticket, media: NotYetSaved, failure: Failure
) -> NewAddress | None:
    """Where the provider says that the clip lies now; None when it names no other place.

    Raises:
        ProviderError: it does not answer that question now.
    """
    provider = tools.provider_of(generation)
    try:
        fresh = await provider.result(ticket)
    except ResultGoneError:
        return None
    url = provider.source_url(fresh)
    if url == media.url or in_a_row(failure) > RENEWALS:
        return None
    source = await provider.media(fresh)
    return NewAddress(fresh, url, source.expires_at if isinstance(source, RemoteFile) else None)


async def _expire(
    tools: Tools, generation: Generation, saving: Saving, asset: Asset, failure: Failure
) -> None:
    step = tools.step("expired", failure.problem.detail)

    def write(transaction: Transaction) -> None:
        media = not_yet_saved(asset)
        assets.set_media(transaction, asset.id, expire(media, failure), before=media)
        done = Done(saving.ticket, saving.document)
        generations.move(transaction, generation.id, done, now=step.at, step=step)

    await tools.catalogue.write(write)


def not_yet_saved(asset: Asset) -> NotYetSaved:
    assert isinstance(asset.media, UrlOnlyMedia | UnsavedMedia), "only what is not saved is saved"
    return asset.media


def again(tools: Tools, media: NotYetSaved, problem: Problem) -> Failure:
    """The failure with all tries counted, and in its facts those that ended like this in a row."""
    before = media.failure
    if before is None:
        return Failure(problem, tools.clock.now())
    if before.problem.code == problem.code:
        problem = replace(problem, facts={**problem.facts, IN_A_ROW: in_a_row(before) + 1})
    return Failure(problem, tools.clock.now(), before.attempts + 1)


def in_a_row(failure: Failure) -> int:
    """How many tries ended like this, with none between that ended otherwise."""
    counted = failure.problem.facts.get(IN_A_ROW)
    return counted if isinstance(counted, int) else 1


async def _set_media(
    tools: Tools, asset: Asset, media: MediaReference, facts: MediaFacts | None = None
) -> None:
    await tools.catalogue.write(
        lambda transaction: assets.set_media(
            transaction, asset.id, media, facts, before=asset.media
        )
    )
