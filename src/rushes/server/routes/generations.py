"""Generations over HTTP. Only ``POST …/generations`` may cost money."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from rushes.domain.ids import ProjectId
from rushes.server.current import CurrentStudio
from rushes.server.routes.asking import ask_of
from rushes.server.schemas.generations import (
    CancelResult,
    GenerationList,
    GenerationOrder,
    GenerationShape,
    GenerationsStarted,
    PlacedOrder,
    StateName,
)
from rushes.server.schemas.recovery import SettleOrder

router = APIRouter(prefix="/api", tags=["generations"])


@router.post("/projects/{project_id}/generations", status_code=HTTPStatus.ACCEPTED)
async def create_generations(
    project_id: str, order: GenerationOrder, studio: CurrentStudio
) -> GenerationsStarted:
    """Write the order down, the takes of each model, and start. All are refused or none."""
    placed = await studio.pipeline.generate_once(ProjectId(project_id), ask_of(order))
    return GenerationsStarted(
        generations=[GenerationShape.of(one) for one in placed.generations],
        repeated=placed.is_repeat,
    )


@router.get("/orders/{order_id}")
async def get_order(order_id: str, studio: CurrentStudio) -> PlacedOrder:
    """What came of an order whose answer was lost; ``order_not_found`` when it has not arrived."""
    found = await studio.pipeline.find_order(order_id)
    return PlacedOrder(generations=[GenerationShape.of(one) for one in found])


@router.get("/generations")
async def list_generations(
    studio: CurrentStudio,
    project: str | None = None,
    state: Annotated[list[StateName] | None, Query()] = None,
    cursor: str | None = None,
    limit: int = 100,
) -> GenerationList:
    page = await studio.generations.list_newest(
        project_id=project, states=tuple(state or ()), cursor=cursor, limit=limit
    )
    return GenerationList(
        items=[GenerationShape.of(one) for one in page.items],
        next_cursor=page.next_cursor,
        total=page.total,
    )


@router.get("/generations/{generation_id}")
async def get_generation(generation_id: str, studio: CurrentStudio) -> GenerationShape:
    return GenerationShape.of(await studio.generations.get(generation_id))


@router.post("/generations/{generation_id}/cancel")
async def cancel_generation(generation_id: str, studio: CurrentStudio) -> CancelResult:
    """Ask to take it back. What is delivered stays, and is saved."""
    outcome = await studio.pipeline.cancel(generation_id)
    generation = await studio.generations.get(generation_id)
    return CancelResult(outcome=outcome.value, generation=GenerationShape.of(generation))


@router.post("/generations/{generation_id}/settle")
async def settle_generation(
    generation_id: str, studio: CurrentStudio, order: SettleOrder | None = None
) -> GenerationShape:
    """Look now whether the provider has an unconfirmed request, or give it up.

    Never sends anything again. It can be given up when it has been looked for half an hour and the
    provider's list could be read. What has failed because the provider did not know its request is
    asked for once more, too.
    """
    if order is not None and order.decision == "give_up":
        return GenerationShape.of(await studio.pipeline.give_up(generation_id))
    return GenerationShape.of(await studio.pipeline.settle(generation_id))
