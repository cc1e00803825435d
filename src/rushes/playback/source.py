"""From where a clip is played: its own file first, then its media host, as preferred. Pure.

Where nothing can be played, the answer is the reason, and never a guess at one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rushes.domain.errors import (
    DirectPlaybackError,
    MediaNotHereError,
    RemotePlaybackOffError,
)
from rushes.domain.media_reference import (
    ExpiredMedia,
    InSpool,
    MediaReference,
    SavedMedia,
    UnsavedMedia,
)
from rushes.domain.playing import (
    Direct,
    Heard,
    LocalFile,
    NoSource,
    Relay,
    Source,
    SpoolFile,
)
from rushes.domain.problem import Problem


class RemotePlayback(StrEnum):
    """What a library prefers for a clip whose bytes are not here."""

    LOCAL = "local"
    RELAY = "relay"
    DIRECT = "direct"


ANONYMOUS = "anonymous"
"""The mode in which the page's embedder policy lets a file through that allows other origins."""
CROSS_ORIGIN = "cross-origin"


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be reached now."""

    file: bool = False
    """Whether the file, saved or in the spool, is on the disk."""
    heard: Heard | None = None
    """None when the media host was not asked of late."""
    refused: Problem | None = None
    """Why Rushes may not call the address at all."""
    listed: bool = False
    """Whether the page's policy names the media host."""


def choose_source(media: MediaReference, preference: RemotePlayback, reach: Reach) -> Source:
    """Local bytes are the truth. What is not here comes from where it was delivered, if at all."""
    match media:
        case SavedMedia(path=path) if reach.file:
            return LocalFile(path)
        case UnsavedMedia(held=InSpool(sha256=sha256)) if reach.file:
            return SpoolFile(sha256)
    url = remote_url(media)
    if url is None:
        return NoSource(not_here(media).problem)
    if preference is RemotePlayback.LOCAL:
        return NoSource(switched_off(media).problem)
    if reach.refused is not None:
        return NoSource(reach.refused)
    if reach.heard is not None and reach.heard.problem is not None:
        return NoSource(reach.heard.problem)
    if isinstance(media, ExpiredMedia) and reach.heard is None:
        return NoSource(media.failure.problem)
    if preference is RemotePlayback.DIRECT:
        return _directly(url, reach)
    return Relay(url)


def remote_url(media: MediaReference) -> str | None:
    """The address on the web from which the bytes came or may come."""
    url = media.url
    return url if url is not None and url.startswith(("https://", "http://")) else None


def not_here(media: MediaReference) -> MediaNotHereError:
    if isinstance(media, SavedMedia):
        # By a link, or because it was never measured.
        detail = f"{media.path} is no file of this library that could be played."
        return MediaNotHereError(detail, state=media.state)
    return MediaNotHereError(f"Its state is {media.state}.", state=media.state)


def switched_off(media: MediaReference) -> RemotePlaybackOffError:
    detail = f"Its state is {media.state}, and this library plays only what is in it."
    return RemotePlaybackOffError(detail, state=media.state)


def _directly(url: str, reach: Reach) -> Direct | Relay:
    """The page lets a file of another origin in when that origin says so in either of two ways:
    to everybody who reads (CORS), or to every page that embeds (CORP).
    """
    if not reach.listed:
        error = DirectPlaybackError("The page's policy does not name this media host.")
        return Relay(url, error.problem)
    heard = reach.heard
    if heard is None or heard.cors in {None, True}:
        return Direct(url, ANONYMOUS)
    if heard.resource_policy == CROSS_ORIGIN:
        return Direct(url, None)
    policy = heard.resource_policy or "no Cross-Origin-Resource-Policy"
    error = DirectPlaybackError(
        f"{heard.host} sent no Access-Control-Allow-Origin for this page, and {policy}: "
        "the page's embedder policy (require-corp) refuses such a file.",
        host=heard.host,
        resource_policy=heard.resource_policy,
    )
    return Relay(url, error.problem)
