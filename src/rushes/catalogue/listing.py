"""What the library lists: filtered, searched, sorted, counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Row,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from rushes.catalogue import assets, generations
from rushes.catalogue.tables import assets as asset_table
from rushes.catalogue.tables import generations as generation_table
from rushes.catalogue.tables import projects as project_table
from rushes.domain.errors import AssetNotFoundError
from rushes.domain.generation import UNDER_WAY
from rushes.domain.listing import WAITING, Elsewhere, Facets, Filter, Hidden, Item, Listing, Sort
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import UnsavedMedia, UrlOnlyMedia

A, G = asset_table.c, generation_table.c

NO_STATE = "removed"
"""Done, and its clip was deleted for good."""


def _seconds() -> ColumnElement[Any]:
    whole = cast(A.duration, Float)
    return whole / cast(func.substr(A.duration, func.instr(A.duration, "/") + 1), Float)


def _state() -> ColumnElement[str]:
    is_under_way = G.state.in_(UNDER_WAY)
    is_coming = and_(
        is_under_way, A.media_state == UrlOnlyMedia.state, A.problem_attempts.is_(None)
    )
    return case(
        (is_coming, WAITING),
        (A.media_state.is_not(None), A.media_state),
        (is_under_way, WAITING),
        (G.state == "done", NO_STATE),
        else_=G.state,
    )


def _columns() -> list[ColumnElement[Any]]:
    return [
        A.id.label("asset_id"),
        A.generation_id.label("made_by"),
        _state().label("state"),
        func.coalesce(A.model, G.model).label("model"),
        func.coalesce(A.kind, MediaKind.VIDEO.value).label("kind"),
        func.coalesce(A.rating, 0).label("rating"),
        A.flag.label("flag"),
        _seconds().label("duration"),
        case((A.container.is_not(None), A.audio_codec.is_not(None))).label("sound"),
        A.size.label("size"),
        A.trashed_at.is_not(None).label("is_trashed"),
        and_(
            A.media_state == UnsavedMedia.state,
            func.coalesce(A.problem_attempts, 0) >= assets.TRIES,
        ).label("is_given_up"),
        func.coalesce(A.name, G.prompt).label("name"),
        func.coalesce(A.name, "").label("own_name"),
        func.coalesce(A.prompt, G.prompt, "").label("prompt"),
        func.coalesce(A.file_name, "").label("file_name"),
        func.coalesce(A.path, "").label("path"),
        func.coalesce(A.notes, "").label("notes"),
    ]


made = select(
    G.id, G.project_id, G.created_at, G.shot, G.id.label("generation_id"), *_columns()
).select_from(generation_table.outerjoin(asset_table, A.generation_id == G.id))
imported = (
    select(A.id, A.project_id, A.created_at, null(), null(), *_columns())
    .select_from(asset_table.outerjoin(generation_table, A.generation_id == G.id))
    .where(A.generation_id.is_(None))
)
items = union_all(made, imported).subquery("items")
I = items.c  # noqa: E741  # read as a word in each line below


def page(
    connection: Connection,
    only: Filter,
    *,
    sort: Sort,
    by_shot: bool,
    start: int,
    limit: int,
) -> Listing:
    """A page of the items that fit, and how many are not shown and why."""
    fitting = [_listed(only), _matches(only), _in_project(only)]
    query = select(I.id, I.state, I.created_at, I.shot, I.project_id, I.asset_id, I.generation_id)
    query = query.where(*fitting)
    if by_shot:
        query = _newest_of_each_shot(query)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = connection.execute(query.order_by(*_order(sort)).offset(start).limit(limit)).all()
    return Listing(_loaded(connection, only, rows), start, total, _hidden(connection, only))


def one(connection: Connection, item_id: str) -> Item:
    """The item with this id, or the one that this asset belongs to, listed or not.

    Raises AssetNotFoundError.
    """
    query = select(A.generation_id).where(A.id == item_id)
    its_id = connection.execute(query).scalar() or item_id
    found: Select[Any] = select(
        I.id, I.state, I.created_at, I.shot, I.project_id, I.asset_id, I.generation_id
    )
    row = connection.execute(found.where(I.id == its_id)).one_or_none()
    if row is None:
        raise AssetNotFoundError(f"Nothing in the library has the id {item_id}.", id=item_id)
    [item] = _loaded(connection, Filter(project_id=row.project_id), [row])
    return item


def facets(connection: Connection, project_id: str | None, *, keep_unsaved: bool) -> Facets:
    only = Filter(project_id=project_id, keep_unsaved=keep_unsaved)
    counted = []
    for column in (I.model, I.state):
        query = select(column, func.count()).where(_listed(only), _in_project(only))
        query = query.where(column.is_not(None)).group_by(column).order_by(column)
        counted.append({value: number for value, number in connection.execute(query)})  # noqa: C416  # rows are no pairs to mypy
    models, states = counted
    return Facets(models, states)


def _newest_of_each_shot(query: Select[Any]) -> Select[Any]:
    one_shot = func.coalesce(I.shot, I.id)
    place = func.row_number().over(
        partition_by=(I.project_id, one_shot), order_by=(I.created_at.desc(), I.id.desc())
    )
    ranked = query.add_columns(place.label("place")).subquery()
    return query.where(I.id.in_(select(ranked.c.id).where(ranked.c.place == 1)))


def _order(sort: Sort) -> tuple[ColumnElement[Any], ...]:
    newest = (I.created_at.desc(), I.id.desc())
    match sort:
        case Sort.NEWEST:
            return newest
        case Sort.OLDEST:
            return (I.created_at, I.id)
        case Sort.RATING:
            return (I.rating.desc(), *newest)
        case Sort.LONGEST:
            return (I.duration.desc().nulls_last(), *newest)
        case Sort.SHORTEST:
            return (I.duration.asc().nulls_last(), *newest)
        case Sort.LARGEST:
            return (I.size.desc().nulls_last(), *newest)
        case Sort.NAME:
            return (func.lower(I.name), *newest)


def _loaded(connection: Connection, only: Filter, rows: Sequence[Row[Any]]) -> list[Item]:
    asset_ids = [row.asset_id for row in rows if row.asset_id is not None]
    generation_ids = [row.generation_id for row in rows if row.generation_id is not None]
    its_asset = {one.id: one for one in assets.get_many(connection, asset_ids)}
    its_generation = {one.id: one for one in generations.get_many(connection, generation_ids)}
    takes = _takes(connection, only, {row.shot for row in rows if row.shot is not None})
    return [
        Item(
            id=row.id,
            state=row.state,
            created_at=row.created_at,
            shot=row.shot,
            takes=takes.get((row.project_id, row.shot), 1),
            generation=its_generation.get(row.generation_id),
            asset=its_asset.get(row.asset_id),
        )
        for row in rows
    ]


def _takes(connection: Connection, only: Filter, shots: set[str]) -> dict[tuple[str, str], int]:
    """How many takes of each shot of each project are listed, whatever the filters."""
    query = (
        select(I.project_id, I.shot, func.count())
        .where(_listed(only), I.shot.in_(shots))
        .group_by(I.project_id, I.shot)
    )
    return {(project, shot): number for project, shot, number in connection.execute(query)}


def _hidden(connection: Connection, only: Filter) -> Hidden:
    here = _in_project(only)
    shown = _count(connection, _listed(only), here, _matches(only))
    trash = 0 if only.trashed else _count(connection, _in_trash(only), here)
    return Hidden(
        filters=_count(connection, _listed(only), here) - shown,
        trash=trash,
        unsaved=_count(connection, _withdrawn(only), ~_in_trash(only), here),
        other_projects=_elsewhere(connection, only),
    )


def _elsewhere(connection: Connection, only: Filter) -> tuple[Elsewhere, ...]:
    if only.project_id is None:
        return ()
    everywhere = replace(only, project_id=None)
    P = project_table.c  # noqa: N806
    query = (
        select(P.id, P.name, func.count())
        .join_from(items, project_table, P.id == I.project_id)
        .where(_listed(everywhere), _matches(only), I.project_id != only.project_id)
        .group_by(P.id, P.name)
        .order_by(func.count().desc(), P.name, P.id)
    )
    return tuple(Elsewhere(*row) for row in connection.execute(query))


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(items).where(*conditions)
    return connection.execute(query).scalar_one()


def _listed(only: Filter) -> ColumnElement[bool]:
    if only.trashed:
        return and_(_in_trash(only), I.state != NO_STATE)
    return and_(~_in_trash(only), ~_withdrawn(only), I.state != NO_STATE)


def _in_trash(only: Filter) -> ColumnElement[bool]:
    """A project in the trash takes its items along, unless one looks into that project."""
    if only.project_id is not None:
        return I.is_trashed
    trashed = select(project_table.c.id).where(project_table.c.trashed_at.is_not(None))
    return or_(I.is_trashed, I.project_id.in_(trashed))


def _withdrawn(only: Filter) -> ColumnElement[bool]:
    return false() if only.keep_unsaved else func.coalesce(I.is_given_up, literal(0)) == 1


def _in_project(only: Filter) -> ColumnElement[bool]:
    return true() if only.project_id is None else I.project_id == only.project_id


def _matches(only: Filter) -> ColumnElement[bool]:
    searched = (I.own_name, I.prompt, I.model, I.file_name, I.path, I.notes)
    words = [
        or_(*(column.icontains(word, autoescape=True) for column in searched))
        for word in only.text.split()
    ]
    return and_(true(), *words, *_chosen(only), *_between(only))


def _chosen(only: Filter) -> Iterator[ColumnElement[bool]]:
    for column, values in ((I.state, only.states), (I.model, only.models), (I.kind, only.kinds)):
        if values:
            yield column.in_(values)
    if only.flags:
        yield func.coalesce(I.flag, "none").in_(only.flags)
    if only.sound is not None:
        yield I.sound == only.sound
    if only.shot is not None:
        yield I.shot == only.shot


def _between(only: Filter) -> Iterator[ColumnElement[bool]]:
    if only.rating is not None:
        yield I.rating >= only.rating
    if only.since is not None:
        yield I.created_at >= only.since
    if only.until is not None:
        yield I.created_at < only.until
    if only.min_duration is not None:
        yield I.duration >= only.min_duration
    if only.max_duration is not None:
        yield I.duration <= only.max_duration
