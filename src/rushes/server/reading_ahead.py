"""Keeps the wait for a slow disk out of the event loop."""

from __future__ import annotations

import asyncio
import os

AT_ONCE: int | None = getattr(os, "RWF_NOWAIT", None)
"""Linux can say at once that a read would have to wait for the disk."""
CAN_TELL = AT_ONCE is not None
STEP = 128 * 1024
"""The system reads ahead by about so much: where one byte is in memory, those around it are."""


async def bring_into_memory(descriptor: int, place: int, length: int) -> None:
    """Where these bytes have to come from the disk, a thread waits for them."""
    if is_in_memory(descriptor, place, length):
        return
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, os.pread, descriptor, length, place)


def is_in_memory(descriptor: int, place: int, length: int) -> bool:
    if AT_ONCE is None:
        return False
    byte = [bytearray(1)]
    last = place + length - 1
    try:
        for one in range(place, last, STEP):
            os.preadv(descriptor, byte, one, AT_ONCE)
        os.preadv(descriptor, byte, last, AT_ONCE)
    except OSError:
        return False  # not there, or the disk cannot tell: a thread finds out
    return True
