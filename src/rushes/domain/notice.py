"""A notice tells a person something that needs them. A toast is how the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rushes.domain.ids import NoticeId


class Level(StrEnum):
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Action:
    """What the notice offers: a label and the address that does it."""

    label: str
    method: str
    href: str


@dataclass(frozen=True, slots=True)
class Notice:
    id: NoticeId
    code: str
    title: str
    detail: str
    level: Level
    created_at: datetime
    action: Action | None = None
    dismissed_at: datetime | None = None
