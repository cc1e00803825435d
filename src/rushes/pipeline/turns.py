"""One at a time looks after the file of an asset."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class Turns:
    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, asset_id: str) -> asyncio.Lock:
        """Held as long as one looks after this asset's file."""
        lock = self._locks.get(asset_id)
        if lock is None:
            lock = self._locks[asset_id] = asyncio.Lock()
        return lock
