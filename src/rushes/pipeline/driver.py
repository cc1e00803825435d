"""What drives the steps on a laptop: one task for each unfinished generation, in this process.

A team's driver calls the same ``advance`` from an engine; nothing else would differ.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from functools import partial

from rushes.catalogue import generations
from rushes.domain.errors import ConflictError, RushesError
from rushes.pipeline.advance import SUBMITS, Lanes, advance
from rushes.pipeline.tools import Tools
from rushes.pipeline.turns import Turns

log = logging.getLogger(__name__)

GRACE = 5
"""Seconds that a submit gets when Rushes ends."""


class Driver:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._lanes = Lanes()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wakes: dict[str, asyncio.Event] = {}
        self._resting: set[str] = set()
        self._halts = Turns()
        self._halted: dict[str, bool] = {}
        """What must not be driven now, and whether it is to be when that is over."""

    async def resume(self) -> int:
        """Go on with everything that has not ended. Returns how many there are."""
        ids = await self._tools.catalogue.read(generations.unfinished)
        self.start(ids)
        return len(ids)

    def start(self, ids: Iterable[str]) -> None:
        """Drive these, each until it ends or waits for a person; wake the ones that rest."""
        for generation_id in ids:
            if generation_id in self._halted:
                self._halted[generation_id] = True
                continue
            running = self._tasks.get(generation_id)
            if running is not None and not running.done():
                self._wakes[generation_id].set()
                continue
            self._wakes[generation_id] = asyncio.Event()
            task = asyncio.create_task(self._drive(generation_id), name=f"drive {generation_id}")
            self._tasks[generation_id] = task
            task.add_done_callback(partial(self._forget, generation_id))

    @property
    def driven(self) -> frozenset[str]:
        return frozenset(self._tasks)

    def is_busy(self, generation_id: str) -> bool:
        """Whether it is being driven and does not rest between two attempts."""
        return generation_id in self._tasks and generation_id not in self._resting

    @contextlib.asynccontextmanager
    async def halted(self, generation_id: str) -> AsyncIterator[bool]:
        """Let no attempt begin meanwhile. False when one is under way: that goes on."""
        async with self._halts.of(generation_id):
            if self.is_busy(generation_id):
                yield False
                return
            running = self._tasks.get(generation_id)
            self._halted[generation_id] = running is not None
            try:
                if running is not None:
                    # It rests between two attempts, so nothing is cut off.
                    running.cancel()
                    await asyncio.wait({running})
                yield True
            finally:
                if self._halted.pop(generation_id):
                    self.start([generation_id])

    async def until_quiet(self) -> None:
        """Return once nothing is being driven."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def close(self) -> None:
        """Stop. Rows tell the next run where to go on.

        A submit that is under way gets a moment to hear its answer, which spares looking it up.
        """
        self._lanes.closing.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                for _ in range(SUBMITS):
                    await self._lanes.submit.acquire()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drive(self, generation_id: str) -> None:
        while (pause := await self._advance(generation_id)) is not None:
            await self._rest(generation_id, pause)

    async def _advance(self, generation_id: str) -> float | None:
        try:
            return await advance(self._tools, self._lanes, generation_id)
        except ConflictError:
            # Somebody moved it meanwhile, as a cancel does: look again at what it is now.
            return 0
        except RushesError as error:
            if error.retryable:
                log.warning("generation %s waits: %s", generation_id, error)
                return self._tools.pace.storage.first
            log.exception("generation %s stopped; it goes on at the next start", generation_id)
            return None
        # The edge of the pipeline: a fault of ours must not stop the other generations. The row
        # stays where it is, so the next start takes the same step again.
        except Exception:
            log.exception("generation %s stopped; it goes on at the next start", generation_id)
            return None

    async def _rest(self, generation_id: str, seconds: float) -> None:
        wake = self._wakes[generation_id]
        if seconds > 0:
            self._resting.add(generation_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await wake.wait()
        self._resting.discard(generation_id)
        wake.clear()

    def _forget(self, generation_id: str, ended: asyncio.Task[None]) -> None:
        if self._tasks.get(generation_id) is ended:
            del self._tasks[generation_id], self._wakes[generation_id]
            self._resting.discard(generation_id)
