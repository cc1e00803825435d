"""A generation as a row: every state has its own columns, and the others are empty."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Row

from rushes.catalogue.rows import (
    NO_FAILURE,
    Values,
    failure_of,
    failure_values,
    problem_of,
    problem_value,
)
from rushes.domain.generation import (
    Cancelled,
    Delivered,
    Done,
    Failed,
    Generation,
    GenerationRequest,
    GenerationState,
    Planned,
    Queued,
    Running,
    Saving,
    Step,
    Submitted,
    Submitting,
    Ticket,
    Transfer,
    Unconfirmed,
)
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId
from rushes.domain.model_spec import Estimate, Task

NOTHING: Values = {
    "since": None,
    "queue_position": None,
    "progress": None,
    **NO_FAILURE,
}


def prompt_hash(prompt: str) -> str:
    """What tells the shots of a project apart: their prompt, in a form that an index can hold."""
    return hashlib.sha256(prompt.encode()).hexdigest()


def new_values(generation: Generation) -> Values:
    request = generation.request
    return {
        "id": generation.id,
        "project_id": generation.project_id,
        "model": request.model,
        "task": request.task.value,
        "prompt": request.prompt,
        "shot": prompt_hash(request.prompt),
        "settings": dict(request.settings),
        "image": request.image,
        "end_image": request.end_image,
        "endpoint": generation.endpoint,
        "estimate_low": generation.estimate.low,
        "estimate_high": generation.estimate.high,
        "take_number": generation.take_number,
        "links": {},
        "document": getattr(generation.state, "document", None),
        "billed_units": generation.billed_units,
        "unit_price": generation.unit_price,
        "created_at": generation.created_at,
        "updated_at": generation.updated_at,
        **state_values(generation.state),
    }


def state_values(state: GenerationState) -> Values:
    """The columns of a state. A result that was once kept is never overwritten by a later state."""
    values = {"state": state.name, **NOTHING, **_ticket_values(getattr(state, "ticket", None))}
    match state:
        case Planned(failure):
            return values | failure_values(failure)
        case Submitting(since):
            return values | {"since": since}
        case Submitted(doubt=doubt):
            return values | failure_values(doubt)
        case Queued(position=position, doubt=doubt):
            return values | {"queue_position": position} | failure_values(doubt)
        case Running(progress=progress, doubt=doubt):
            return values | {"progress": progress} | failure_values(doubt)
        case Delivered(document=document):
            return values | {"document": document}
        case Saving(path=path, sha256=sha256):
            return values | {"save_path": path, "save_sha256": sha256}
        case Unconfirmed(since, failure):
            return values | {"since": since} | failure_values(failure)
        case Failed(problem, document=document):
            kept = {} if document is None else {"document": document}
            return values | {"problem": problem_value(problem)} | kept
        case _:
            return values


def _ticket_values(ticket: Ticket | None) -> Values:
    if ticket is None:
        return {}
    return {"request_id": ticket.request_id, "links": dict(ticket.links)}


def state_of(row: Row[Any]) -> GenerationState:  # noqa: C901  # one line for each state
    match row.state:
        case Planned.name:
            return Planned(failure_of(row))
        case Submitting.name:
            return Submitting(row.since)
        case Submitted.name:
            return Submitted(_ticket_of(row), failure_of(row))
        case Queued.name:
            return Queued(_ticket_of(row), row.queue_position, failure_of(row))
        case Running.name:
            return Running(_ticket_of(row), row.progress, failure_of(row))
        case Delivered.name:
            return Delivered(_ticket_of(row), row.document)
        case Saving.name:
            return Saving(_ticket_of(row), row.document, row.save_path, row.save_sha256)
        case Done.name:
            return Done(_ticket_of(row), row.document)
        case Unconfirmed.name:
            failure = failure_of(row)
            assert failure is not None, "an unconfirmed generation says what was observed"
            return Unconfirmed(row.since, failure)
        case Failed.name:
            return Failed(problem_of(row.problem), _ticket(row), row.document)
        case Cancelled.name:
            return Cancelled(_ticket(row))
        case unknown:
            raise ValueError(f"no generation state is called {unknown!r}")


def _ticket(row: Row[Any]) -> Ticket | None:
    return None if row.request_id is None else Ticket(row.request_id, row.links)


def _ticket_of(row: Row[Any]) -> Ticket:
    return Ticket(row.request_id, row.links)


def generation(row: Row[Any], steps: tuple[Step, ...]) -> Generation:
    return Generation(
        id=GenerationId(row.id),
        project_id=ProjectId(row.project_id),
        request=GenerationRequest(
            model=ModelId(row.model),
            task=Task(row.task),
            prompt=row.prompt,
            settings=row.settings,
            image=None if row.image is None else AssetId(row.image),
            end_image=None if row.end_image is None else AssetId(row.end_image),
        ),
        endpoint=row.endpoint,
        estimate=Estimate(row.estimate_low, row.estimate_high),
        take_number=row.take_number,
        state=state_of(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        steps=steps,
        transfer=None if row.received is None else Transfer(row.received, row.total),
        billed_units=row.billed_units,
        unit_price=row.unit_price,
        asset_id=None if row.asset_id is None else AssetId(row.asset_id),
    )
