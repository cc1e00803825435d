"""From where an asset is played, as it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from rushes.domain.asset import Asset
from rushes.domain.playable import is_playable
from rushes.domain.playing import (
    Direct,
    Heard,
    LocalFile,
    NoSource,
    Proxy,
    ProxyState,
    Relay,
    Source,
    SpoolFile,
)
from rushes.domain.problem import Problem
from rushes.playback.playback import Playback
from rushes.playback.policy import EMBEDDER_POLICY
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


class ProxyShape(Shape):
    """A copy that every browser plays, of what not every browser can."""

    needed: bool | None
    """By the measured codecs; null when they are not known."""
    state: Literal["none", "waiting", "making", "ready", "failed"]
    progress: float | None
    """From 0 to 1, while it is made."""
    address: str | None
    """What the player loads, once it is ready."""
    problem: ProblemShape | None
    """Why the last try failed."""

    @classmethod
    def of(cls, asset: Asset, proxy: Proxy) -> Self:
        is_ready = proxy.state is ProxyState.READY
        return cls(
            needed=proxy.needed,
            state=proxy.state.value,
            progress=proxy.progress,
            address=f"/media/{asset.id}/proxy" if is_ready else None,
            problem=_shape_of(proxy.problem),
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
    proxy: ProxyShape
    """The copy to play, where the file itself cannot be."""

    @classmethod
    def of(cls, asset: Asset, source: Source, playback: Playback, proxy: Proxy) -> Self:
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
            proxy=ProxyShape.of(asset, proxy),
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
