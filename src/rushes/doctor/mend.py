"""A mend: one thing that `rushes repair` would do, said before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rushes.doctor.finding import Finding
from rushes.domain.problem import Problem


class MendKind(StrEnum):
    UPDATE_CATALOGUE = "update_catalogue"
    """The catalogue is of an older Rushes."""
    LIST_AGAIN = "list_again"
    """List a file that has a sidecar and no asset."""
    TAKE_BACK = "take_back"
    """A missing file is there again, in its place or in another."""
    NOTE_MISSING = "note_missing"
    """The file of a saved asset is gone."""
    WRITE_SIDECAR = "write_sidecar"
    """The sidecar of a saved file is not there."""
    REMOVE_DRAFT = "remove_draft"
    """A file on its way to its name, left behind by a crash."""
    LIST_MISSING = "list_missing"
    """List what has a sidecar and neither a file nor an asset."""
    LIST_PROJECT = "list_project"
    """List a project that only a damaged catalogue or the journal of requests knows."""
    LIST_REMNANT = "list_remnant"
    """List a generation or an asset that only a damaged catalogue or the journal knows."""
    MAKE_POSTER = "make_poster"
    """A saved file has something to see, and no poster."""
    ADOPT = "adopt"
    """List a file that no asset names and that has no sidecar. Only when a person asks for it."""


@dataclass(frozen=True, slots=True)
class Mend:
    kind: MendKind
    thing: str
    """The id of the asset, or the name of the file where there is no asset."""
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Plan:
    mends: list[Mend]
    findings: list[Finding]
    """What was seen and is not touched."""


@dataclass(frozen=True, slots=True)
class Outcome:
    mend: Mend
    problem: Problem | None = None
    """Why it was not done."""
