"""Keep what the provider delivered: the result word for word, and the asset in its project."""

from __future__ import annotations

from rushes.catalogue import assets, generations
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset, Generated, generated_name
from rushes.domain.errors import ResultUnreadableError
from rushes.domain.generation import Delivered, Failed, Generation, Ticket
from rushes.domain.ids import clip_of
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import UrlOnlyMedia
from rushes.pipeline.tools import Tools
from rushes.providers.provider import Delivery


async def deliver(
    tools: Tools, generation: Generation, ticket: Ticket, delivery: Delivery
) -> float | None:
    """Write down the result and list its asset, in one transaction."""
    try:
        url = tools.provider_of(generation).source_url(delivery)
    except ResultUnreadableError as error:
        await _keep_unreadable(tools, generation, ticket, delivery, error)
        return None
    step = tools.step("delivered")
    asset = _asset(tools, generation, url)

    def write(transaction: Transaction) -> None:
        generations.move(
            transaction,
            generation.id,
            Delivered(ticket, delivery.document),
            now=step.at,
            step=step,
            billed_units=delivery.billed_units,
        )
        assets.insert(transaction, asset)

    await tools.keep(write)
    return 0


async def _keep_unreadable(
    tools: Tools,
    generation: Generation,
    ticket: Ticket,
    delivery: Delivery,
    error: ResultUnreadableError,
) -> None:
    step = tools.step("failed", str(error.problem))
    state = Failed(error.problem, ticket, delivery.document)
    await tools.keep(
        lambda transaction: generations.move(
            transaction,
            generation.id,
            state,
            now=step.at,
            step=step,
            billed_units=delivery.billed_units,
        )
    )


def _asset(tools: Tools, generation: Generation, url: str) -> Asset:
    request = generation.request
    return Asset(
        id=clip_of(generation.id),
        project_id=generation.project_id,
        name=generated_name(request.prompt),
        kind=MediaKind.VIDEO,
        take_number=generation.take_number,
        origin=Generated(generation.id, request.model, request.prompt),
        media=UrlOnlyMedia(url),
        facts=None,
        created_at=tools.clock.now(),
    )
