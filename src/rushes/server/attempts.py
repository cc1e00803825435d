"""Wrong tokens and cookies, counted for each address, so that guessing is slow and seen.

A right token is never delayed. On a laptop everybody comes from the same address, so counting
against those who hold the token would let any program of the machine lock its owner out. What
keeps guessers out is the token itself, 32 random bytes; being slow keeps them from filling the
log and the processor, and counting makes them visible.

A wrong cookie counts once: whoever guesses has to send another each time, and an old tab sends the
same one all day.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

FREE = 5
"""Wrong tokens that are answered at once: an old tab, a typing error."""
FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0
FORGET_AFTER = 600.0
"""Seconds without a wrong token after which an address is as new."""
MOST_ADDRESSES = 1024
MOST_COOKIES = 1024
MOST_WAITING = 8
"""Answers of one address that wait at the same time; further ones are refused at once."""


@dataclass(slots=True)
class _Record:
    wrong: int = 0
    last: float = 0.0
    waiting: int = 0


class Attempts:
    """Used from one event loop. Its memory is bounded, however many addresses there are."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._cookies: OrderedDict[bytes, None] = OrderedDict()
        self.wrong = 0
        """Of all addresses, since the start."""

    def __len__(self) -> int:
        return len(self._records)

    def is_new(self, cookies: Iterable[str]) -> bool:
        """Whether wrong cookies came for the first time. From then on they are known."""
        key = hashlib.sha256("\n".join(cookies).encode()).digest()
        is_new = key not in self._cookies
        self._cookies[key] = None
        self._cookies.move_to_end(key)
        if len(self._cookies) > MOST_COOKIES:
            self._cookies.popitem(last=False)
        return is_new

    def note(self, address: str) -> float | None:
        """Count a wrong token. Returns how many seconds its answer waits, or None when too many
        answers of this address wait already. Who waits says so with ``begin`` and ``end``.
        """
        self.wrong += 1
        record = self._record(address)
        record.wrong += 1
        record.last = self._now()
        if record.waiting >= MOST_WAITING:
            return None
        beyond = record.wrong - FREE
        if beyond <= 0:
            return 0
        return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(beyond - 1, 32))

    def begin(self, address: str) -> None:
        self._record(address).waiting += 1

    def end(self, address: str) -> None:
        record = self._record(address)
        record.waiting = max(0, record.waiting - 1)

    def _record(self, address: str) -> _Record:
        key = network_of(address)
        record = self._records.pop(key, None)
        if record is None or (not record.waiting and self._now() - record.last > FORGET_AFTER):
            record = _Record(last=self._now())
        self._records[key] = record
        while len(self._records) > MOST_ADDRESSES:
            self._records.popitem(last=False)
        return record


def network_of(address: str) -> str:
    """Who counts as one: an address, and of IPv6 the network, where one holder has them all."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    inner = found.ipv4_mapped
    return str(inner) if inner is not None else str(ip_network((int(found), 64), strict=False))
