"""A notice tells a person something that needs them. A toast is how the page shows it.

One notice stands for all things of one project that need the person for the same reason: thirty
clips that could not be saved are one notice with a count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from rushes.domain.ids import NoticeId, ProjectId


class Level(StrEnum):
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


DURATIONS: Mapping[Level, timedelta | None] = MappingProxyType(
    {
        Level.INFO: timedelta(seconds=5),
        Level.SUCCESS: timedelta(seconds=5),
        Level.WARNING: timedelta(seconds=10),
        Level.ERROR: None,
    }
)
"""How long a toast stays; None: until it is dismissed. The notice itself always stays."""


@dataclass(frozen=True, slots=True)
class Action:
    """What the notice offers: a label and the address that does it."""

    label: str
    method: str
    href: str


@dataclass(frozen=True, slots=True)
class Concern:
    """A reason for which things need a person: how it is said, and what is offered."""

    code: str
    one: str
    many: str
    """The title for several, with their ``{number}``."""
    level: Level
    action: Action
    """Its address holds the ``{project}``."""

    def title(self, number: int) -> str:
        return self.one if number == 1 else self.many.format(number=f"{number:,}")

    def action_in(self, project_id: ProjectId) -> Action:
        href = self.action.href.format(project=project_id)
        return Action(self.action.label, self.action.method, href)


OPEN_PROJECT = Action("Open project", "GET", "/api/projects/{project}")

UNSAVED = Concern(
    "clips_unsaved",
    "A clip could not be saved.",
    "{number} clips could not be saved.",
    Level.ERROR,
    Action("Retry", "POST", "/api/assets/retry?project={project}"),
)
DOWNLOAD_GIVEN_UP = Concern(
    "downloads_given_up",
    "A clip could not be downloaded.",
    "{number} clips could not be downloaded.",
    Level.ERROR,
    Action("Download", "POST", "/api/assets/download?project={project}"),
)
EXPIRED = Concern(
    "clips_expired",
    "The provider no longer has a clip that was not saved here.",
    "The provider no longer has {number} clips that were not saved here.",
    Level.ERROR,
    OPEN_PROJECT,
)
MISSING = Concern(
    "clips_missing",
    "The file of a clip is not where it was.",
    "The files of {number} clips are not where they were.",
    Level.WARNING,
    Action("Look again", "POST", "/api/assets/retry?project={project}"),
)
UNCONFIRMED = Concern(
    "generations_unconfirmed",
    "Nobody knows whether a request was bought.",
    "Nobody knows whether {number} requests were bought.",
    Level.ERROR,
    OPEN_PROJECT,
)
FAILED = Concern(
    "generations_failed",
    "A generation has failed.",
    "{number} generations have failed.",
    Level.WARNING,
    OPEN_PROJECT,
)
ROOM_NOTICE = NoticeId("catalogue-room")
"""The one notice that belongs to no project: how the room is that the catalogue holds back."""
ROOM = Concern(
    "catalogue_room_used",
    "The disk is full: the library lives on the room that it held back.",
    "The disk is full: the library lives on the room that it held back.",
    Level.WARNING,
    Action("Look", "GET", "/api/doctor"),
)

CONCERNS: Mapping[str, Concern] = MappingProxyType(
    {
        concern.code: concern
        for concern in (UNSAVED, DOWNLOAD_GIVEN_UP, EXPIRED, MISSING, UNCONFIRMED, FAILED)
    }
)


@dataclass(frozen=True, slots=True)
class Notice:
    id: NoticeId
    project_id: ProjectId | None
    """None: it is about the library."""
    code: str
    title: str
    detail: str
    """What was observed at the newest of its things."""
    level: Level
    count: int
    """How many things need the person now; 0 once the cause is gone from all of them."""
    created_at: datetime
    updated_at: datetime
    action: Action | None = None
    dismissed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.dismissed_at is None and self.count > 0

    @property
    def duration(self) -> timedelta | None:
        return DURATIONS[self.level]
