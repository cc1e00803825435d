"""How one asset is played: from where, whether browsers decode it, and what has gone wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rushes.doctor.finding import Finding, Status
from rushes.doctor.proxy_checks import REMEDY as HAVE_COPY_MADE
from rushes.doctor.report_checks import REPORTED
from rushes.doctor.wording import SHOWN
from rushes.domain.asset import Asset
from rushes.domain.media_facts import MediaFacts, MediaKind
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
from rushes.domain.report import Report, plain_address

SOURCE = "source"
CODECS = "codecs"
COPY = "copy"
HOST = "media host"
WAIT = "Wait until it is made: the page then plays it by itself."
IF_NOT = "If yours does not, have a copy made, with the button of the player."
MEASURED_HERE = "They are measured when its bytes are here."


@dataclass(frozen=True, slots=True)
class Player:
    """What is known of playing. Where no studio is open, nothing was reported and nobody asked."""

    source_of: Callable[[Asset], Awaitable[Source]]
    copy_of: Callable[[Asset], Awaitable[Proxy]]
    heard: Callable[[str], Heard | None]
    """What the media host last answered about an asset."""
    reports: Callable[[], Sequence[Report]]
    """What the page has reported, newest first."""

    async def explain(self, asset: Asset) -> list[Finding]:
        """Why it can or cannot be played. Asks no media host, and makes no copy."""
        return [
            _about_source(asset, await self.source_of(asset)),
            _about_codecs(asset),
            *_about_copy(asset, await self.copy_of(asset)),
            *_about_host(asset, self.heard(asset.id)),
            *_about_reports(asset, self.reports()),
        ]


def _about_source(asset: Asset, source: Source) -> Finding:
    match source:
        case LocalFile(path):
            message = f"It is played from the library: {path}."
            return _of(asset, SOURCE, "source_local", Status.OK, message)
        case SpoolFile():
            message = "It is played from the spool, where it waits to be saved."
            return _of(asset, SOURCE, "source_spool", Status.OK, message)
        case Relay(url, instead):
            message = f"It is played through the studio, from {plain_address(url)}"
            if instead is None:
                return _of(asset, SOURCE, "source_relay", Status.OK, message)
            message, remedy = f"{message}: {instead}", instead.remedy
            return _of(asset, SOURCE, "source_relay", Status.WARNING, message, remedy)
        case Direct(url):
            message = f"The page plays it from its media host itself: {plain_address(url)}"
            return _of(asset, SOURCE, "source_direct", Status.OK, message)
        case NoSource(reason):
            message = f"There is nothing to play it from: {reason}"
            return _of(asset, SOURCE, "source_none", Status.PROBLEM, message, reason.remedy)


def _about_codecs(asset: Asset) -> Finding:
    if asset.facts is None:
        message = "Its codecs are not known."
        return _of(asset, CODECS, "codecs_unknown", Status.UNKNOWN, message, MEASURED_HERE)
    if asset.facts.kind is MediaKind.IMAGE:
        return _of(asset, CODECS, "codecs_played", Status.OK, "It is an image.")
    codecs = _codecs(asset.facts)
    match is_playable(asset.facts):
        case True:
            message = f"Every browser decodes it: {codecs}."
            return _of(asset, CODECS, "codecs_played", Status.OK, message)
        case False:
            message = f"Not every browser decodes it: {codecs}. It needs a copy to play."
            return _of(asset, CODECS, "codecs_not_played", Status.OK, message)
        case _:
            message = f"Whether browsers decode it was never tried: {codecs}."
            return _of(asset, CODECS, "codecs_untried", Status.UNKNOWN, message, IF_NOT)


def _codecs(facts: MediaFacts) -> str:
    named = (facts.video_codec, facts.audio_codec)
    return ", ".join(one for one in named if one is not None) or "no codec was found"


def _about_copy(asset: Asset, copy: Proxy) -> list[Finding]:
    match copy.state:
        case ProxyState.NONE if copy.needed:
            message = "There is no copy that every browser plays."
            remedy = HAVE_COPY_MADE
            return [_of(asset, COPY, "copy_lacking", Status.WARNING, message, remedy)]
        case ProxyState.NONE:
            return []
        case ProxyState.READY:
            message = "A copy that every browser plays is there."
            return [_of(asset, COPY, "copy_ready", Status.OK, message)]
        case ProxyState.WAITING | ProxyState.MAKING:
            done = "waits for its turn" if copy.progress is None else f"is {copy.progress:.0%} made"
            message = f"A copy that every browser plays {done}."
            return [_of(asset, COPY, "copy_on_its_way", Status.WARNING, message, WAIT)]
        case ProxyState.FAILED:
            message = f"No copy to play could be made: {copy.problem}"
            remedy = HAVE_COPY_MADE if copy.problem is None else copy.problem.remedy
            return [_of(asset, COPY, "copy_failed", Status.PROBLEM, message, remedy)]


def _about_host(asset: Asset, heard: Heard | None) -> list[Finding]:
    if heard is None:
        return []
    at = f"{heard.checked_at:%Y-%m-%d %H:%M} UTC"
    problem = heard.problem
    if problem is not None:
        message = f"{heard.host} was last asked on {at}: {problem}"
        return [_of(asset, HOST, problem.code, Status.WARNING, message, problem.remedy)]
    message = f"{heard.host} was last asked on {at} and answered {heard.status}."
    if heard.cors is not None:
        message += f" It {'lets' if heard.cors else 'does not let'} our page read the clip (CORS)."
    if heard.resource_policy is not None:
        message += f" Its Cross-Origin-Resource-Policy is {heard.resource_policy}."
    return [_of(asset, HOST, "host_answered", Status.OK, message)]


def _about_reports(asset: Asset, reports: Sequence[Report]) -> list[Finding]:
    about = [one for one in reports if one.asset_id == asset.id]
    return [
        _of(
            asset,
            "playback",
            f"reported_{one.kind.value}",
            Status.WARNING,
            f"The page reported, last on {one.at:%Y-%m-%d %H:%M} UTC: {one}",
            REPORTED,
        )
        for one in about[:SHOWN]
    ]


def _of(
    asset: Asset, check: str, code: str, status: Status, message: str, remedy: str = ""
) -> Finding:
    return Finding(check, code, status, message, remedy, ids=(asset.id,))
