"""Which bytes of a file a Range header asks for (RFC 9110, section 14). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

DIGITS = re.compile(r"[0-9]{1,100}")
"""Longer numbers lie beyond every file, and reading them takes time."""


@dataclass(frozen=True, slots=True)
class WholeFile:
    """No range, or one that has to be ignored."""


@dataclass(frozen=True, slots=True)
class Part:
    start: int
    end: int
    """Exclusive."""

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """The range lies outside the file."""


Wanted: TypeAlias = WholeFile | Part | Unsatisfiable


def wanted_bytes(header: str | None, size: int) -> Wanted:
    """What to send. A header that is malformed, of another unit, or asks for several parts is
    ignored, as the standard allows: the whole file is the right answer then.
    """
    if header is None:
        return WholeFile()
    unit, equals, spec = header.partition("=")
    first, dash, last = spec.strip(" \t").partition("-")
    is_readable = equals and dash and unit.strip(" \t").lower() == "bytes"
    if not is_readable or not _is_number(first, last):
        return WholeFile()
    if first == "":
        return _suffix(int(last), size)
    start, end = int(first), int(last) + 1 if last else size
    if end <= start and last:
        return WholeFile()
    return Part(start, min(end, size)) if start < size else Unsatisfiable()


def _is_number(first: str, last: str) -> bool:
    given = [text for text in (first, last) if text]
    return bool(given) and all(DIGITS.fullmatch(text) for text in given)


def _suffix(length: int, size: int) -> Wanted:
    if length == 0 or size == 0:
        return Unsatisfiable()
    return Part(max(0, size - length), size)
