"""From where an asset is played, as it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from rushes.domain.asset import Asset
from rushes.domain.problem import Problem
from rushes.playback.codecs import is_playable
from rushes.playback.playback import Playback
from rushes.playback.policy import EMBEDDER_POLICY
from rushes.playback.source import (
    Direct,
    Heard,
    LocalFile,
    NoSource,
    Relay,
    Source,
    SpoolFile,
)
from rushes.server.schemas.problems import ProblemShape
from rushes.server.schemas.shape import Shape

SourceName = Literal["local", "spool", "relay", "direct", "none"]


class RemoteShape(Shape):
    """What the media host last answered about the clip."""

    host: str
    reachable: bool
    """Whether its bytes could be had."""
    status: int | None
    """None when no answer came."""
    cors: bool | None
    """Whether it lets our page read the file; null when it was not asked as a page asks."""
    resource_policy: str | None
    """Its Cross-Origin-Resource-Policy."""
    problem: ProblemShape | None
    checked_at: datetime

    @classmethod
    def of(cls, heard: Heard) -> Self:
        return cls(
            host=heard.host,
            reachable=heard.reachable,
            status=heard.status,
            cors=heard.cors,
            resource_policy=heard.resource_policy,
            problem=_shape_of(heard.problem),
            checked_at=heard.checked_at,
        )


class PlaybackShape(Shape):
    source: SourceName
    address: str | None
    """What the player loads."""
    crossorigin: Literal["anonymous"] | None
    """What the player's attribute of this name has to say; null: it must not have one."""
    reason: ProblemShape | None
    """Why there is no source, or why it is not the preferred one."""
    preference: Literal["local", "relay", "direct"]
    embedder_policy: str
    """The page's Cross-Origin-Embedder-Policy."""
    remote: RemoteShape | None
    """Null when the media host was not asked since the studio started."""
    playable_in_browser: bool | None
    """By the measured codecs; null when they are not known."""

    @classmethod
    def of(cls, asset: Asset, source: Source, playback: Playback) -> Self:
        name, address, crossorigin, reason = _parts(asset, source)
        heard = playback.heard(asset.id)
        return cls(
            source=name,
            address=address,
            crossorigin=crossorigin,
            reason=_shape_of(reason),
            preference=playback.preference.value,
            embedder_policy=EMBEDDER_POLICY,
            remote=None if heard is None else RemoteShape.of(heard),
            playable_in_browser=is_playable(asset.facts),
        )


def _parts(
    asset: Asset, source: Source
) -> tuple[SourceName, str | None, Literal["anonymous"] | None, Problem | None]:
    ours = f"/media/{asset.id}"
    match source:
        case LocalFile():
            return "local", ours, None, None
        case SpoolFile():
            return "spool", ours, None, None
        case Relay(_, instead):
            return "relay", ours, None, instead
        case Direct(url, crossorigin):
            return "direct", url, "anonymous" if crossorigin else None, None
        case NoSource(reason):
            return "none", None, None, reason


def _shape_of(problem: Problem | None) -> ProblemShape | None:
    return None if problem is None else ProblemShape.of(problem)
