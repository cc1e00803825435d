"""How many items there are, how many fit, and what is not shown and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, func, select

from rushes.catalogue import fits, search
from rushes.catalogue.fits import Face
from rushes.catalogue.tables import items, projects, tallies
from rushes.domain.listing import Elsewhere, Facets, Filter, Hidden, Shelf


@dataclass(frozen=True, slots=True)
class Heap:
    """Items that are hidden or shown together, and how many they are."""

    project_id: str
    shelf: str
    is_given_up: bool
    number: int


@dataclass(frozen=True, slots=True)
class Count:
    """All items and those that fit, by where they are."""

    only: Filter
    everything: Sequence[Heap]
    fitting: Sequence[Heap]
    names: dict[str, str] = field(default_factory=dict)
    """Of all projects."""
    trashed_projects: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        return _sum(heap for heap in self.fitting if self._is_here(heap) and self._is_shown(heap))

    @property
    def found(self) -> int:
        """How many fit, wherever they are."""
        return _sum(self.fitting)

    def hidden(self) -> Hidden:
        here = [heap for heap in self.everything if self._is_here(heap)]
        in_trash = 0 if self.only.trashed else _sum(filter(self._is_in_trash, here))
        return Hidden(
            filters=_sum(filter(self._is_shown, here)) - self.total,
            trash=in_trash,
            unsaved=_sum(
                heap for heap in here if self._is_withdrawn(heap) and not self._is_in_trash(heap)
            ),
            other_projects=tuple(self._elsewhere()),
        )

    def _elsewhere(self) -> list[Elsewhere]:
        counted: Counter[str] = Counter()
        for heap in self.fitting:
            if not self._is_here(heap) and self._is_shown(heap):
                counted[heap.project_id] += heap.number
        found = [Elsewhere(one, self.names[one], number) for one, number in counted.items()]
        return sorted(found, key=lambda one: (-one.count, one.name, one.project_id))

    def _is_here(self, heap: Heap) -> bool:
        return self.only.project_id in {None, heap.project_id}

    def _is_shown(self, heap: Heap) -> bool:
        if self.only.trashed:
            return self._is_in_trash(heap)
        return not self._is_in_trash(heap) and not self._is_withdrawn(heap)

    def _is_in_trash(self, heap: Heap) -> bool:
        """A project in the trash takes its items along, unless one looks into that project."""
        goes_along = heap.project_id in self.trashed_projects
        looks_into = heap.project_id == self.only.project_id
        return heap.shelf == Shelf.TRASH or (goes_along and not looks_into)

    def _is_withdrawn(self, heap: Heap) -> bool:
        return heap.is_given_up and not self.only.keep_unsaved


def count(connection: Connection, only: Filter, face: Face) -> Count:
    """Counts without a look at the items where nothing is filtered."""
    everything = _tallied(connection, face)
    conditions = [*fits.chosen(only, face), *fits.searched(only, search.to_count)]
    fitting = _counted(connection, face, conditions) if conditions else everything
    query = select(projects.c.id, projects.c.name, projects.c.trashed_at.is_not(None))
    known = connection.execute(query).all()
    return Count(
        only,
        everything,
        fitting,
        names={project_id: name for project_id, name, _ in known},
        trashed_projects=frozenset(project_id for project_id, _, is_trashed in known if is_trashed),
    )


def facets(connection: Connection, only: Filter, trashed_projects: Iterable[str]) -> Facets:
    """What is listed here, by model and by state."""
    T = tallies.c  # noqa: N806
    where = [T.shelf == Shelf.LISTED]
    where.append(
        T.project_id.not_in(list(trashed_projects))
        if only.project_id is None
        else T.project_id == only.project_id
    )
    if not only.keep_unsaved:
        where.append(~T.is_given_up)
    models: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for model, state, number in connection.execute(
        select(T.model, T.state, T.number).where(*where)
    ):
        models[model] += number
        states[state] += number
    del models[""]
    return Facets(_told(models), _told(states))


def _told(counted: Counter[str]) -> dict[str, int]:
    return {name: number for name, number in sorted(counted.items()) if number}


def _sum(heaps: Iterable[Heap]) -> int:
    return sum(heap.number for heap in heaps)


def _tallied(connection: Connection, face: Face) -> list[Heap]:
    place = (tallies.c.project_id, tallies.c.shelf, tallies.c.is_given_up)
    query = select(*place, func.sum(tallies.c.number)).where(
        tallies.c.shelf != Shelf.REMOVED, tallies.c.number > 0
    )
    if face.only_assets:
        query = query.where(tallies.c.has_asset)
    return [Heap(*row) for row in connection.execute(query.group_by(*place))]


def _counted(
    connection: Connection, face: Face, conditions: Sequence[ColumnElement[bool]]
) -> list[Heap]:
    place = (items.c.project_id, items.c.shelf, items.c.is_given_up)
    query = select(*place, func.count()).where(items.c.shelf != Shelf.REMOVED, *conditions)
    if face.only_assets:
        query = query.where(items.c.asset_id.is_not(None))
    return [Heap(*row) for row in connection.execute(query.group_by(*place))]
