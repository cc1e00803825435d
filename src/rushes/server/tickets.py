"""One-time ways in, for a browser that this machine opens.

The address that a browser is started with can be read by every user of the machine, from the list
of processes, for as long as the browser runs. So it never holds the token: it holds a ticket that
opens the studio once, within a minute, and is worth nothing after that.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable

LIFE = 60.0
"""Seconds in which a ticket has to be used."""
MOST = 16
"""Tickets that are open at once; one more takes the place of the oldest."""


class Tickets:
    """Kept in memory, as hashes. Used from one event loop."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._ends: dict[bytes, float] = {}

    def issue(self) -> str:
        ticket = secrets.token_urlsafe(32)
        while len(self._ends) >= MOST:
            del self._ends[next(iter(self._ends))]
        self._ends[_hash(ticket)] = self._now() + LIFE
        return ticket

    @property
    def is_any_open(self) -> bool:
        """Whether there is one that nobody has used yet, be it too old by now."""
        return bool(self._ends)

    def redeem(self, ticket: str) -> bool:
        """Whether it lets somebody in. It never does so twice."""
        # What is looked up is a hash, so the time that takes tells nothing of the ticket.
        ends = self._ends.pop(_hash(ticket), None)
        return ends is not None and self._now() < ends


def _hash(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode(errors="replace")).digest()
