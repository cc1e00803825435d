"""Keeps the listing in step: one narrow row for each generation, asset, or one with the other.

It holds nothing that the tables of generations and assets do not say, and whatever writes to those
calls it in the same transaction. So it can be thrown away and made anew, as after a migration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from rushes.catalogue import search
from rushes.catalogue.column_types import EPOCH, MICROSECOND
from rushes.catalogue.rows import Values
from rushes.catalogue.tables import assets, generations, item_texts, items, tallies
from rushes.domain.asset import generated_name
from rushes.domain.generation import UNDER_WAY, Done, shot_of
from rushes.domain.listing import WAITING, Shelf
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import UnsavedMedia, UrlOnlyMedia

TRIES = 3
"""After so many failed tries an asset counts as one that could not be saved."""
AT_ONCE = 5000
NAME_LENGTH = 80

A, G = assets.c, generations.c
OF_ASSET = (
    A.id.label("asset_id"),
    A.created_at.label("asset_at"),
    A.name,
    A.kind,
    A.rating,
    A.flag,
    A.notes,
    A.file_name,
    A.path,
    A.size,
    A.media_state,
    A.problem_attempts,
    A.container,
    A.audio_codec,
    A.duration,
    A.trashed_at,
)
MADE = select(
    G.id,
    G.project_id,
    G.created_at,
    G.model,
    G.prompt,
    G.state.label("progress"),
    G.id.label("generation_id"),
    *OF_ASSET,
).select_from(generations.outerjoin(assets, A.generation_id == G.id))
IMPORTED = select(
    A.id,
    A.project_id,
    A.created_at,
    null().label("model"),
    literal("").label("prompt"),
    literal("done").label("progress"),
    null().label("generation_id"),
    *OF_ASSET,
).where(A.generation_id.is_(None))
# Every step of every generation needs these, so they are made once and not for each.
ONE_MADE: Select[Any] = MADE.where(G.id == bindparam("wanted"))
ONE_IMPORTED: Select[Any] = IMPORTED.where(A.id == bindparam("wanted"))
ONE = select(items).where(items.c.id == bindparam("wanted"))
RANK = select(items.c.n).where(items.c.rank == bindparam("wanted"))
ITS_TEXT = select(item_texts.c.text).where(item_texts.c.n == bindparam("wanted"))
UPDATE = update(items).where(items.c.n == bindparam("wanted"))
UPDATE_TEXT = update(item_texts).where(item_texts.c.n == bindparam("wanted"))

Tally: TypeAlias = tuple[str, str, bool, bool, str, str]
TALLY = ("project_id", "shelf", "is_given_up", "has_asset", "state", "model")
ADD = (
    update(tallies)
    .where(*(tallies.c[name] == bindparam(f"its_{name}") for name in TALLY))
    .values(number=tallies.c.number + bindparam("more"))
)


def is_listed_otherwise(before: str, now: str) -> bool:
    """Whether a generation is listed differently after this move."""
    return _stage(before) != _stage(now)


def keep_made(connection: Connection, generation_id: str) -> None:
    """Write down how a generation, with its asset if there is one, is listed now."""
    row = connection.execute(ONE_MADE, {"wanted": generation_id}).one()
    _keep(connection, row)


def keep_imported(connection: Connection, asset_id: str) -> None:
    row = connection.execute(ONE_IMPORTED, {"wanted": asset_id}).one()
    _keep(connection, row)


def forget_imported(connection: Connection, asset_id: str) -> None:
    before = connection.execute(ONE, {"wanted": asset_id}).mappings().one()
    connection.execute(delete(item_texts).where(item_texts.c.n == before["n"]))
    connection.execute(delete(items).where(items.c.n == before["n"]))
    _add(connection, _tally(before), -1)


def rebuild(connection: Connection) -> None:
    """Make the whole listing anew from what it is made of."""
    for table in (item_texts, items, tallies):
        connection.execute(delete(table))
    # In the order in which they came: of two of one moment the later is the newer.
    everything = union_all(MADE, IMPORTED).order_by("created_at")
    counted: Counter[Tally] = Counter()
    number, rank = 0, 0
    for rows in connection.execute(everything).partitions(AT_ONCE):
        values, texts = [], []
        for row in rows:
            number += 1
            rank = max(rank + 1, _age(row.created_at))
            values.append(_values(row) | {"n": number, "rank": rank})
            texts.append({"n": number, "text": _text(row)})
        connection.execute(insert(items), values)
        connection.execute(insert(item_texts), texts)
        counted.update(map(_tally, values))
    if counted:
        connection.execute(insert(tallies), [_tally_values(*one) for one in counted.items()])


def _keep(connection: Connection, row: Row[Any]) -> None:
    values, text = _values(row), _text(row)
    known = connection.execute(ONE, {"wanted": row.id}).mappings().one_or_none()
    if known is None:
        ranked = values | {"rank": _free_rank(connection, row.created_at)}
        [n] = connection.execute(insert(items), ranked).inserted_primary_key or (0,)
        connection.execute(insert(item_texts), {"n": n, "text": text})
        _add(connection, _tally(values), 1)
        return
    wanted = {"wanted": known["n"]}
    if any(known[name] != value for name, value in values.items()):
        connection.execute(UPDATE, wanted | values)
    if connection.execute(ITS_TEXT, wanted).scalar_one() != text:
        connection.execute(UPDATE_TEXT, wanted | {"text": text})
    before, now = _tally(known), _tally(values)
    if before != now:
        _add(connection, before, -1)
        _add(connection, now, 1)


def _free_rank(connection: Connection, created_at: datetime) -> int:
    rank = _age(created_at)
    while connection.execute(RANK, {"wanted": rank}).first() is not None:
        rank += 1
    return rank


def _age(created_at: datetime) -> int:
    return (created_at - EPOCH) // MICROSECOND


def _add(connection: Connection, tally: Tally, more: int) -> None:
    its = {f"its_{name}": value for name, value in zip(TALLY, tally, strict=True)}
    if connection.execute(ADD, {**its, "more": more}).rowcount == 0:
        connection.execute(insert(tallies), _tally_values(tally, more))


def _tally_values(tally: Tally, number: int) -> Values:
    return dict(zip(TALLY, tally, strict=True)) | {"number": number}


def _tally(values: Mapping[Any, Any]) -> Tally:
    return (
        values["project_id"],
        values["shelf"],
        values["is_given_up"],
        values["asset_id"] is not None,
        values["state"],
        values["model"] or "",
    )


def _values(row: Row[Any]) -> Values:
    state = _state(row)
    is_made = row.generation_id is not None
    is_unsaved = row.media_state == UnsavedMedia.state
    return {
        "id": row.id,
        "project_id": row.project_id,
        "generation_id": row.generation_id,
        "asset_id": row.asset_id,
        "created_at": row.created_at,
        "asset_at": row.asset_at,
        "shot": shot_of(row.project_id, row.prompt) if is_made else row.id,
        "state": state,
        "media_state": row.media_state,
        "shelf": _shelf(row, state),
        "is_given_up": is_unsaved and (row.problem_attempts or 0) >= TRIES,
        "model": row.model,
        "kind": row.kind or MediaKind.VIDEO.value,
        "rating": row.rating or 0,
        "flag": row.flag,
        "seconds": None if row.duration is None else float(row.duration),
        "has_sound": None if row.container is None else row.audio_codec is not None,
        "size": row.size,
        "name": search.fold(row.name or generated_name(row.prompt))[:NAME_LENGTH],
    }


def _state(row: Row[Any]) -> str:
    is_under_way = row.progress in UNDER_WAY
    has_bytes_or_said_why = row.media_state != UrlOnlyMedia.state or row.problem_attempts
    if row.asset_id is not None and (has_bytes_or_said_why or not is_under_way):
        return str(row.media_state)
    return _stage(row.progress)


def _stage(progress: str) -> str:
    return WAITING if progress in UNDER_WAY else progress


def _shelf(row: Row[Any], state: str) -> str:
    # Done, and its clip was deleted for good: what was bought stays on record, and is not shown.
    if state == Done.name:
        return Shelf.REMOVED
    return Shelf.LISTED if row.trashed_at is None else Shelf.TRASH


def _text(row: Row[Any]) -> str:
    file = (row.path or "").rpartition("/")[2]
    parts = (row.name, row.prompt, row.model, row.file_name, file, row.notes)
    return search.fold("\n".join(part for part in parts if part))
