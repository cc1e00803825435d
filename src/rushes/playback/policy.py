"""Every security header of every door, made in one place.

Strict: the page talks to its own origin only. Where a library prefers direct playback, the media
hosts on its list, and nothing else, may be named by a ``<video>`` besides. What is no page gets a
policy under which a browser that opens it by mistake can do nothing with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from rushes.playback.source import RemotePlayback
from rushes.store.media_hosts import HostPattern, MediaHosts

EMBEDDER_POLICY = "require-corp"
REPORTS = "reports"
REPORTS_PATH = "/api/reports"


class Face(StrEnum):
    """What is being sent. A window of its own on the desktop shows the page."""

    PAGE = "page"
    API = "api"
    MEDIA = "media"


def face_of(path: str) -> Face:
    if path == "/api" or path.startswith("/api/"):
        return Face.API
    return Face.MEDIA if path == "/media" or path.startswith("/media/") else Face.PAGE


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """The headers of a library whose page may play from these sources besides its own origin."""

    media_sources: tuple[str, ...] = ()
    _headers: Mapping[Face, Mapping[str, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        headers = {face: MappingProxyType(self._make(face)) for face in Face}
        object.__setattr__(self, "_headers", MappingProxyType(headers))

    @classmethod
    def of(cls, preference: RemotePlayback, hosts: MediaHosts) -> SecurityPolicy:
        return cls(media_sources(hosts) if preference is RemotePlayback.DIRECT else ())

    def headers(self, face: Face) -> Mapping[str, str]:
        return self._headers[face]

    def _make(self, face: Face) -> dict[str, str]:
        headers = {
            "Content-Security-Policy": "; ".join(self._directives(face)),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": EMBEDDER_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
        if face is Face.PAGE:
            reporting = f'{EMBEDDER_POLICY}; report-to="{REPORTS}"'
            headers["Cross-Origin-Embedder-Policy"] = reporting
            headers["Reporting-Endpoints"] = f'{REPORTS}="{REPORTS_PATH}"'
        return headers

    def _directives(self, face: Face) -> Sequence[str]:
        closed = (
            "default-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
        match face:
            case Face.API:
                return closed
            case Face.MEDIA:
                # A clip that is opened in a tab of its own is shown by the browser's player.
                return (*closed, "img-src 'self'", "media-src 'self'")
            case Face.PAGE:
                return (
                    "default-src 'none'",
                    "script-src 'self'",
                    "style-src 'self'",
                    "img-src 'self'",
                    " ".join(("media-src 'self'", *self.media_sources)),
                    "font-src 'self'",
                    "connect-src 'self'",
                    "manifest-src 'self'",
                    "base-uri 'none'",
                    "form-action 'self'",
                    "frame-ancestors 'none'",
                    "require-trusted-types-for 'script'",
                    "trusted-types 'none'",
                    f"report-to {REPORTS}",
                )


STRICT = SecurityPolicy()
"""What is sent where no library says otherwise."""


def media_sources(hosts: MediaHosts) -> tuple[str, ...]:
    """The list of media hosts as a content policy writes it: https, unless somebody listed exactly
    one server of this machine. An IPv6 address cannot be written there, so it is left out.
    """
    sources = (_source(pattern) for pattern in hosts.patterns if ":" not in pattern.host)
    return tuple(dict.fromkeys(sources))


def _source(pattern: HostPattern) -> str:
    address = pattern.address
    is_here = address is not None and address.is_loopback and pattern.allows_plain_http()
    return f"{'http' if is_here else 'https'}://{pattern}"


def is_named(policy: SecurityPolicy, hosts: MediaHosts, url: str) -> bool:
    """Whether the page may load this address. The list must allow calling it (``hosts.check``)."""
    target = hosts.check(url)
    covering = [pattern for pattern in hosts.patterns if pattern.covers_url(target)]
    sources = {_source(pattern) for pattern in covering if ":" not in pattern.host}
    return any(
        source in policy.media_sources and source.startswith(f"{target.scheme}:")
        for source in sources
    )
