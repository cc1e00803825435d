"""Wait for what comes of an attempt, but not for ever."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from rushes.pipeline.tools import Tools

LOOK_EVERY = 0.1
"""Seconds after which it is looked again although nothing has changed."""


async def wait_until(tools: Tools, is_over: Callable[[], Awaitable[bool]]) -> None:
    """Return once it is over; looked at whenever the catalogue changes."""
    feed = tools.catalogue.feed
    while True:
        place = feed.place
        if feed.is_closed or await is_over():
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await feed.wait_beyond(place)
