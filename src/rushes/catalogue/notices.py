"""Notices in the catalogue. They are raised and closed with the change that causes it.

``about_media`` and ``about_generation`` are called wherever an asset's bytes or a generation's
state change, in the same transaction: no notice is lost, and none stays whose cause is gone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.feed import Kind
from rushes.catalogue.tables import concerned, notices, projects
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    CatalogueError,
    NoticeNotFoundError,
    StorageError,
    all_errors,
)
from rushes.domain.generation import Failed, Generation, Unconfirmed
from rushes.domain.ids import NoticeId, ProjectId, new_id
from rushes.domain.media_reference import (
    ExpiredMedia,
    MediaReference,
    MissingMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.notice import (
    CONCERNS,
    DOWNLOAD_GIVEN_UP,
    EXPIRED,
    FAILED,
    MISSING,
    UNCONFIRMED,
    UNSAVED,
    Action,
    Concern,
    Level,
    Notice,
)
from rushes.domain.problem import Failure

OURS = frozenset(
    error.code for root in (StorageError, CatalogueError) for error in all_errors(root)
)
"""What fails here, and not on the way from the provider."""
MOST = 500
"""How many a list shows at most; there is one open notice for each project and reason."""


def about_media(transaction: Transaction, asset: Asset, media: MediaReference) -> None:
    """The bytes of an asset are in this state now: raise what it calls for, close the rest."""
    concern, failure = (None, None) if asset.trashed_at else _media_concern(media)
    _settle_others(transaction, asset.id, concern)
    if concern is not None and failure is not None:
        detail = f"{asset.name}: {failure.problem}"
        tell(transaction, concern, asset.project_id, asset.id, detail, failure.at)


def about_generation(
    transaction: Transaction, generation: Generation, before: str, now: datetime
) -> None:
    """A generation has moved: a failure is told, and what is known by now needs nobody."""
    state = generation.state
    was_unconfirmed = before == Unconfirmed.name
    if before in {Unconfirmed.name, Failed.name} and state.name != before:
        _settle_others(transaction, generation.id, None)
    # What a person has given up after it was unconfirmed is no news to them.
    if isinstance(state, Failed) and not was_unconfirmed:
        detail = f"{generation.request.model}: {state.problem}"
        tell(transaction, FAILED, generation.project_id, generation.id, detail, now)


def about_looking(transaction: Transaction, lost: Generation, observed: str, now: datetime) -> None:
    """A lost request has been looked for long enough without being found."""
    detail = f"{lost.request.model}: {observed}"
    tell(transaction, UNCONFIRMED, lost.project_id, lost.id, detail, now)


def tell(
    transaction: Transaction,
    concern: Concern,
    project_id: ProjectId,
    thing: str,
    detail: str,
    now: datetime,
) -> None:
    """Raise a notice about a thing, once as long as its cause lasts."""
    known = _notice_about(transaction.connection, thing, concern.code)
    if known is not None:
        if known.is_open and known.detail != detail:
            _update(transaction, known.id, detail=detail, updated_at=now)
        return
    open_one = _open(transaction.connection, project_id, concern.code)
    if open_one is None:
        notice_id = _insert(transaction, concern, project_id, detail, now)
    else:
        notice_id = open_one.id
        number = open_one.count + 1
        _update(
            transaction,
            notice_id,
            things=number,
            title=concern.title(number),
            detail=detail,
            updated_at=now,
        )
    transaction.connection.execute(
        concerned.insert().values(thing=thing, code=concern.code, notice_id=notice_id)
    )


def forget(transaction: Transaction, thing: str) -> None:
    """The thing is not there any more."""
    _settle_others(transaction, thing, None)


def dismiss(transaction: Transaction, ids: Collection[str] | None, now: datetime) -> list[Notice]:
    """Take the notices of these ids off the list; None means all that are open.

    Raises:
        NoticeNotFoundError: there is none of one of the ids; nothing is dismissed.
    """
    if ids is None:
        ids = [notice.id for notice in list_newest(transaction.connection)]
    dismissed = []
    for notice_id in ids:
        notice = get(transaction.connection, notice_id)
        if notice.dismissed_at is None:
            _update(transaction, notice_id, dismissed_at=now)
        dismissed.append(get(transaction.connection, notice_id))
    return dismissed


def get(connection: Connection, notice_id: str) -> Notice:
    row = connection.execute(select(notices).where(notices.c.id == notice_id)).one_or_none()
    if row is None:
        raise NoticeNotFoundError(f"No notice has the id {notice_id!r}.", id=notice_id)
    return _notice(row)


def list_newest(connection: Connection, *, closed: bool = False) -> list[Notice]:
    """Open notices of projects that are not in the trash; with ``closed`` all the others too."""
    query = select(notices).join(projects, projects.c.id == notices.c.project_id)
    if not closed:
        query = query.where(
            notices.c.dismissed_at.is_(None),
            notices.c.things > 0,
            projects.c.trashed_at.is_(None),
        )
    rows = connection.execute(
        query.order_by(notices.c.created_at.desc(), notices.c.id.desc()).limit(MOST)
    )
    return [_notice(row) for row in rows]


def _media_concern(media: MediaReference) -> tuple[Concern | None, Failure | None]:
    match media:
        case UnsavedMedia(failure=failure):
            return UNSAVED, failure
        case ExpiredMedia(failure=failure):
            return EXPIRED, failure
        case MissingMedia(failure=failure):
            return MISSING, failure
        case UrlOnlyMedia(failure=failure) if failure and failure.problem.code in OURS:
            # No place here could hold its bytes: the worst that our storage can do to a clip.
            return UNSAVED, failure
        case UrlOnlyMedia(failure=failure) if failure and not failure.problem.retryable:
            return DOWNLOAD_GIVEN_UP, failure
        case _:
            return None, None


def _settle_others(transaction: Transaction, thing: str, staying: Concern | None) -> None:
    """The thing needs nobody any more, except for the concern that stays."""
    rows = transaction.connection.execute(
        select(concerned.c.code, concerned.c.notice_id).where(concerned.c.thing == thing)
    ).all()
    for row in rows:
        if staying is not None and row.code == staying.code:
            continue
        transaction.connection.execute(
            concerned.delete().where(concerned.c.thing == thing, concerned.c.code == row.code)
        )
        number = get(transaction.connection, row.notice_id).count - 1
        title = CONCERNS[row.code].title(max(number, 1))
        _update(transaction, row.notice_id, things=number, title=title)


def _notice_about(connection: Connection, thing: str, code: str) -> Notice | None:
    query = (
        select(notices)
        .join(concerned, concerned.c.notice_id == notices.c.id)
        .where(concerned.c.thing == thing, concerned.c.code == code)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _notice(row)


def _open(connection: Connection, project_id: str, code: str) -> Notice | None:
    query = select(notices).where(
        notices.c.project_id == project_id,
        notices.c.code == code,
        notices.c.dismissed_at.is_(None),
        notices.c.things > 0,
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _notice(row)


def _insert(
    transaction: Transaction,
    concern: Concern,
    project_id: ProjectId,
    detail: str,
    now: datetime,
) -> NoticeId:
    notice_id = NoticeId(new_id())
    action = concern.action_in(project_id)
    transaction.connection.execute(
        notices.insert().values(
            id=notice_id,
            project_id=project_id,
            code=concern.code,
            title=concern.title(1),
            detail=detail,
            level=concern.level.value,
            things=1,
            action={"label": action.label, "method": action.method, "href": action.href},
            created_at=now,
            updated_at=now,
        )
    )
    transaction.touch(Kind.NOTICE, notice_id)
    return notice_id


def _update(transaction: Transaction, notice_id: str, **values: object) -> None:
    transaction.connection.execute(
        notices.update().where(notices.c.id == notice_id).values(**values)
    )
    transaction.touch(Kind.NOTICE, notice_id)


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=NoticeId(row.id),
        project_id=ProjectId(row.project_id),
        code=row.code,
        title=row.title,
        detail=row.detail,
        level=Level(row.level),
        count=row.things,
        created_at=row.created_at,
        updated_at=row.updated_at,
        action=None if row.action is None else Action(**row.action),
        dismissed_at=row.dismissed_at,
    )
