"""What every step of the pipeline works with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.clock import Clock
from rushes.domain.errors import RushesError
from rushes.domain.generation import Generation, Step
from rushes.media.probe import Prober
from rushes.pipeline.pace import Pace
from rushes.providers.provider import Provider
from rushes.providers.registry import Registry
from rushes.store.download import Downloader
from rushes.store.held_bytes import HeldBytes
from rushes.store.request_journal import RequestJournal
from rushes.store.store import MediaStore

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tools:
    catalogue: Catalogue
    registry: Registry
    store: MediaStore
    held: HeldBytes
    downloader: Downloader
    prober: Prober
    journal: RequestJournal
    clock: Clock
    posters: Path
    """The folder for poster images, one for each asset."""
    pace: Pace = field(default_factory=Pace)

    def provider_of(self, generation: Generation) -> Provider:
        return self.registry.made_by(generation.request.model)

    async def keep(self, work: Callable[[Transaction], T]) -> T:
        """Write what must not be forgotten. On a full disk it may use all the room that is held
        back for it; when even that is used up, wait and try again for as long as it takes.
        """
        attempts = 0
        while True:
            try:
                return await self.catalogue.write(work, vital=True)
            except RushesError as error:
                if not error.retryable:
                    raise
                log.warning("not written yet: %s", error)
            await asyncio.sleep(self.pace.storage.wait(attempts))
            attempts += 1

    def step(self, name: str, detail: str = "") -> Step:
        return Step(name, self.clock.now(), detail)
