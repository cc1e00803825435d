"""What five hundred pages that only listen cost the studio: event streams on which nothing happens.

A page has one such stream open all the time. Measured is the studio's process: memory from before
the first stream until all are open, and processor time while none says anything.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import processes
from benchmarks.processes import BenchmarkError, Studio
from benchmarks.report import Row

STREAMS = 500
LISTENING = 20.0
"""Seconds that all of them listen: each is told once that it is still connected."""
GROWTH = 96
SHARE = 0.05
"""Of one processor."""


@dataclass(frozen=True, slots=True)
class Listening:
    growth: float
    """MB."""
    share: float
    """Of one processor, while nothing happens."""


def run() -> list[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="rushes-streams-") as folder,
        processes.studio(Path(folder) / "library") as studio,
    ):
        found = asyncio.run(_listen(studio))
    return [
        Row(f"{STREAMS} idle event streams: memory", found.growth, None, "MB", limit=GROWTH),
        Row("  share of a processor", found.share, None, "", limit=SHARE),
    ]


async def _listen(studio: Studio) -> Listening:
    limits = httpx.Limits(max_connections=STREAMS)
    bearer = {"Authorization": f"Bearer {studio.token}"}
    async with (
        httpx.AsyncClient(base_url=studio.url, headers=bearer, limits=limits, timeout=60) as client,
        AsyncExitStack() as streams,
    ):
        before = processes.memory(studio.pid)
        reading: list[AsyncIterator[str]] = []
        for _ in range(STREAMS):
            answer = await streams.enter_async_context(client.stream("GET", "/api/events"))
            # The first event is the sign that it listens.
            lines = answer.aiter_lines()
            line = await anext(lines)
            # Kept: a reading that is dropped closes its stream.
            reading.append(lines)
            if not line.startswith("event: reset"):
                raise BenchmarkError(f"A stream began with {line!r}.")
        if processes.open_files(studio.pid) < STREAMS:
            raise BenchmarkError("The studio does not hold all streams open.")
        growth = processes.memory(studio.pid) - before
        used, start = processes.processor_seconds(studio.pid), time.perf_counter()
        await asyncio.sleep(LISTENING)
        used = processes.processor_seconds(studio.pid) - used
        return Listening(growth, used / (time.perf_counter() - start))
