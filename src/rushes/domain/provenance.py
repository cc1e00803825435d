"""Where a saved file comes from: all that is known of it, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.domain.asset import Asset
from rushes.domain.generation import Generation
from rushes.domain.project import Project


@dataclass(frozen=True, slots=True)
class Provenance:
    project: Project
    asset: Asset
    generation: Generation | None
    """None for what was imported."""
