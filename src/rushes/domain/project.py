"""A project holds assets and generations."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rushes.domain.errors import IllegalNameError
from rushes.domain.ids import ProjectId

NAME_LIMIT = 120
JOINER = "\u200d"
"""Makes one picture of several emoji; by itself it cannot be seen."""


class Keep(StrEnum):
    """What a project keeps of a clip that a provider has made."""

    FILES = "files"
    """Its bytes, brought here at once."""
    LINKS = "links"
    """Its address, until a person wants the bytes or the address is about to expire."""


@dataclass(frozen=True, slots=True)
class Project:
    id: ProjectId
    name: str
    folder: str
    """The folder below ``media/`` that holds its files. Kept when the project is renamed."""
    created_at: datetime
    trashed_at: datetime | None = None
    keep: Keep = Keep.FILES
    may_let_go: bool = False
    """Whether a person may have saved files removed that are proven to be at the provider."""

    @property
    def media_folder(self) -> str:
        """Where its files lie, from the library's own folder."""
        return f"media/{self.folder}"


def clean_name(name: str, *, field: str = "name") -> str:
    """The name as it is kept: one line, no control characters, 1 to 120 characters.

    Raises:
        IllegalNameError: nothing visible is left, or it is too long.
    """
    visible = "".join(c for c in name if unicodedata.category(c)[0] != "C" or c in f"\t\n{JOINER}")
    cleaned = " ".join(visible.split())
    if not cleaned.strip(f" {JOINER}") or len(cleaned) > NAME_LIMIT:
        raise IllegalNameError(
            f"It has {len(cleaned)} characters.", field=field, length=len(cleaned), limit=NAME_LIMIT
        )
    return cleaned


def folder_name(name: str) -> str:
    """A readable folder name for a project: letters, digits, dashes; at most 60 bytes."""
    kept = "".join(c if c.isalnum() else "-" for c in unicodedata.normalize("NFC", name))
    words = "-".join(part for part in kept.split("-") if part)
    return words.encode()[:60].decode(errors="ignore").strip("-") or "project"
