"""What a filter means, as conditions on the listing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, func

from rushes.catalogue import search
from rushes.catalogue.tables import items
from rushes.domain.listing import Filter, Shelf

I = items.c  # noqa: E741  # read as a word in each line below


How: TypeAlias = Callable[[Sequence[str]], ColumnElement[bool]]
"""One of the ways to search."""


@dataclass(frozen=True, slots=True)
class Face:
    """Whether the library is listed, or its assets only: what a state and an age mean there."""

    state: Column[Any]
    at: Column[Any]
    age: tuple[Column[Any], ...]
    """What decides which of two is the newer."""
    only_assets: bool


LIBRARY = Face(I.state, I.created_at, (I.rank,), only_assets=False)
ASSETS = Face(I.media_state, I.asset_at, (I.asset_at, I.asset_id), only_assets=True)


def chosen(only: Filter, face: Face) -> list[ColumnElement[bool]]:
    """What must hold beside where it is listed and what is searched for."""
    return [*_one_of(only, face), *_between(only, face)]


def searched(only: Filter, how: How) -> list[ColumnElement[bool]]:
    words = search.words_of(only.text)
    return [how(words)] if words else []


def here(only: Filter, face: Face) -> list[ColumnElement[bool]]:
    """In this project, on this shelf, and not withdrawn. Only where a project is asked for."""
    conditions: list[ColumnElement[bool]] = [I.shelf == _shelf(only)]
    if only.project_id is not None:
        conditions.append(I.project_id == only.project_id)
    return [*conditions, *_not_withdrawn(only), *_of_face(face)]


def everywhere(only: Filter, face: Face, trashed_projects: list[str]) -> list[ColumnElement[bool]]:
    """In all projects: those in the trash take their items along."""
    if only.trashed:
        in_trash = (I.shelf == Shelf.TRASH) | I.project_id.in_(trashed_projects)
        return [in_trash, I.shelf != Shelf.REMOVED, *_of_face(face)]
    return [*here(only, face), I.project_id.not_in(trashed_projects)]


def _shelf(only: Filter) -> Shelf:
    return Shelf.TRASH if only.trashed else Shelf.LISTED


def _not_withdrawn(only: Filter) -> Iterator[ColumnElement[bool]]:
    if not only.trashed and not only.keep_unsaved:
        yield ~I.is_given_up


def _of_face(face: Face) -> Iterator[ColumnElement[bool]]:
    if face.only_assets:
        yield I.asset_id.is_not(None)


def _one_of(only: Filter, face: Face) -> Iterator[ColumnElement[bool]]:
    for column, values in ((face.state, only.states), (I.model, only.models), (I.kind, only.kinds)):
        if values:
            yield column.in_(values)
    if only.flags:
        yield func.coalesce(I.flag, "none").in_(only.flags)
    if only.sound is not None:
        yield I.has_sound.is_(only.sound)
    if only.shot is not None:
        yield I.shot == only.shot


def _between(only: Filter, face: Face) -> Iterator[ColumnElement[bool]]:
    # With + 0, because the index of an order would be taken to find these, and the wanted order
    # made by sorting all of them: walking the wanted order meets the first page sooner.
    rating, seconds = I.rating + 0, I.seconds + 0
    if only.rating is not None:
        yield rating >= only.rating
    if only.since is not None:
        yield face.at >= only.since
    if only.until is not None:
        yield face.at < only.until
    if only.min_duration is not None:
        yield seconds >= only.min_duration
    if only.max_duration is not None:
        yield seconds <= only.max_duration
