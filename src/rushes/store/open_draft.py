"""A draft for as long as it is needed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from rushes.domain.errors import StorageError


class Discardable(Protocol):
    def discard(self) -> None:
        """Remove it if it is still there."""


D = TypeVar("D", bound=Discardable)


@asynccontextmanager
async def open_draft(make: Callable[[], D]) -> AsyncIterator[D]:
    """A draft, made in another thread; at the end it is gone, unless it was published.

    Raises what ``make`` raises.
    """
    making = asyncio.create_task(asyncio.to_thread(make))
    try:
        draft = await asyncio.shield(making)
    except asyncio.CancelledError:
        # A thread cannot be cancelled: what it still makes would stay, locked and without an owner.
        with contextlib.suppress(StorageError):
            (await making).discard()
        raise
    try:
        yield draft
    finally:
        await asyncio.to_thread(draft.discard)
