"""What the doctor asks of the catalogue: ids by state, what has not moved, what is newest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from rushes.catalogue.tables import assets, generations
from rushes.domain.generation import Cancelled, Done, Failed
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import SavedMedia

ENDED = tuple(state.name for state in (Done, Failed, Cancelled))


@dataclass(frozen=True, slots=True)
class Unfinished:
    id: str
    state: str
    updated_at: datetime
    model: str
    problem: Mapping[str, object] | None
    """What was last seen to be in its way."""


def ids_by_media_state(connection: Connection) -> dict[str, list[str]]:
    """The assets outside the trash that are anything but saved, oldest first."""
    found: dict[str, list[str]] = {}
    rows = connection.execute(
        select(assets.c.media_state, assets.c.id)
        .where(assets.c.trashed_at.is_(None), assets.c.media_state != SavedMedia.state)
        .order_by(assets.c.created_at, assets.c.id)
    )
    for state, asset_id in rows:
        found.setdefault(state, []).append(asset_id)
    return found


def count_saved(connection: Connection) -> int:
    return connection.execute(
        select(func.count()).where(
            assets.c.trashed_at.is_(None), assets.c.media_state == SavedMedia.state
        )
    ).scalar_one()


def unfinished(connection: Connection) -> list[Unfinished]:
    """All generations that have not ended, oldest first."""
    g = generations.c
    rows = connection.execute(
        select(g.id, g.state, g.updated_at, g.model, g.problem)
        .where(g.state.not_in(ENDED))
        .order_by(g.created_at, g.id)
    )
    return [Unfinished(*row) for row in rows]


def with_pictures(connection: Connection) -> list[tuple[str, str]]:
    """Ids and paths of the saved assets that have something to see, oldest first."""
    rows = connection.execute(
        select(assets.c.id, assets.c.path)
        .where(
            assets.c.media_state == SavedMedia.state,
            or_(assets.c.kind == MediaKind.VIDEO.value, assets.c.kind == MediaKind.IMAGE.value),
        )
        .order_by(assets.c.created_at, assets.c.id)
    )
    return [(asset_id, path) for asset_id, path in rows]


def coded_as(connection: Connection, codecs: Collection[str]) -> list[tuple[str, str]]:
    """Ids and hashes of the saved assets with one of these codecs in them, oldest first."""
    rows = connection.execute(
        select(assets.c.id, assets.c.sha256)
        .where(
            assets.c.media_state == SavedMedia.state,
            assets.c.trashed_at.is_(None),
            or_(assets.c.video_codec.in_(codecs), assets.c.audio_codec.in_(codecs)),
        )
        .order_by(assets.c.created_at, assets.c.id)
    )
    return [(asset_id, sha256) for asset_id, sha256 in rows]


def saved_after(connection: Connection, after: str, limit: int) -> list[str]:
    """The next ids of saved assets, in the order of their ids."""
    query = select(assets.c.id).where(assets.c.media_state == SavedMedia.state, assets.c.id > after)
    return list(connection.scalars(query.order_by(assets.c.id).limit(limit)))


def count_files(connection: Connection) -> tuple[int, int]:
    """How many saved assets there are, and how many bytes they have."""
    query = select(func.count(), func.coalesce(func.sum(assets.c.size), 0)).where(
        assets.c.media_state == SavedMedia.state
    )
    number, size = connection.execute(query).one()
    return number, size


def newest_moment(connection: Connection) -> datetime | None:
    """When something was last written down, by the clock of then."""
    moments = [
        connection.execute(select(func.max(column))).scalar()
        for column in (generations.c.updated_at, assets.c.created_at)
    ]
    return max((one for one in moments if one is not None), default=None)
