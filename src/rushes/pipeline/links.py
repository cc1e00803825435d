"""Keep the address of a clip instead of its bytes, where a project wants that."""

from __future__ import annotations

from dataclasses import replace

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset
from rushes.domain.errors import MediaGoneError, ProviderError
from rushes.domain.generation import Delivered, Done, Generation
from rushes.domain.media_reference import (
    MediaReference,
    UrlOnlyMedia,
    download_failed,
    expire,
    moved,
)
from rushes.domain.project import Keep
from rushes.pipeline.tools import Tools
from rushes.pipeline.unsaved import again, newer_address, not_yet_saved
from rushes.providers.provider import Delivery, RemoteFile


async def keep_link(tools: Tools, generation: Generation, delivered: Delivered) -> bool:
    """Be done with the address alone, if that is wanted. False: the bytes are to be brought.

    Either way the moment is kept at which the address expires, where the provider says it.
    """
    source = await _remote_source(tools, generation, delivered)
    if source is None:
        return False
    project = await tools.catalogue.read(
        lambda connection: projects.get(connection, generation.project_id)
    )
    if project.keep is Keep.FILES and source.expires_at is None:
        return False
    step = tools.step("kept as a link")

    def write(transaction: Transaction) -> bool:
        asset = assets.of_generation(transaction.connection, generation.id)
        assert asset is not None, "what is delivered is listed in the same transaction"
        reference = UrlOnlyMedia(source.url, source.expires_at)
        assets.set_media(transaction, asset.id, reference, before=asset.media)
        if project.keep is Keep.FILES:
            return False
        done = Done(delivered.ticket, delivered.document)
        generations.move(transaction, generation.id, done, now=step.at, step=step)
        return True

    return await tools.catalogue.write(write)


async def renew_link(
    tools: Tools, generation: Generation, done: Done, asset: Asset, error: MediaGoneError
) -> None:
    """The media host says that a clip which is kept as an address is gone: ask the provider.

    It names another address, or the clip is expired, or it is known only later. What somebody else
    has come to know while the provider was asked, counts more: it may be saved by now.
    """
    media = not_yet_saved(asset)
    failure = again(tools, media, error.problem)
    try:
        fresh = await newer_address(tools, generation, done.ticket, media, failure)
    except ProviderError as unanswered:
        problem = replace(failure, problem=unanswered.problem)
        await _set_media(tools, asset, download_failed(media, problem))
        return
    if fresh is None:
        await _set_media(tools, asset, expire(media, failure))
        return
    # Nothing is wrong with the new address, so it has no failure.
    renewed = moved(media, fresh.url, fresh.expires_at)

    def renew(transaction: Transaction) -> None:
        if assets.set_media_unless_changed(transaction, asset.id, renewed, before=media):
            generations.keep_document(transaction, generation.id, fresh.delivery.document)

    await tools.catalogue.write(renew)


async def _set_media(tools: Tools, asset: Asset, media: MediaReference) -> None:
    await tools.catalogue.write(
        lambda transaction: assets.set_media_unless_changed(
            transaction, asset.id, media, before=asset.media
        )
    )


async def _remote_source(
    tools: Tools, generation: Generation, delivered: Delivered
) -> RemoteFile | None:
    """Where the clip lies at a provider; None for one that is made on this machine."""
    provider = tools.provider_of(generation)
    delivery = Delivery(delivered.document)
    try:
        # Only what has a web address is asked for: to another provider it means rendering.
        if not provider.source_url(delivery).startswith(("https://", "http://")):
            return None
        source = await provider.media(delivery)
    except ProviderError:
        # Saving meets it again, and says it.
        return None
    return source if isinstance(source, RemoteFile) else None
