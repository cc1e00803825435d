"""Opens media files without trusting them: facts, posters, frames. In processes of their own.

A file can at worst end its process. The processes are started when first needed, used again, and
replaced after some files or when one ends.
"""

from __future__ import annotations

import asyncio
import base64
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from rushes.domain.errors import MediaError, MediaTooCostlyError, MediaUnreadableError
from rushes.domain.media_facts import MediaFacts
from rushes.domain.problem import Json
from rushes.media.limits import Limits
from rushes.media.messages import LAST, error_from, facts_from
from rushes.media.worker_process import WorkerEndedError, WorkerProcess

DEFAULT_LIMITS = Limits()
WORKERS = 2
FILES_PER_WORKER = 200
POSTER_WIDTH = 640
POSTER_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
COSTLY_SIGNALS = frozenset({"SIGKILL", "SIGXCPU"})
"""What the system sends to a process that takes too much."""


@dataclass(frozen=True, slots=True)
class TakenFrame:
    number: int
    png: bytes


class Prober:
    """Opens media files. Belongs to one event loop."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, *, workers: int = WORKERS) -> None:
        self._limits = limits
        self._places = asyncio.Semaphore(workers)
        self._idle: list[WorkerProcess] = []

    @property
    def idle_process_ids(self) -> list[int]:
        """The processes that wait for a file."""
        return [worker.process_id for worker in self._idle if worker.is_running]

    async def probe(self, path: Path) -> MediaFacts:
        """What is in the file, measured from its bytes; its name says nothing.

        Raises:
            MediaUnreadableError: it is not media, cut off, or damaged at its beginning.
            MediaTooCostlyError: reading it would take more than the limits.
        """
        return facts_from(await self._ask(_request("probe", path)))

    async def make_poster(self, path: Path, target: Path, width: int = POSTER_WIDTH) -> None:
        """Write the first picture as a JPEG or WebP image, as the name of ``target`` says.

        Raises:
            MediaUnreadableError: it has no picture that can be read.
            MediaTooCostlyError: reading it would take more than the limits.
            OSError: the target cannot be written.
        """
        form = POSTER_FORMATS[target.suffix.lower()]
        answer = await self._ask(_request("poster", path, width=width, format=form))
        await asyncio.to_thread(_write_whole, target, base64.b64decode(answer["image"]))

    async def take_frame(self, path: Path, number: int | None) -> TakenFrame:
        """The frame of this number, counted from 0 in the order of showing; None for the last.

        Raises:
            FrameNotThereError: there are fewer frames.
            MediaUnreadableError: it has no pictures, or that one cannot be decoded.
            MediaTooCostlyError: reading it would take more than the limits.
        """
        answer = await self._ask(_request("frame", path, number=LAST if number is None else number))
        return TakenFrame(answer["number"], base64.b64decode(answer["image"]))

    async def close(self) -> None:
        """End the waiting processes. The prober can be used again."""
        idle, self._idle = self._idle, []
        for worker in idle:
            await worker.stop()

    async def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        async with self._places:
            worker = await self._take_worker()
            try:
                answer = await self._ask_in_time(worker, request)
            except BaseException:
                await worker.kill()  # its late answer must not be taken for the next one's
                raise
            await self._give_back(worker)
        if "error" in answer:
            raise error_from(answer["error"])
        done: dict[str, Any] = answer["done"]
        return done

    async def _ask_in_time(self, worker: WorkerProcess, request: dict[str, Any]) -> dict[str, Any]:
        seconds = self._limits.wall_seconds
        try:
            async with asyncio.timeout(seconds):
                return await worker.ask(request)
        except TimeoutError as error:
            raise MediaTooCostlyError(
                f"Reading it took longer than {seconds:g} s.", seconds=seconds
            ) from error
        except WorkerEndedError as error:
            raise ended(error.status) from error

    async def _take_worker(self) -> WorkerProcess:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_running:
                return worker
        return await WorkerProcess.start(self._limits)

    async def _give_back(self, worker: WorkerProcess) -> None:
        if worker.answered < FILES_PER_WORKER:
            self._idle.append(worker)
            return
        await worker.stop()


def _request(task: str, path: Path, **more: Json) -> dict[str, Any]:
    return {"task": task, "path": str(path.absolute()), **more}


def ended(status: int) -> MediaError:
    """What it means that the process ended while it read a file."""
    name = _signal_name(status)
    said = f"The process that read it ended with {name or f'status {status}'}."
    kind = MediaTooCostlyError if name in COSTLY_SIGNALS else MediaUnreadableError
    return kind(said, status=status)


def _signal_name(status: int) -> str | None:
    if status >= 0:
        return None
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def _write_whole(target: Path, data: bytes) -> None:
    """Write beside the target, then rename: nobody meets half a file, and none stays behind."""
    part = target.with_name(f".{target.name}.{uuid4().hex}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
