"""What needs a person, over HTTP. Each notice is also an event."""

from __future__ import annotations

from fastapi import APIRouter

from rushes.server.current import CurrentStudio
from rushes.server.schemas.notices import NoticeList, NoticeShape, NoticesToDismiss

router = APIRouter(prefix="/api/notices", tags=["notices"])


@router.get("")
async def list_notices(studio: CurrentStudio, *, closed: bool = False) -> NoticeList:
    """The open ones, newest first; ``closed=true`` adds those that are dismissed or settled."""
    notices = await studio.notices.list_newest(closed=closed)
    return NoticeList(items=[NoticeShape.of(notice) for notice in notices])


@router.post("/dismiss")
async def dismiss_notices(
    studio: CurrentStudio, wanted: NoticesToDismiss | None = None
) -> NoticeList:
    """Take several off the list, or all. The things they are about stay as they are."""
    ids = None if wanted is None else wanted.ids
    dismissed = await studio.notices.dismiss(ids)
    return NoticeList(items=[NoticeShape.of(notice) for notice in dismissed])


@router.post("/{notice_id}/dismiss")
async def dismiss_notice(notice_id: str, studio: CurrentStudio) -> NoticeShape:
    [notice] = await studio.notices.dismiss([notice_id])
    return NoticeShape.of(notice)
