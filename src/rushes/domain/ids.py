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


def new_id() -> str:
    """128 random bits in hexadecimal: never guessed, never met twice."""
    return uuid.uuid4().hex
