"""What came of an attempt, as it is sent: a value, also where the bytes are still not here."""

from __future__ import annotations

from typing import Literal, Self

from rushes.domain.asset import Asset
from rushes.domain.problem import Failure
from rushes.server.schemas.assets import MediaStateName
from rushes.server.schemas.problems import MediaErrorShape, ProblemShape
from rushes.server.schemas.shape import Body, Shape


class RecoveryResult(Shape):
    asset_id: str
    state: MediaStateName
    """Where the bytes are now."""
    error: MediaErrorShape | None
    """What is in the way, or was the last time; null when nothing is."""
    under_way: bool
    """Whether the attempt goes on, longer than one waits for an answer. Ask again to wait on."""

    @classmethod
    def of(cls, asset: Asset, failure: Failure | None, *, under_way: bool = False) -> Self:
        return cls(
            asset_id=asset.id,
            state=asset.media.state,  # type: ignore[arg-type]  # a ClassVar of each state
            error=None if failure is None else MediaErrorShape.of(failure),
            under_way=under_way,
        )


class RecoveryResults(Shape):
    items: list[RecoveryResult]
    saved: int
    not_saved: int

    @classmethod
    def of(cls, items: list[RecoveryResult]) -> Self:
        saved = sum(item.state == "saved" and item.error is None for item in items)
        return cls(items=items, saved=saved, not_saved=len(items) - saved)


class SettleOrder(Body):
    decision: Literal["look", "give_up"] = "look"
    """``give_up`` is taken when it has been looked for long enough; it sends nothing."""


class KeptInTrash(Shape):
    asset_id: str
    problem: ProblemShape


class TrashResult(Shape):
    removed: int
    freed: int
    """Bytes."""
    kept: list[KeptInTrash]
    """What is still in the trash, and why."""
