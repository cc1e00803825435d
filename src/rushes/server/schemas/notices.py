"""Notices as they are sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from rushes.domain.notice import Notice
from rushes.server.schemas.shape import Body, Shape


class ActionShape(Shape):
    label: str
    method: Literal["GET", "POST"]
    href: str
    """An address of this interface. It takes no body."""


class NoticeShape(Shape):
    id: str
    project_id: str | None
    """null: it is about the library."""
    code: str
    title: str
    detail: str
    """What was observed at the newest of its things."""
    level: Literal["info", "success", "warning", "error"]
    duration: int | None
    """Milliseconds that a toast stays; null: until it is dismissed. The notice itself stays."""
    count: int
    """How many things need a person now; 0 once the cause is gone from all of them."""
    action: ActionShape | None
    open: bool
    """Whether it still needs a person: its cause lasts and it was not dismissed."""
    created_at: datetime
    updated_at: datetime
    dismissed_at: datetime | None

    @classmethod
    def of(cls, notice: Notice) -> Self:
        action, duration = notice.action, notice.duration
        return cls(
            id=notice.id,
            project_id=notice.project_id,
            code=notice.code,
            title=notice.title,
            detail=notice.detail,
            level=notice.level.value,
            duration=None if duration is None else round(duration.total_seconds() * 1000),
            count=notice.count,
            action=None
            if action is None
            else ActionShape.model_validate(
                {"label": action.label, "method": action.method, "href": action.href}
            ),
            open=notice.is_open,
            created_at=notice.created_at,
            updated_at=notice.updated_at,
            dismissed_at=notice.dismissed_at,
        )


class NoticeList(Shape):
    items: list[NoticeShape]


class NoticesToDismiss(Body):
    ids: list[str] | None = None
    """Without it, all that are open."""
