"""Where a scenario of the faults campaign takes place, and what has to be true after it."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rushes.domain.generation import Unconfirmed
from rushes.domain.media_reference import SavedMedia
from tests.campaigns.promises import all_broken, read_library
from tests.emulator import FalEmulator

MEGABYTE = 2**20
CLIP_SIZE = 2 * MEGABYTE
WAIT_SECONDS = 60


@dataclass(frozen=True)
class Place:
    home: Path
    fal: FalEmulator
    rng: random.Random
    found: Counter[str]
    """How often which scenario was seen to fail how, before its cause went."""

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def spool(self) -> Path:
        return self.home.with_name(f"{self.home.name}-spool")


async def what_is_wrong(place: Place, answered: list[str]) -> list[str]:
    """Once the cause is gone everything is saved as it was delivered, and nothing lies about."""
    library = await read_library(place.home)
    broken = all_broken(library, place.fal, answered=answered)
    bought = {entry.payload["prompt"] for entry in place.fal.ledger}
    for one in library.generations:
        asset = library.by_generation.get(one.id)
        is_saved = asset is not None and isinstance(asset.media, SavedMedia)
        is_honest = isinstance(one.state, Unconfirmed) and one.request.prompt not in bought
        if not is_saved and not is_honest:
            broken.append(f"not saved after the cause was gone: {one.state} {asset}")
    waiting = place.spool.glob("*/clips/*")
    return [*broken, *(f"left in the spool: {path.name}" for path in waiting)]
