"""Generations as they are asked for and sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue

from rushes.domain.generation import (
    Failed,
    Generation,
    Planned,
    Queued,
    Running,
    Step,
    Unconfirmed,
)
from rushes.domain.model_spec import Estimate, SettingValue
from rushes.domain.problem import Failure, Problem
from rushes.pipeline.plan import MOST_TAKES
from rushes.server.schemas.models import EstimateShape, TaskName
from rushes.server.schemas.problems import ProblemShape
from rushes.server.schemas.shape import Body, Shape

StateName = Literal[
    "planned",
    "submitting",
    "submitted",
    "queued",
    "running",
    "delivered",
    "saving",
    "done",
    "unconfirmed",
    "failed",
    "cancelled",
]


OrderKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class GenerationOrder(Body):
    """What is asked: one prompt for one or several models, so many takes of each."""

    prompt: str
    models: list[str]
    settings: Mapping[str, JsonValue] = Field(default_factory=dict)
    """For every model."""
    model_settings: Mapping[str, Mapping[str, JsonValue]] = Field(default_factory=dict)
    """By model: for this one only, over ``settings``."""
    takes: Annotated[int, Field(ge=1, le=MOST_TAKES)] = 1
    """So many of each model. A seed that is chosen counts up; one that is left varies by take."""
    image: str | None = None
    """Id of an image asset: makes it image-to-video."""
    end_image: str | None = None
    max_cost: str | None = None
    """US dollars; the whole order is refused when it may cost more."""
    ignore_room: bool = False
    """Order even if the disk seems to have too little room for what comes."""
    order_id: OrderKey | None = None
    """An id that whoever asks makes anew for each order. An order that is sent again with the same
    id, because its answer was lost, orders nothing and is answered with the same generations.
    """


class StepShape(Shape):
    name: str
    at: datetime
    detail: str

    @classmethod
    def of(cls, step: Step) -> Self:
        return cls(name=step.name, at=step.at, detail=step.detail)


class TransferShape(Shape):
    received: int
    total: int | None


class GenerationShape(Shape):
    id: str
    project_id: str
    model: str
    task: TaskName
    prompt: str
    settings: Mapping[str, SettingValue]
    image: str | None
    end_image: str | None
    state: StateName
    take_number: int
    estimate: EstimateShape
    billed_units: str | None
    """How many price units the provider says it charged; null until it says so."""
    actual_cost: EstimateShape | None
    """Reckoned from the charged units and what a unit cost when it was ordered; null where either
    is not known."""
    queue_position: int | None
    progress: float | None
    """0 to 1, only when the provider says it."""
    transfer: TransferShape | None
    problem: ProblemShape | None
    attempts: int | None
    """How often what the problem names has been tried; null when it is final or there is none."""
    steps: list[StepShape]
    request_id: str | None
    asset_id: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, generation: Generation) -> Self:
        request, state = generation.request, generation.state
        problem = _problem(generation)
        transfer = generation.transfer
        return cls(
            id=generation.id,
            project_id=generation.project_id,
            model=request.model,
            task=request.task.value,
            prompt=request.prompt,
            settings=dict(request.settings),
            image=request.image,
            end_image=request.end_image,
            state=state.name,  # type: ignore[arg-type]  # a ClassVar of each state; tested equal
            take_number=generation.take_number,
            estimate=EstimateShape.of(generation.estimate),
            billed_units=None if generation.billed_units is None else str(generation.billed_units),
            actual_cost=_actual_cost(generation),
            queue_position=state.position if isinstance(state, Queued) else None,
            progress=state.progress if isinstance(state, Running) else None,
            transfer=None
            if transfer is None
            else TransferShape(received=transfer.received, total=transfer.total),
            problem=None if problem is None else ProblemShape.of(problem),
            attempts=_attempts(generation),
            steps=[StepShape.of(step) for step in generation.steps],
            request_id=None if generation.ticket is None else generation.ticket.request_id,
            asset_id=generation.asset_id,
            created_at=generation.created_at,
            updated_at=generation.updated_at,
        )


def _actual_cost(generation: Generation) -> EstimateShape | None:
    cost = generation.actual_cost
    return None if cost is None else EstimateShape.of(Estimate.exactly(cost))


def _problem(generation: Generation) -> Problem | None:
    match generation.state:
        case Failed(problem=problem):
            return problem
        case Unconfirmed(failure=failure):
            return failure.problem
        case Planned(failure=failure) if failure is not None:
            return failure.problem
        case _:
            return None


def _attempts(generation: Generation) -> int | None:
    match generation.state:
        case Planned(Failure(attempts=attempts)) | Unconfirmed(failure=Failure(attempts=attempts)):
            return attempts
        case _:
            return None


class GenerationList(Shape):
    items: list[GenerationShape]
    next_cursor: str | None
    total: int


class GenerationsStarted(Shape):
    generations: list[GenerationShape]
    repeated: bool
    """Whether this order had been placed before, so that nothing was ordered now."""


class PlacedOrder(Shape):
    generations: list[GenerationShape]


class QuoteOrder(Body):
    """The same as an order, to be checked and priced and not done."""

    prompt: str
    models: list[str]
    settings: Mapping[str, JsonValue] = Field(default_factory=dict)
    model_settings: Mapping[str, Mapping[str, JsonValue]] = Field(default_factory=dict)
    takes: Annotated[int, Field(ge=1, le=MOST_TAKES)] = 1
    image: str | None = None
    end_image: str | None = None


class ModelQuote(Shape):
    model: str
    estimate: EstimateShape | None
    """What all its takes would cost."""
    settings: Mapping[str, SettingValue] | None
    """Every setting with the value that would be sent for the first take."""
    problem: ProblemShape | None
    """Why it would be refused; null when it would be accepted."""


class Quote(Shape):
    items: list[ModelQuote]
    total: EstimateShape | None
    """What all of it would cost; null when any part would be refused."""


class CancelResult(Shape):
    outcome: Literal["cancelled", "requested", "too_late", "unknown"]
    generation: GenerationShape
