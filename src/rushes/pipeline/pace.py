"""How long to wait before asking again: gently at first, more slowly later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that grow by a factor up to a limit, in seconds."""

    first: float
    factor: float
    longest: float

    def wait(self, earlier: int) -> float:
        """The wait after this many earlier ones."""
        return min(self.longest, self.first * self.factor ** min(earlier, 64))


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits in proportion to how long it has taken already, between two bounds, in seconds."""

    least: float
    share: float
    longest: float

    def wait(self, waited: timedelta) -> float:
        return min(self.longest, max(self.least, waited.total_seconds() * self.share))


def no_sooner(own: float, asked: timedelta | None) -> float:
    """Our own wait, or the longer one that was asked for: zero and a past date ask for none."""
    return own if asked is None else max(own, asked.total_seconds())


@dataclass(frozen=True, slots=True)
class Pace:
    """Every wait of the pipeline, in one place."""

    poll: Patience = Patience(least=0.5, share=0.25, longest=8)
    unreachable: Backoff = Backoff(first=1, factor=2, longest=60)
    download: Backoff = Backoff(first=1, factor=2, longest=60)
    storage: Backoff = Backoff(first=5, factor=2, longest=60)
    settle: Backoff = Backoff(first=2, factor=1.6, longest=120)
    settle_for: float = 30 * 60
    """How long a lost request is looked for; the provider's list may be late."""
    gone: Backoff = Backoff(first=5, factor=2, longest=60)
    gone_attempts: int = 7
    """After so many answers that the provider does not know a request, it is gone."""
    unusable_attempts: int = 4
    """After so many downloads that were not a clip the person decides."""
    answer_within: float = 60
    """How long a person who asks for an attempt waits for what comes of it."""
    expiry_look: float = 60
    """How often it is looked whether an address is about to expire."""
    before_expiry: float = 60 * 60
    """How long before an address expires its clip is brought here."""
