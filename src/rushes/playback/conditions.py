"""What to send of a file: all, a part, or nothing, by every header that has a say (RFC 9110). Pure.

Range counts for GET alone, If-Range decides whether it counts, and what has not changed is not sent
again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TypeAlias

from rushes.domain.http_times import moment_of
from rushes.domain.http_versions import CERTAIN_AFTER
from rushes.playback.ranges import Part, Unsatisfiable, WholeFile, wanted_bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says about the bytes that it wants."""

    is_head: bool = False
    range: str | None = None
    if_range: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None

    @classmethod
    def of(cls, method: str, headers: Mapping[str, str]) -> Asked:
        return cls(
            method == "HEAD",
            headers.get("range"),
            headers.get("if-range"),
            headers.get("if-none-match"),
            headers.get("if-modified-since"),
        )


@dataclass(frozen=True, slots=True)
class Version:
    """What tells one state of a file from another."""

    etag: str | None
    """Strong, with its quotes."""
    modified: datetime

    @property
    def last_modified(self) -> str:
        return format_datetime(self.modified.astimezone(UTC), usegmt=True)


@dataclass(frozen=True, slots=True)
class NotModified:
    """Whoever asks has it already."""


Answer: TypeAlias = WholeFile | Part | Unsatisfiable | NotModified


def answer_to(asked: Asked, version: Version, size: int, now: datetime) -> Answer:
    if _has_it(asked, version):
        return NotModified()
    if asked.is_head or not _may_continue(asked.if_range, version, now):
        return WholeFile()
    return wanted_bytes(asked.range, size)


def _has_it(asked: Asked, version: Version) -> bool:
    """A tag, where there is one, says more than a date: then the date does not count."""
    if asked.if_none_match is not None:
        return _is_one_of(version.etag, asked.if_none_match)
    since = moment_of(asked.if_modified_since)
    return since is not None and version.modified.replace(microsecond=0) <= since


def _is_one_of(etag: str | None, header: str) -> bool:
    """If-None-Match compares weakly: a ``W/`` before a tag does not matter."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag in tags


def _may_continue(if_range: str | None, version: Version, now: datetime) -> bool:
    """Whether the part still belongs to what was sent before. If-Range compares strongly."""
    if if_range is None:
        return True
    if '"' in if_range:
        return if_range == version.etag
    is_certain = now - version.modified >= CERTAIN_AFTER
    return is_certain and if_range == version.last_modified
