"""Generations in the catalogue. ``move`` is the only way from one state to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select, tuple_

from rushes.catalogue import generation_rows, items, notices
from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.feed import Kind
from rushes.catalogue.pages import Page, Place, check_limit
from rushes.catalogue.tables import assets, generations, steps
from rushes.domain.errors import ConflictError, GenerationNotFoundError
from rushes.domain.generation import (
    MOVES,
    Cancelled,
    Done,
    Failed,
    Generation,
    GenerationState,
    Saving,
    Step,
    Submitting,
    Transfer,
    Unconfirmed,
)

LISTED = select(generations, assets.c.id.label("asset_id")).outerjoin(
    assets, assets.c.generation_id == generations.c.id
)
# Every step of every generation needs these, so they are made once and not for each.
IS_WANTED = generations.c.id == bindparam("wanted")
STATE = select(generations.c.state).where(IS_WANTED)
ONE = LISTED.where(IS_WANTED)
ITS_STEPS = select(steps).where(steps.c.generation_id == bindparam("wanted")).order_by(steps.c.id)
UPDATE = generations.update().where(IS_WANTED)

ENDED = tuple(state.name for state in (Done, Failed, Cancelled))


def insert(transaction: Transaction, generation: Generation) -> None:
    transaction.connection.execute(
        generations.insert().values(generation_rows.new_values(generation))
    )
    _add_steps(transaction, generation.id, generation.steps)
    items.keep_made(transaction.connection, generation.id)
    transaction.touch(Kind.GENERATION, generation.id)


def move(
    transaction: Transaction,
    generation_id: str,
    state: GenerationState,
    *,
    now: datetime,
    step: Step | None = None,
    billed_units: Decimal | None = None,
) -> None:
    """Go to a state, and write down the step that led to it.

    Raises:
        ConflictError: that state cannot follow the one it is in.
    """
    before = transaction.connection.execute(STATE, {"wanted": generation_id}).scalar()
    if before is None:
        raise _not_found(generation_id)
    if state.name not in MOVES[before]:
        raise ConflictError(
            f"It is {before}, and cannot become {state.name}.", state=before, wanted=state.name
        )
    values = generation_rows.state_values(state) | {"updated_at": now}
    if billed_units is not None:
        values["billed_units"] = billed_units
    _update(transaction, generation_id, **values)
    if items.is_listed_otherwise(before, state.name):
        items.keep_made(transaction.connection, generation_id)
    if step is not None:
        _add_steps(transaction, generation_id, [step])
    if Failed.name in {before, state.name} or Unconfirmed.name == before:
        moved = get(transaction.connection, generation_id)
        notices.about_generation(transaction, moved, before, now)


def add_step(transaction: Transaction, generation_id: str, step: Step) -> None:
    _add_steps(transaction, generation_id, [step])
    transaction.touch(Kind.GENERATION, generation_id)


def keep_document(transaction: Transaction, generation_id: str, document: str) -> None:
    """Keep a newer answer of the provider for a result that is already delivered."""
    _update(transaction, generation_id, document=document)


def set_transfer(transaction: Transaction, generation_id: str, transfer: Transfer) -> None:
    _update(transaction, generation_id, received=transfer.received, total=transfer.total)


def get(connection: Connection, generation_id: str) -> Generation:
    row = connection.execute(ONE, {"wanted": generation_id}).one_or_none()
    if row is None:
        raise _not_found(generation_id)
    its_steps = connection.execute(ITS_STEPS, {"wanted": generation_id})
    return generation_rows.generation(row, tuple(map(_step, its_steps)))


def _not_found(generation_id: str) -> GenerationNotFoundError:
    return GenerationNotFoundError(f"No generation has the id {generation_id!r}.", id=generation_id)


def get_many(connection: Connection, ids: Sequence[str]) -> list[Generation]:
    """Those of the ids that exist, in no particular order."""
    return _load(connection, LISTED.where(generations.c.id.in_(ids)))


@dataclass(frozen=True, slots=True)
class Filter:
    project_id: str | None = None
    states: tuple[str, ...] = ()


def list_newest(
    connection: Connection, only: Filter, *, cursor: str | None = None, limit: int = 100
) -> Page[Generation]:
    conditions = []
    if only.project_id is not None:
        conditions.append(generations.c.project_id == only.project_id)
    if only.states:
        conditions.append(generations.c.state.in_(only.states))
    total = connection.execute(
        select(func.count()).select_from(generations).where(*conditions)
    ).scalar_one()
    query = LISTED.where(*conditions)
    if cursor is not None:
        place = Place.of(cursor)
        query = query.where(
            tuple_(generations.c.created_at, generations.c.id) < (place.at, place.id)
        )
    newest_first = (generations.c.created_at.desc(), generations.c.id.desc())
    found = _load(connection, query.order_by(*newest_first).limit(check_limit(limit) + 1))
    items = found[:limit]
    more = len(found) > limit
    return Page(items, Place(items[-1].created_at, items[-1].id).cursor() if more else None, total)


def unfinished(connection: Connection) -> list[str]:
    """The ids of all that has not ended, oldest first."""
    return list(
        connection.scalars(
            select(generations.c.id)
            .where(generations.c.state.not_in(ENDED))
            .order_by(generations.c.created_at, generations.c.id)
        )
    )


def count_takes(connection: Connection, project_id: str, prompt: str) -> int:
    """How many takes of this shot there are: generations of this prompt in this project."""
    query = select(func.count()).where(
        generations.c.project_id == project_id,
        generations.c.shot == generation_rows.prompt_hash(prompt),
    )
    return connection.execute(query).scalar_one()


def is_used_as_image(connection: Connection, asset_id: str) -> bool:
    """Whether something that has not ended begins or ends with this picture."""
    query = select(generations.c.id).where(
        or_(generations.c.image == asset_id, generations.c.end_image == asset_id),
        generations.c.state.not_in(ENDED),
    )
    return connection.execute(query).first() is not None


def is_claimed(connection: Connection, request_id: str) -> bool:
    """Whether a generation already holds this request of the provider."""
    query = select(generations.c.id).where(generations.c.request_id == request_id)
    return connection.execute(query).first() is not None


def is_twin_being_sent(connection: Connection, generation: Generation) -> bool:
    """Whether another generation like this one is inside its submit: a request of this kind at the
    provider may be that one's, and its own answer will say so.
    """
    query = select(generations.c.id).where(
        generations.c.state == Submitting.name,
        generations.c.endpoint == generation.endpoint,
        generations.c.shot == generation_rows.prompt_hash(generation.request.prompt),
        generations.c.id != generation.id,
    )
    return connection.execute(query).first() is not None


def is_path_reserved(connection: Connection, path: str) -> bool:
    for column in (generations.c.save_path, assets.c.path):
        if connection.execute(select(column).where(column == path)).first() is not None:
            return True
    return False


def paths_being_saved(connection: Connection) -> set[str]:
    """Where clips are on their way to: a file there is taken up at the next start."""
    being_saved = generations.c.state == Saving.name
    query = select(generations.c.save_path).where(being_saved)
    return {path for path in connection.scalars(query) if path is not None}


def _load(connection: Connection, query: Select[Any]) -> list[Generation]:
    rows = connection.execute(query).all()
    by_generation = _steps_of(connection, [row.id for row in rows])
    return [generation_rows.generation(row, by_generation.get(row.id, ())) for row in rows]


def _steps_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Step, ...]]:
    if not ids:
        return {}
    found: dict[str, list[Step]] = {}
    row: Row[Any]
    for row in connection.execute(
        select(steps).where(steps.c.generation_id.in_(ids)).order_by(steps.c.id)
    ):
        found.setdefault(row.generation_id, []).append(_step(row))
    return {generation_id: tuple(rows) for generation_id, rows in found.items()}


def _step(row: Row[Any]) -> Step:
    return Step(row.name, row.at, row.detail)


def _add_steps(transaction: Transaction, generation_id: str, new: Iterable[Step]) -> None:
    values = [
        {"generation_id": generation_id, "name": step.name, "at": step.at, "detail": step.detail}
        for step in new
    ]
    if values:
        transaction.connection.execute(steps.insert(), values)


def _update(transaction: Transaction, generation_id: str, **values: object) -> None:
    transaction.connection.execute(UPDATE, {"wanted": generation_id, **values})
    transaction.touch(Kind.GENERATION, generation_id)
