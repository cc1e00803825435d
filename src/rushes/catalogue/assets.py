"""Assets in the catalogue: written, found and listed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    or_,
    select,
    true,
)

from rushes.catalogue import asset_rows, items, notices
from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.feed import Kind
from rushes.catalogue.tables import assets, projects
from rushes.domain.asset import Asset
from rushes.domain.errors import AssetNotFoundError, ConflictError
from rushes.domain.media_facts import MediaFacts
from rushes.domain.media_reference import (
    InMemory,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
    storage_failed,
)

# Every save needs these, so they are made once and not for each.
ONE = select(assets).where(assets.c.id == bindparam("wanted"))
OF_GENERATION = select(assets).where(assets.c.generation_id == bindparam("wanted"))
UPDATE = assets.update().where(assets.c.id == bindparam("wanted"))


IDS_AT_ONCE = 500
"""In one question to the catalogue."""


def insert(transaction: Transaction, asset: Asset) -> None:
    transaction.connection.execute(assets.insert().values(asset_rows.values(asset)))
    _keep_listing(transaction, asset)
    transaction.touch(Kind.ASSET, asset.id)


def set_media(
    transaction: Transaction,
    asset_id: str,
    media: MediaReference,
    facts: MediaFacts | None = None,
    *,
    before: MediaReference,
) -> None:
    """Write down where the bytes are now and, when they were measured, what they are.

    ``before`` is what this was decided from: between that and now somebody else may have saved it.

    Raises:
        ConflictError: the asset is in another state than that.
    """
    asset = get(transaction.connection, asset_id)
    if asset.media != before:
        raise ConflictError(
            f"It is {asset.media.state} now, and not as it was.", state=asset.media.state
        )
    values = asset_rows.media_values(media)
    if facts is not None:
        values |= asset_rows.facts_values(facts) | {"kind": facts.kind.value}
    _update(transaction, asset, values)
    notices.about_media(transaction, asset, media)


def set_media_unless_changed(
    transaction: Transaction, asset_id: str, media: MediaReference, *, before: MediaReference
) -> bool:
    """The same; False, and nothing is written, when somebody else has written another state."""
    if get(transaction.connection, asset_id).media != before:
        return False
    set_media(transaction, asset_id, media, before=before)
    return True


@dataclass(frozen=True, slots=True)
class Change:
    """What a person may change of an asset; None leaves it as it is."""

    name: str | None = None
    rating: int | None = None
    flag: str | None = None
    """``pick``, ``reject``, or ``none`` to take it off."""
    notes: str | None = None


def change(transaction: Transaction, asset_id: str, wanted: Change) -> None:
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = wanted.name
    if wanted.rating is not None:
        values["rating"] = wanted.rating
    if wanted.flag is not None:
        values["flag"] = None if wanted.flag == "none" else wanted.flag
    if wanted.notes is not None:
        values["notes"] = wanted.notes
    _update(transaction, get(transaction.connection, asset_id), values)


def frame_of(connection: Connection, asset_id: str, number: int, sha256: str) -> str | None:
    """The id of the picture that was taken out of these bytes and is here; the newest of several.

    It may lie in the trash.
    """
    query = select(assets.c.id).where(
        assets.c.frame_of == asset_id,
        assets.c.frame_number == number,
        assets.c.frame_of_sha256 == sha256,
        assets.c.media_state == SavedMedia.state,
    )
    newest_first = (assets.c.created_at.desc(), assets.c.id.desc())
    return connection.execute(query.order_by(*newest_first).limit(1)).scalar_one_or_none()


def set_trashed(transaction: Transaction, asset_id: str, at: datetime | None) -> None:
    asset = get(transaction.connection, asset_id)
    _update(transaction, asset, {"trashed_at": at})
    notices.about_media(transaction, replace(asset, trashed_at=at), asset.media)


def remove(transaction: Transaction, asset_id: str) -> None:
    """Forget an asset. What was generated for it stays known."""
    notices.forget(transaction, asset_id)
    asset = get(transaction.connection, asset_id)
    transaction.connection.execute(assets.delete().where(assets.c.id == asset_id))
    made_by = asset_rows.generation_of(asset)
    if made_by is None:
        items.forget_imported(transaction.connection, asset_id)
    else:
        items.keep_made(transaction.connection, made_by)
        transaction.touch(Kind.GENERATION, made_by)
    transaction.touch(Kind.ASSET, asset_id)


def get(connection: Connection, asset_id: str) -> Asset:
    row = connection.execute(ONE, {"wanted": asset_id}).one_or_none()
    if row is None:
        raise AssetNotFoundError(f"No asset has the id {asset_id!r}.", id=asset_id)
    return asset_rows.asset(row)


def get_many(connection: Connection, ids: Sequence[str]) -> list[Asset]:
    """Those of the ids that exist, in no particular order."""
    rows = connection.execute(select(assets).where(assets.c.id.in_(ids)))
    return [asset_rows.asset(row) for row in rows]


def which_are_listed(connection: Connection, wanted: Collection[str]) -> frozenset[str]:
    """Those of these ids that an asset has."""
    return _which(connection, wanted, true())


def _which(
    connection: Connection, wanted: Collection[str], condition: ColumnElement[bool]
) -> frozenset[str]:
    ids, found = sorted(wanted), set[str]()
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        query = select(assets.c.id).where(assets.c.id.in_(some), condition)
        found.update(connection.scalars(query))
    return frozenset(found)


def of_generation(connection: Connection, generation_id: str) -> Asset | None:
    row = connection.execute(OF_GENERATION, {"wanted": generation_id}).one_or_none()
    return None if row is None else asset_rows.asset(row)


def which_are_saved(connection: Connection, wanted: Collection[str]) -> frozenset[str]:
    """Those of these ids whose asset is saved."""
    return _which(connection, wanted, assets.c.media_state == SavedMedia.state)


def forget_memory(transaction: Transaction) -> None:
    """What an earlier process held in its memory went with it: these are url-only again."""
    rows = transaction.connection.execute(select(assets).where(assets.c.held == InMemory.place))
    for asset in [asset_rows.asset(row) for row in rows]:
        media = asset.media
        assert isinstance(media, UnsavedMedia), "only what is unsaved is held"
        now = storage_failed(media, media.failure, None)
        set_media(transaction, asset.id, now, before=media)


def with_files(connection: Connection) -> list[Asset]:
    """Those that are or were saved, the trash included: a file belongs to each."""
    states = (SavedMedia.state, MissingMedia.state)
    rows = connection.execute(select(assets).where(assets.c.media_state.in_(states)))
    return [asset_rows.asset(row) for row in rows]


def to_bring(connection: Connection, states: Collection[str], project_id: str | None) -> list[str]:
    """The ids of listed assets in one of these states, oldest first."""
    query = select(assets.c.id).where(
        ~_is_in_trash(project_id=project_id), assets.c.media_state.in_(states)
    )
    if project_id is not None:
        query = query.where(assets.c.project_id == project_id)
    return list(connection.scalars(query.order_by(assets.c.created_at, assets.c.id)))


def expiring(connection: Connection, before: datetime) -> list[str]:
    """The ids of the assets whose only bytes are at an address that ends before this moment."""
    query = select(assets.c.id).where(
        assets.c.media_state == UrlOnlyMedia.state, assets.c.expires_at < before
    )
    return list(connection.scalars(query.order_by(assets.c.expires_at, assets.c.id)))


def in_trash(connection: Connection) -> list[str]:
    """The ids of everything in the trash, with what lies in projects that are there."""
    query = select(assets.c.id).where(_is_in_trash(project_id=None))
    return list(connection.scalars(query.order_by(assets.c.created_at, assets.c.id)))


def _is_in_trash(*, project_id: str | None) -> ColumnElement[bool]:
    """A project in the trash takes its assets along, unless one looks into that project."""
    by_itself = assets.c.trashed_at.is_not(None)
    if project_id is not None:
        return by_itself
    trashed = select(projects.c.id).where(projects.c.trashed_at.is_not(None))
    return or_(by_itself, assets.c.project_id.in_(trashed))


def _update(transaction: Transaction, asset: Asset, values: dict[str, Any]) -> None:
    if values:
        owed = {"wanted": asset.id, "sidecar_owed": True}
        transaction.connection.execute(UPDATE, owed | values)
        _keep_listing(transaction, asset)
    transaction.touch(Kind.ASSET, asset.id)
    if asset_rows.generation_of(asset) is not None:
        transaction.touch(Kind.GENERATION, str(asset_rows.generation_of(asset)))


def _keep_listing(transaction: Transaction, asset: Asset) -> None:
    made_by = asset_rows.generation_of(asset)
    if made_by is None:
        items.keep_imported(transaction.connection, asset.id)
    else:
        items.keep_made(transaction.connection, made_by)
