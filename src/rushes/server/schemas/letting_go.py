"""Files that are let go to free room, as they are sent."""

from __future__ import annotations

from typing import Self

from rushes.domain.asset import Asset
from rushes.pipeline.letting_go import Candidate
from rushes.server.schemas.assets import MediaStateName
from rushes.server.schemas.problems import ProblemShape
from rushes.server.schemas.shape import Shape


class LetGoItem(Shape):
    asset_id: str
    name: str
    state: MediaStateName
    """Where the bytes are now."""
    size: int
    """Bytes of its file."""
    problem: ProblemShape | None
    """Why the file stays; null when it may go, or has gone."""

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        asset: Asset = candidate.asset
        problem = candidate.problem
        return cls(
            asset_id=asset.id,
            name=asset.name,
            state=asset.media.state,  # type: ignore[arg-type]  # a ClassVar of each state
            size=candidate.size,
            problem=None if problem is None else ProblemShape.of(problem),
        )


class LetGoResult(Shape):
    items: list[LetGoItem]
    applied: bool
    """Whether files were let go; ``false``: this is what would be tried."""
    freed: int
    """Bytes that were freed, or would be."""
    kept: int
    """How many files stay."""

    @classmethod
    def of(cls, candidates: list[Candidate], *, applied: bool) -> Self:
        going = [one for one in candidates if one.problem is None]
        return cls(
            items=[LetGoItem.of(one) for one in candidates],
            applied=applied,
            freed=sum(one.size for one in going),
            kept=len(candidates) - len(going),
        )
