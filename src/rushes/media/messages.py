"""What the studio and its reading process say to each other: one JSON document a line."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from fractions import Fraction
from typing import Any

from rushes.domain.errors import (
    FrameNotThereError,
    MediaError,
    MediaTooCostlyError,
    MediaUnreadableError,
)
from rushes.domain.media_facts import MediaFacts, MediaKind

ERRORS = {
    kind.code: kind
    for kind in (MediaError, FrameNotThereError, MediaUnreadableError, MediaTooCostlyError)
}
FRACTIONS = frozenset({"duration", "fps"})
LAST = -1
"""Stands for the number of the last frame."""
LARGEST_IMAGE = 64 * 2**20
"""Bytes of a picture in one answer: a frame of 2160p with room to spare, whatever is in it."""
LONGEST_ANSWER = LARGEST_IMAGE * 4 // 3 + 2**16
FIELDS = tuple(field.name for field in fields(MediaFacts))


def encode_line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


def decode_line(line: bytes) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(line)
    return message


def facts_message(facts: MediaFacts) -> dict[str, Any]:
    written = asdict(facts)
    return {
        name: str(value) if name in FRACTIONS and value is not None else value
        for name, value in written.items()
    }


def facts_from(message: dict[str, Any]) -> MediaFacts:
    values = {name: message[name] for name in FIELDS}
    for name in FRACTIONS:
        values[name] = None if values[name] is None else Fraction(values[name])
    return MediaFacts(**{**values, "kind": MediaKind(values["kind"])})


def error_message(error: MediaError) -> dict[str, Any]:
    problem = error.problem
    return {"code": problem.code, "detail": problem.detail, "facts": dict(problem.facts)}


def error_from(message: dict[str, Any]) -> MediaError:
    return ERRORS[message["code"]](message["detail"], **message["facts"])
