"""The assets of the library, listed page by page. A page ends with a cursor to the next."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from rushes.catalogue import assets, counts, listing
from rushes.catalogue.fits import ASSETS
from rushes.catalogue.pages import Page, Place, check_limit
from rushes.catalogue.sorting import BY, Mark, order
from rushes.catalogue.tables import items
from rushes.domain.asset import Asset
from rushes.domain.listing import Filter, Hidden, Sort


def page(
    connection: Connection,
    only: Filter,
    *,
    sort: Sort = Sort.NEWEST,
    cursor: str | None = None,
    limit: int = 100,
) -> tuple[Page[Asset], Hidden]:
    """A page of the assets that fit, and how many are not shown and why."""
    check_limit(limit)
    count = counts.count(connection, only, ASSETS)
    by = BY.get(sort)
    query = listing.shown(count, ASSETS, limit)
    query = query.add_columns(items.c.asset_at, *([] if by is None else [by.column.label("key")]))
    if cursor is not None:
        query = query.where(Mark.of(cursor, sort).beyond(ASSETS))
    rows = connection.execute(query.order_by(*order(sort, ASSETS)).limit(limit + 1)).all()
    listed = rows[:limit]
    found = {one.id: one for one in assets.get_many(connection, [row.asset_id for row in listed])}
    next_cursor = _mark(listed[-1], sort).cursor() if len(rows) > limit else None
    return Page([found[row.asset_id] for row in listed], next_cursor, count.total), count.hidden()


def _mark(row: Row[Any], sort: Sort) -> Mark:
    return Mark(sort, row.key if sort in BY else None, Place(row.asset_at, row.asset_id))
