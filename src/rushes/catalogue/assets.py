"""Assets in the catalogue: written, found and listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from rushes.catalogue import asset_rows
from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.feed import Kind
from rushes.catalogue.pages import Page, Place, check_limit
from rushes.catalogue.tables import assets
from rushes.domain.asset import Asset
from rushes.domain.errors import AssetNotFoundError
from rushes.domain.media_facts import MediaFacts
from rushes.domain.media_reference import MediaReference, MissingMedia, SavedMedia


def insert(transaction: Transaction, asset: Asset) -> None:
    transaction.connection.execute(assets.insert().values(asset_rows.values(asset)))
    transaction.touch(Kind.ASSET, asset.id)


def set_media(
    transaction: Transaction,
    asset_id: str,
    media: MediaReference,
    facts: MediaFacts | None = None,
) -> None:
    """Write down where the bytes are now and, when they were measured, what they are."""
    values = asset_rows.media_values(media)
    if facts is not None:
        values |= asset_rows.facts_values(facts) | {"kind": facts.kind.value}
    _update(transaction, asset_id, values)


@dataclass(frozen=True, slots=True)
class Change:
    """What a person may change of an asset; None leaves it as it is."""

    name: str | None = None
    rating: int | None = None
    flag: str | None = None
    """``pick``, ``reject``, or ``none`` to take it off."""


def change(transaction: Transaction, asset_id: str, wanted: Change) -> None:
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = wanted.name
    if wanted.rating is not None:
        values["rating"] = wanted.rating
    if wanted.flag is not None:
        values["flag"] = None if wanted.flag == "none" else wanted.flag
    _update(transaction, asset_id, values)


def set_trashed(transaction: Transaction, asset_id: str, at: datetime | None) -> None:
    _update(transaction, asset_id, {"trashed_at": at})


def get(connection: Connection, asset_id: str) -> Asset:
    row = connection.execute(select(assets).where(assets.c.id == asset_id)).one_or_none()
    if row is None:
        raise AssetNotFoundError(f"No asset has the id {asset_id!r}.", id=asset_id)
    return asset_rows.asset(row)


def get_many(connection: Connection, ids: Sequence[str]) -> list[Asset]:
    """Those of the ids that exist, in no particular order."""
    rows = connection.execute(select(assets).where(assets.c.id.in_(ids)))
    return [asset_rows.asset(row) for row in rows]


def of_generation(connection: Connection, generation_id: str) -> Asset | None:
    row = connection.execute(
        select(assets).where(assets.c.generation_id == generation_id)
    ).one_or_none()
    return None if row is None else asset_rows.asset(row)


def with_files(connection: Connection) -> list[Asset]:
    """Those that are or were saved, the trash included: a file belongs to each."""
    states = (SavedMedia.state, MissingMedia.state)
    rows = connection.execute(select(assets).where(assets.c.media_state.in_(states)))
    return [asset_rows.asset(row) for row in rows]


def count_by_state(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(assets.c.media_state, func.count())
        .where(assets.c.trashed_at.is_(None))
        .group_by(assets.c.media_state)
    )
    return {state: number for state, number in rows}  # noqa: C416  # rows are no pairs to mypy


@dataclass(frozen=True, slots=True)
class Filter:
    project_id: str | None = None
    states: tuple[str, ...] = ()
    text: str = ""
    """Every word must occur in the name, the prompt, the model or the file name."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """How many assets a list does not show, and why."""

    filters: int
    trash: int
    other_projects: int


LISTED = assets.c.trashed_at.is_(None)


def list_newest(
    connection: Connection, only: Filter, *, cursor: str | None = None, limit: int = 100
) -> Page[Asset]:
    conditions = [LISTED, _matches(only), _in_project(only)]
    total = _count(connection, *conditions)
    query = select(assets).where(*conditions)
    if cursor is not None:
        place = Place.of(cursor)
        query = query.where(tuple_(assets.c.created_at, assets.c.id) < (place.at, place.id))
    newest_first = (assets.c.created_at.desc(), assets.c.id.desc())
    rows = connection.execute(query.order_by(*newest_first).limit(check_limit(limit) + 1)).all()
    items = [asset_rows.asset(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items, Place(items[-1].created_at, items[-1].id).cursor() if more else None, total)


def count_hidden(connection: Connection, only: Filter) -> Hidden:
    shown = _count(connection, LISTED, _in_project(only), _matches(only))
    everywhere = _count(connection, LISTED, _matches(replace(only, project_id=None)))
    return Hidden(
        filters=_count(connection, LISTED, _in_project(only)) - shown,
        trash=_count(connection, ~LISTED, _in_project(only)),
        other_projects=everywhere - shown,
    )


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(assets).where(*conditions)
    return connection.execute(query).scalar_one()


def _in_project(only: Filter) -> ColumnElement[bool]:
    return and_(True, *([assets.c.project_id == only.project_id] if only.project_id else []))


def _matches(only: Filter) -> ColumnElement[bool]:
    searched = (assets.c.name, assets.c.prompt, assets.c.model, assets.c.file_name)
    words = [
        or_(*(column.icontains(word, autoescape=True) for column in searched))
        for word in only.text.split()
    ]
    states = [assets.c.media_state.in_(only.states)] if only.states else []
    return and_(True, *words, *states)


def _update(transaction: Transaction, asset_id: str, values: dict[str, Any]) -> None:
    asset = get(transaction.connection, asset_id)
    if values:
        values = values | {"sidecar_owed": True}
        transaction.connection.execute(
            assets.update().where(assets.c.id == asset_id).values(**values)
        )
    transaction.touch(Kind.ASSET, asset_id)
    if asset_rows.generation_of(asset) is not None:
        transaction.touch(Kind.GENERATION, str(asset_rows.generation_of(asset)))
