"""Identifiers. Opaque outside the package that made them; only equality means anything."""

from __future__ import annotations

import uuid
from typing import NewType

ProjectId = NewType("ProjectId", str)
AssetId = NewType("AssetId", str)
GenerationId = NewType("GenerationId", str)
NoticeId = NewType("NoticeId", str)
OrderId = NewType("OrderId", str)
"""Made by whoever asks, so that asking twice is one order."""
ModelId = NewType("ModelId", str)
ProviderId = NewType("ProviderId", str)


CLIPS = uuid.UUID("5b1f6f0e-6f0f-4a53-9c5a-0d6f5c1b7a1e")


def clip_of(generation_id: GenerationId) -> AssetId:
    """The asset that the clip of a generation becomes.

    Always the same one: bytes that wait under its name are found again when the catalogue was lost
    and the request is all that is known.
    """
    return AssetId(uuid.uuid5(CLIPS, generation_id).hex)


def new_id() -> str:
    """128 random bits in hexadecimal: never guessed, never met twice."""
    return uuid.uuid4().hex
