"""The library as it is listed: a generation and its asset are one item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rushes.domain.asset import Asset
from rushes.domain.generation import Generation
from rushes.domain.media_facts import MediaKind

WAITING = "waiting"
"""Under way, and no clip is here or has been given up."""
ITEM_STATES = (
    "saved",
    "unsaved",
    "url_only",
    "expired",
    "missing",
    WAITING,
    "failed",
    "cancelled",
    "unconfirmed",
)
"""Each item is in one of these."""


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    LONGEST = "longest"
    SHORTEST = "shortest"
    LARGEST = "largest"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is listed. Of several values of one kind one must fit; of the kinds, all."""

    project_id: str | None = None
    text: str = ""
    """Every word must occur in the name, the prompt, the model, the file name or the notes."""
    states: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    kinds: tuple[MediaKind, ...] = ()
    rating: int | None = None
    """At least so many stars."""
    flags: tuple[str, ...] = ()
    """``pick``, ``reject``, or ``none`` for what has neither."""
    since: datetime | None = None
    until: datetime | None = None
    """Made before this moment."""
    min_duration: float | None = None
    max_duration: float | None = None
    """Seconds, as measured."""
    sound: bool | None = None
    """Whether sound was measured in it."""
    shot: str | None = None
    trashed: bool = False
    """The trash, and nothing else."""
    keep_unsaved: bool = True
    """False leaves out what could not be saved."""


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    """The generation's, where there is one."""
    state: str
    created_at: datetime
    shot: str | None
    takes: int
    """How many takes of its shot are listed, itself among them."""
    generation: Generation | None
    asset: Asset | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What fits in another project."""

    project_id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """How many are not shown, and why."""

    filters: int
    trash: int
    unsaved: int
    other_projects: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    items: list[Item]
    start: int
    total: int
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to filter by, and how much of each."""

    models: dict[str, int]
    states: dict[str, int]
