"""What a check found: looked at, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """It works, and somebody should look at it."""
    PROBLEM = "problem"
    """Something does not work."""
    UNKNOWN = "unknown"
    """It could not be looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    """What was looked at."""
    code: str
    """Stable machine word for what was found."""
    status: Status
    message: str
    """What was observed."""
    remedy: str = ""
    ids: tuple[str, ...] = ()
    """The assets or generations that it is about; of very many, the first."""
    paths: tuple[str, ...] = ()
    """The files that it is about; of very many, the first."""
