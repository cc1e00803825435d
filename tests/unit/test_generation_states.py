"""The moves of a generation: each legal one is made, and each other one is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from rushes.catalogue import generations, projects
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.errors import ConflictError, GenerationNotFoundError, ResultGoneError
from rushes.domain.generation import (
    GENERATION_STATES,
    MOVES,
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
    Unconfirmed,
)
from rushes.domain.ids import GenerationId, ModelId, ProjectId, new_id
from rushes.domain.model_spec import FREE, Task
from rushes.domain.problem import Failure, Problem
from rushes.domain.project import Project

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PROBLEM = Problem("provider_unreachable", "The provider could not be reached.")
PROJECT = ProjectId("p")
WAYS: dict[str, tuple[str, ...]] = {
    "planned": (),
    "submitting": ("submitting",),
    "submitted": ("submitting", "submitted"),
    "queued": ("submitting", "submitted", "queued"),
    "running": ("submitting", "submitted", "running"),
    "delivered": ("submitting", "delivered"),
    "saving": ("submitting", "delivered", "saving"),
    "unconfirmed": ("submitting", "unconfirmed"),
    "done": ("submitting", "delivered", "done"),
    "failed": ("failed",),
    "cancelled": ("cancelled",),
}
"""A shortest way to each state from a new generation."""


def state_called(name: str, ticket: Ticket) -> GenerationState:
    states: list[GenerationState] = [
        Planned(),
        Submitting(NOW),
        Submitted(ticket),
        Queued(ticket, 3),
        Running(ticket, 0.5),
        Delivered(ticket, "{}"),
        Saving(ticket, "{}", f"media/p/{ticket.request_id}.mp4"),
        Done(ticket, "{}"),
        Unconfirmed(NOW, Failure(PROBLEM, NOW)),
        Failed(PROBLEM),
        Cancelled(),
    ]
    return next(state for state in states if state.name == name)


def planned() -> Generation:
    return Generation(
        id=GenerationId(new_id()),
        project_id=PROJECT,
        request=GenerationRequest(ModelId("animatic"), Task.TEXT_TO_VIDEO, "a prompt", {}),
        endpoint="animatic",
        estimate=FREE,
        take_number=1,
        state=Planned(),
        created_at=NOW,
        updated_at=NOW,
    )


@pytest.fixture
async def catalogue(tmp_path: Path) -> AsyncIterator[Catalogue]:
    opened = await Catalogue.open(tmp_path / "catalogue.sqlite")
    project = Project(PROJECT, "P", "P", NOW)
    await opened.write(lambda transaction: projects.insert(transaction, project))
    yield opened
    await opened.close()


async def move(catalogue: Catalogue, generation_id: str, state: GenerationState) -> None:
    await catalogue.write(
        lambda transaction: generations.move(
            transaction, generation_id, state, now=NOW + timedelta(seconds=1)
        )
    )


async def bring_to(catalogue: Catalogue, name: str) -> tuple[str, Ticket]:
    generation, ticket = planned(), Ticket(new_id())
    await catalogue.write(lambda transaction: generations.insert(transaction, generation))
    for step in WAYS[name]:
        await move(catalogue, generation.id, state_called(step, ticket))
    return generation.id, ticket


def pairs(*, legal: bool) -> Iterator[tuple[str, str]]:
    for old, new in product(GENERATION_STATES, GENERATION_STATES):
        if (new in MOVES[old]) is legal:
            yield old, new


def test_the_table_of_moves_names_every_state_and_no_other():
    names = {state.name for state in get_args(GenerationState)}
    assert set(MOVES) == names
    assert set().union(*MOVES.values()) <= names


def test_every_state_can_be_reached():
    reached, unseen = {"planned"}, ["planned"]
    while unseen:
        new = MOVES[unseen.pop()] - reached
        reached |= new
        unseen.extend(new)
    assert reached == set(GENERATION_STATES)


@pytest.mark.parametrize("start", ["delivered", "saving", "done"])
def test_what_is_delivered_never_becomes_failed_or_cancelled_however_often_it_moves(start):
    reached, unseen = {start}, [start]
    while unseen:
        new = MOVES[unseen.pop()] - reached
        reached |= new
        unseen.extend(new)
    assert reached <= {"delivered", "saving", "done"}


@pytest.mark.parametrize("start", sorted(set(GENERATION_STATES) - {"planned", "submitting"}))
def test_after_the_one_request_was_sent_no_state_leads_back_to_sending(start):
    reached, unseen = {start}, [start]
    while unseen:
        new = MOVES[unseen.pop()] - reached
        reached |= new
        unseen.extend(new)
    assert not reached & {"planned", "submitting"}


def test_what_was_cancelled_stays_as_it_is():
    assert MOVES["cancelled"] == frozenset()


def test_what_has_failed_can_only_be_known_to_the_provider_after_all():
    assert MOVES["failed"] == {"submitted"}


@pytest.mark.parametrize(
    ("state", "may_be"),
    [
        (Failed(ResultGoneError().problem, Ticket("r")), True),
        (Failed(ResultGoneError().problem), False),
        (Failed(PROBLEM, Ticket("r")), False),
    ],
)
def test_only_a_request_that_was_taken_and_then_not_known_may_be_known_after_all(state, may_be):
    assert state.may_be_known is may_be


def test_what_is_done_can_only_be_saved_once_more():
    assert MOVES["done"] == {"saving"}


async def test_the_catalogue_makes_every_legal_move(catalogue):
    for old, new in pairs(legal=True):
        generation_id, ticket = await bring_to(catalogue, old)
        wanted = state_called(new, ticket)
        await move(catalogue, generation_id, wanted)
        found = await catalogue.read(lambda c, i=generation_id: generations.get(c, i))
        assert found.state.name == new, f"{old} to {new}"
        assert found.updated_at == NOW + timedelta(seconds=1)


async def test_the_catalogue_refuses_every_other_move_and_changes_nothing(catalogue):
    for old, new in pairs(legal=False):
        generation_id, ticket = await bring_to(catalogue, old)
        before = await catalogue.read(lambda c, i=generation_id: generations.get(c, i))
        place = catalogue.feed.place
        with pytest.raises(ConflictError) as caught:
            await move(catalogue, generation_id, state_called(new, ticket))
        assert caught.value.problem.facts == {"state": old, "wanted": new}
        assert await catalogue.read(lambda c, i=generation_id: generations.get(c, i)) == before
        assert catalogue.feed.place == place


async def test_a_refused_move_writes_no_step(catalogue):
    generation_id, ticket = await bring_to(catalogue, "done")
    with pytest.raises(ConflictError):
        await catalogue.write(
            lambda transaction: generations.move(
                transaction, generation_id, Submitted(ticket), now=NOW, step=Step("sent", NOW)
            )
        )
    found = await catalogue.read(lambda connection: generations.get(connection, generation_id))
    assert found.steps == ()


async def test_moving_what_is_not_there_is_not_found(catalogue):
    with pytest.raises(GenerationNotFoundError):
        await move(catalogue, "nothing", Cancelled())
