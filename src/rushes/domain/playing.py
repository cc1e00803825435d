"""How an asset is played: from where, what its media host has said, and its copy to play."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from rushes.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Heard:
    """What a media host last answered about a clip."""

    host: str
    checked_at: datetime
    status: int | None = None
    """None when no answer came."""
    problem: Problem | None = None
    """Why its bytes cannot be had; None when they can."""
    cors: bool | None = None
    """Whether it allows our page to read the file; None when it was not asked as a page asks."""
    resource_policy: str | None = None
    """Its Cross-Origin-Resource-Policy."""

    @property
    def reachable(self) -> bool:
        return self.problem is None


@dataclass(frozen=True, slots=True)
class LocalFile:
    path: str
    """Relative to the library folder."""


@dataclass(frozen=True, slots=True)
class SpoolFile:
    sha256: str


@dataclass(frozen=True, slots=True)
class Relay:
    """Through our own address, from this one."""

    url: str
    instead: Problem | None = None
    """Why it is not played directly, where that is preferred."""


@dataclass(frozen=True, slots=True)
class Direct:
    """The page loads it from the media host itself."""

    url: str
    crossorigin: str | None
    """What the element's attribute of this name has to say; None: it has none."""


@dataclass(frozen=True, slots=True)
class NoSource:
    reason: Problem


Source: TypeAlias = LocalFile | SpoolFile | Relay | Direct | NoSource


class ProxyState(StrEnum):
    NONE = "none"
    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Proxy:
    """How it stands with the copy of one asset."""

    needed: bool | None
    state: ProxyState = ProxyState.NONE
    progress: float | None = None
    """From 0 to 1, while it is made."""
    problem: Problem | None = None
    """Why it could not be made."""
