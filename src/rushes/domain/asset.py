"""An asset is an item of the library: generated or imported, with its bytes or still without."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, TypeAlias

from rushes.domain.errors import InvalidInputError
from rushes.domain.generation import shot_of
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import MediaReference


@dataclass(frozen=True, slots=True)
class Generated:
    type: ClassVar[str] = "generated"
    generation_id: GenerationId
    model: ModelId
    prompt: str


@dataclass(frozen=True, slots=True)
class Imported:
    type: ClassVar[str] = "imported"
    file_name: str
    """The name that the file had where it came from."""


@dataclass(frozen=True, slots=True)
class FrameOf:
    """One frame of a video of the library, taken out as a picture of its own."""

    type: ClassVar[str] = "frame"
    asset_id: AssetId
    number: int
    """Counted from 0 in the order of showing."""
    sha256: str
    """Of the video's bytes: it says which file it was, even when the asset is gone."""


Origin: TypeAlias = Generated | Imported | FrameOf


class Flag(StrEnum):
    """A reviewer's verdict; independent of the rating."""

    PICK = "pick"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Asset:
    id: AssetId
    project_id: ProjectId
    name: str
    kind: MediaKind
    take_number: int
    origin: Origin
    media: MediaReference
    facts: MediaFacts | None
    """Measured from the bytes; None until they have been here once."""
    created_at: datetime
    rating: int = 0
    flag: Flag | None = None
    trashed_at: datetime | None = None
    notes: str = ""

    @property
    def shot(self) -> str | None:
        """What its takes have in common; None for what was not generated."""
        if not isinstance(self.origin, Generated):
            return None
        return shot_of(self.project_id, self.origin.prompt)


NAME_LENGTH = 40
NOTES_LIMIT = 10_000


def clean_notes(notes: str) -> str:
    """The notes as they are kept: no control characters but line ends and tabs.

    Raises:
        InvalidInputError: they are too long.
    """
    lines = notes.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = "".join(c for c in lines if unicodedata.category(c) != "Cc" or c in "\n\t").strip()
    if len(cleaned) > NOTES_LIMIT:
        raise InvalidInputError(
            f"They have {len(cleaned)} characters; {NOTES_LIMIT} are allowed.",
            field="notes",
            length=len(cleaned),
            limit=NOTES_LIMIT,
        )
    return cleaned


def generated_name(prompt: str) -> str:
    """The name a generated asset starts with: ``AI: `` and the beginning of its prompt."""
    words = " ".join(prompt.split())
    if len(words) <= NAME_LENGTH:
        return f"AI: {words}"
    return f"AI: {words[: NAME_LENGTH - 1].rstrip()}…"
