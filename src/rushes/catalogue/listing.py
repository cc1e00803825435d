"""What the library lists, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from rushes.catalogue import assets, counts, fits, generations, search, sorting
from rushes.catalogue.counts import Count
from rushes.catalogue.fits import LIBRARY, Face
from rushes.catalogue.tables import assets as asset_table
from rushes.catalogue.tables import items, projects
from rushes.domain.errors import AssetNotFoundError
from rushes.domain.listing import Facets, Filter, Item, Listing, Shelf, Sort

I = items.c  # noqa: E741  # read as a word in each line below
SHOWN = (I.n, I.id, I.state, I.created_at, I.project_id, I.shot, I.asset_id, I.generation_id)


def page(
    connection: Connection, only: Filter, *, sort: Sort, by_shot: bool, start: int, limit: int
) -> Listing:
    """A page of the items that fit, and how many are not shown and why."""
    count = counts.count(connection, only, LIBRARY)
    query = shown(count, LIBRARY, start + limit)
    if by_shot:
        has_filters = only != Filter(only.project_id, keep_unsaved=only.keep_unsaved)
        query = _newest_of_each_shot(query, has_filters=has_filters)
    ordered = query.order_by(*sorting.order(sort, LIBRARY))
    rows = connection.execute(ordered.offset(start).limit(limit)).all()
    total = _count_shots(connection, query, rows) if by_shot else count.total
    return Listing(_loaded(connection, only, rows), start, total, count.hidden())


def _count_shots(connection: Connection, query: Select[Any], rows: Sequence[Row[Any]]) -> int:
    row = rows[0] if rows else connection.execute(query.limit(1)).first()
    return 0 if row is None else int(row.total)


def one(connection: Connection, item_id: str) -> Item:
    """The item with this id, or the one that this asset belongs to, listed or not.

    Raises AssetNotFoundError.
    """
    made_by = select(asset_table.c.generation_id).where(asset_table.c.id == item_id)
    its_id = connection.execute(made_by).scalar() or item_id
    found: Select[Any] = select(*SHOWN).where(I.id == its_id)
    row = connection.execute(found).one_or_none()
    if row is None:
        raise AssetNotFoundError(f"Nothing in the library has the id {item_id}.", id=item_id)
    [item] = _loaded(connection, Filter(project_id=row.project_id), [row])
    return item


def facets(connection: Connection, project_id: str | None, *, keep_unsaved: bool) -> Facets:
    only = Filter(project_id=project_id, keep_unsaved=keep_unsaved)
    query = select(projects.c.id).where(projects.c.trashed_at.is_not(None))
    return counts.facets(connection, only, connection.scalars(query))


def shown(count: Count, face: Face, wanted: int) -> Select[Any]:
    """The items of a list, in no order. ``wanted`` is how many of them will be looked at."""
    only = count.only
    if only.project_id is None:
        place = fits.everywhere(only, face, sorted(count.trashed_projects))
    else:
        place = fits.here(only, face)
    # Looking at each in turn meets one that fits after so many that do not.
    everything = sum(heap.number for heap in count.everything)
    how = search.by_text if wanted * everything < count.found**2 else search.by_index
    return select(*SHOWN).where(*place, *fits.chosen(only, face), *fits.searched(only, how))


def _newest_of_each_shot(query: Select[Any], *, has_filters: bool) -> Select[Any]:
    """Of the items of a query the newest takes; each row says how many there are in all."""
    newest = query.with_only_columns(func.max(I.rank).label("rank"))
    # With nothing behind it, so that its index is not walked where every row has to be read.
    shot = I.shot.concat("") if has_filters else I.shot
    newest_takes = newest.group_by(I.project_id, shot).cte("newest")
    total = select(func.count()).select_from(newest_takes).scalar_subquery()
    return select(*SHOWN, total.label("total")).join(newest_takes, newest_takes.c.rank == I.rank)


def _loaded(connection: Connection, only: Filter, rows: Sequence[Row[Any]]) -> list[Item]:
    asset_ids = [row.asset_id for row in rows if row.asset_id is not None]
    generation_ids = [row.generation_id for row in rows if row.generation_id is not None]
    its_asset = {one.id: one for one in assets.get_many(connection, asset_ids)}
    its_generation = {one.id: one for one in generations.get_many(connection, generation_ids)}
    takes = _takes(connection, only, rows)
    return [
        Item(
            id=row.id,
            state=row.state,
            created_at=row.created_at,
            shot=None if row.generation_id is None else row.shot,
            takes=takes.get(row.shot, 1),
            generation=its_generation.get(row.generation_id),
            asset=its_asset.get(row.asset_id),
        )
        for row in rows
    ]


def _takes(connection: Connection, only: Filter, rows: Sequence[Row[Any]]) -> dict[str, int]:
    """How many takes of each shot are on the same shelf, whatever the filters."""
    query = (
        select(I.shot, func.count())
        .where(
            I.project_id.in_({row.project_id for row in rows}),
            I.shot.in_({row.shot for row in rows}),
            I.shelf == (Shelf.TRASH if only.trashed else Shelf.LISTED),
        )
        .group_by(I.shot)
    )
    return {shot: number for shot, number in connection.execute(query)}  # noqa: C416  # rows are no pairs to mypy
