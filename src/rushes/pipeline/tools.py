"""What every step of the pipeline works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rushes.catalogue.catalogue import Catalogue
from rushes.domain.clock import Clock
from rushes.domain.generation import Generation, Step
from rushes.media.probe import Prober
from rushes.pipeline.pace import Pace
from rushes.providers.provider import Provider
from rushes.providers.registry import Registry
from rushes.store.download import Downloader
from rushes.store.store import MediaStore


@dataclass(frozen=True, slots=True)
class Tools:
    catalogue: Catalogue
    registry: Registry
    store: MediaStore
    downloader: Downloader
    prober: Prober
    clock: Clock
    posters: Path
    """The folder for poster images, one for each asset."""
    pace: Pace = field(default_factory=Pace)

    def provider_of(self, generation: Generation) -> Provider:
        return self.registry.made_by(generation.request.model)

    def step(self, name: str, detail: str = "") -> Step:
        return Step(name, self.clock.now(), detail)
