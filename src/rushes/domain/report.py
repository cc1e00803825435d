"""What the page, or its browser, has reported: a refusal by the policy, a clip that did not play.

No report keeps what follows the path of an address: a query may hold a token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from rushes.domain.ids import AssetId

LONGEST_ADDRESS = 200
LONGEST_TEXT = 300
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>]+")
INVISIBLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]+")


class ReportKind(StrEnum):
    CSP = "csp"
    """The content policy refused something."""
    EMBEDDER = "embedder"
    """The embedder policy refused a file of another origin."""
    PLAYBACK = "playback"
    """A clip did not play."""


@dataclass(frozen=True, slots=True)
class Report:
    kind: ReportKind
    at: datetime
    """When it was last reported."""
    asset_id: AssetId | None = None
    directive: str = ""
    """Of the policy."""
    address: str = ""
    """What was refused: without query, fragment and user."""
    code: str = ""
    """The cause, as the page named it."""
    message: str = ""
    count: int = 1
    """How often the same was reported."""

    def __str__(self) -> str:
        said = (self.directive, self.code, self.address, self.message)
        about = f" asset {self.asset_id}" if self.asset_id else ""
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.kind}{about}: {' '.join(filter(None, said)) or 'no details'}{times}"


def plain_address(text: str) -> str:
    """Scheme, host and path of an address; of what is none, such as ``inline``, the first word."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if not host:
        # blob:, data: and the like carry everything behind the colon.
        return plain_text(parts.scheme or parts.path.partition("?")[0])[:LONGEST_ADDRESS]
    named = f"[{host}]" if ":" in host else host
    where = named if port is None else f"{named}:{port}"
    return plain_text(f"{parts.scheme}://{where}{parts.path}")[:LONGEST_ADDRESS]


def plain_text(text: str) -> str:
    """One line of visible text in which no address has more than its path."""
    visible = INVISIBLE.sub(" ", text)
    plain = ADDRESS.sub(lambda found: _without_tail(found[0]), visible)
    return " ".join(plain.split())[:LONGEST_TEXT]


def _without_tail(address: str) -> str:
    scheme, _, rest = address.partition("://")
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    authority, slash, tail = path.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{tail}"
