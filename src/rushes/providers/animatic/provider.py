"""The free provider: renders animatics on this machine, one process each, a few at a time.

An order is kept as ``<cache>/<key>.json`` and its clip as ``<cache>/<key>.mp4``. Everything may be
lost but the delivered document: it holds the whole request, and the same request makes the same
bytes again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rushes.domain.errors import (
    GenerationFailedError,
    ProviderUnavailableError,
    ResultGoneError,
    ResultUnreadableError,
)
from rushes.domain.generation import Ticket
from rushes.domain.ids import ProviderId
from rushes.domain.model_spec import ModelSpec
from rushes.providers.animatic.models import MODELS, PROVIDER_ID, SIZES
from rushes.providers.animatic.request import RenderRequest, request_for
from rushes.providers.provider import (
    Accepted,
    CancelOutcome,
    Completed,
    Delivery,
    InProgress,
    InQueue,
    LocalFile,
    Order,
    Status,
    Submission,
)

_TICKET_PREFIX = "animatic-"
_URL_PREFIX = "animatic:"
_RENDERER = "rushes.providers.animatic.render"


@dataclass(slots=True)
class _Job:
    """A clip that is waited for, being rendered, rendered, or that failed."""

    frames: int
    task: asyncio.Task[None]
    is_for_media: bool
    """It was delivered before, so that it can no longer be taken back."""
    process: Process | None = None
    frames_done: int = 0
    failure: str = ""

    @property
    def is_over(self) -> bool:
        return self.task.done()


class AnimaticProvider:
    """Implements ``Provider``. ``close`` ends what it started."""

    def __init__(
        self,
        cache: Path,
        *,
        renders_at_once: int = 1,
        sizes: Mapping[str, tuple[int, int]] = SIZES,
    ) -> None:
        """``sizes`` says what each resolution means; smaller ones make quicker clips."""
        self._cache = cache
        self._places = asyncio.Semaphore(renders_at_once)
        self._sizes = sizes
        self._jobs: dict[str, _Job] = {}

    @property
    def id(self) -> ProviderId:
        return PROVIDER_ID

    @property
    def models(self) -> tuple[ModelSpec, ...]:
        return MODELS

    @property
    def submit_window_seconds(self) -> float:
        return 0.0

    def check_ready(self) -> None:
        """It needs neither key nor network."""

    async def greet(self) -> None:
        """There is nobody to ask: it all happens here."""

    async def submit(self, order: Order) -> Submission:
        """Keep the order and begin. May be repeated: an order is rendered once.

        Raises:
            ImageInputError: an image does not open.
            ProviderUnavailableError: the cache folder cannot be written to.
        """
        request = await asyncio.to_thread(request_for, order, self._sizes)
        await self._keep(order.key, request)
        self._start(order.key, request, is_for_media=False)
        return Accepted(Ticket(_TICKET_PREFIX + order.key))

    async def status(self, ticket: Ticket) -> Status:
        job = self._find(_key_of(ticket))
        if job is None or job.is_over or job.is_for_media:
            return Completed()
        if job.process is None:
            return InQueue(self._ahead_of(job))
        return InProgress(job.frames_done / job.frames)

    async def result(self, ticket: Ticket) -> Delivery:
        key = _key_of(ticket)
        job = self._find(key)
        if job is not None and not job.is_for_media:
            _raise_unless_rendered(job)
        document = {"video": {"url": _URL_PREFIX + key}, "request": self._load(key).to_document()}
        return Delivery(json.dumps(document))

    async def cancel(self, ticket: Ticket) -> CancelOutcome:
        key = _key_of(ticket)
        if not self._order_file(key).exists():
            return CancelOutcome.UNKNOWN
        job = self._jobs.get(key)
        is_finished = self._clip_file(key).exists() if job is None else job.is_over
        if is_finished or (job is not None and job.is_for_media):
            return CancelOutcome.TOO_LATE
        self._order_file(key).unlink(missing_ok=True)
        if job is not None:
            del self._jobs[key]
            await _stop([job])
            self._clip_file(key).unlink(missing_ok=True)
        return CancelOutcome.CANCELLED

    async def find_lost(
        self,
        order: Order,
        since: datetime,  # noqa: ARG002 - one key is one order, whenever it was sent
        until: datetime,  # noqa: ARG002 - as above
    ) -> list[Ticket]:
        is_known = self._order_file(order.key).exists()
        return [Ticket(_TICKET_PREFIX + order.key)] if is_known else []

    def source_url(self, delivery: Delivery) -> str:
        return _url_in(_read_document(delivery))

    async def media(self, delivery: Delivery) -> LocalFile:
        """The clip, rendered again where it is no longer in the cache.

        Raises:
            GenerationFailedError: it could not be rendered again.
        """
        document = _read_document(delivery)
        key = _url_in(document).removeprefix(_URL_PREFIX)
        job = self._jobs.get(key)
        if self._clip_file(key).exists():
            return LocalFile(self._clip_file(key))
        if job is None or job.is_over:
            request = RenderRequest.from_document(document.get("request"))
            await self._keep(key, request)
            job = self._start(key, request, is_for_media=True)
        if job is not None:
            await asyncio.wait({job.task})
            _raise_unless_rendered(job)
        return LocalFile(self._clip_file(key))

    async def close(self) -> None:
        """End every render; the orders stay, and are taken up again when next asked for."""
        jobs = list(self._jobs.values())
        self._jobs.clear()
        await _stop(jobs)

    def _find(self, key: str) -> _Job | None:
        """The job of a known order; None if its clip is there and nothing needs to be done.

        Raises:
            ResultGoneError: no such order is kept here.
        """
        job = self._jobs.get(key)
        if job is not None:
            return job
        return self._start(key, self._load(key), is_for_media=False)

    def _start(self, key: str, request: RenderRequest, *, is_for_media: bool) -> _Job | None:
        """Begin unless it is under way; None if the clip is already there."""
        job = self._jobs.get(key)
        if job is not None and not job.is_over:
            return job
        if self._clip_file(key).exists():
            return None
        task = asyncio.create_task(self._render(key), name=f"animatic {key}")
        self._jobs[key] = _Job(request.frames, task, is_for_media)
        return self._jobs[key]

    async def _render(self, key: str) -> None:
        job = self._jobs[key]
        async with self._places:
            self._remove_partial_files(key)
            try:
                await self._run(key, job)
            except OSError as error:
                job.failure = f"The renderer could not be started: {error}"
            finally:
                self._remove_partial_files(key)

    async def _run(self, key: str, job: _Job) -> None:
        order, clip = str(self._order_file(key)), str(self._clip_file(key))
        # A session of its own: an interrupt at the terminal is for this process to handle.
        job.process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _RENDERER, order, clip),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        try:
            complaints, _ = await asyncio.gather(_read_all(process), _follow(process, job))
            ended_with = await process.wait()
        finally:
            await _kill(process)
        if ended_with != 0:
            job.failure = _failure_in_words(ended_with, complaints)

    def _ahead_of(self, job: _Job) -> int:
        waiting = [other for other in self._jobs.values() if not other.is_over]
        return waiting.index(job)

    def _remove_partial_files(self, key: str) -> None:
        for partial in self._cache.glob(f".{_stem(key)}.*.part"):
            partial.unlink(missing_ok=True)

    def _order_file(self, key: str) -> Path:
        return self._cache / f"{_stem(key)}.json"

    def _clip_file(self, key: str) -> Path:
        return self._cache / f"{_stem(key)}.mp4"

    def _load(self, key: str) -> RenderRequest:
        try:
            text = self._order_file(key).read_text("utf-8")
        except FileNotFoundError:
            raise ResultGoneError(f"No order of the key {key!r} is kept here.") from None
        return RenderRequest.from_json(text)

    async def _keep(self, key: str, request: RenderRequest) -> None:
        if self._order_file(key).exists():
            return
        try:
            await asyncio.to_thread(_write_durably, self._order_file(key), request.to_json())
        except OSError as error:
            raise ProviderUnavailableError(
                f"The order could not be written to the cache folder: {error}"
            ) from error


def _stem(key: str) -> str:
    """The key as a file name: as it is where that is safe."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", key):
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _key_of(ticket: Ticket) -> str:
    if not ticket.request_id.startswith(_TICKET_PREFIX):
        raise ResultGoneError(f"{ticket.request_id!r} is not a ticket of this provider.")
    return ticket.request_id.removeprefix(_TICKET_PREFIX)


def _read_document(delivery: Delivery) -> dict[str, Any]:
    try:
        document = json.loads(delivery.document)
    except json.JSONDecodeError as error:
        raise ResultUnreadableError(f"It is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ResultUnreadableError("It is not a JSON object.")
    return document


def _url_in(document: dict[str, Any]) -> str:
    video = document.get("video")
    url = video.get("url") if isinstance(video, dict) else None
    if not isinstance(url, str) or not url.startswith(_URL_PREFIX):
        raise ResultUnreadableError("It names no clip: video.url is missing.")
    return url


def _raise_unless_rendered(job: _Job) -> None:
    if not job.is_over:
        raise ProviderUnavailableError(
            f"{job.frames_done} of {job.frames} frames are rendered so far."
        )
    if job.task.cancelled():
        raise ProviderUnavailableError("The render was stopped before it was done.")
    if job.failure:
        raise GenerationFailedError(job.failure)
    job.task.result()


async def _follow(process: Process, job: _Job) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        job.frames_done = int(line)


async def _read_all(process: Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode("utf-8", "replace")


async def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


async def _stop(jobs: list[_Job]) -> None:
    for job in jobs:
        job.task.cancel()
    await asyncio.gather(*(job.task for job in jobs), return_exceptions=True)


def _failure_in_words(ended_with: int, complaints: str) -> str:
    last_words = complaints.strip().splitlines()[-1:]
    if ended_with < 0:
        return f"The renderer was ended by signal {-ended_with}."
    return " ".join([f"The renderer ended with status {ended_with}:", *last_words])


def _write_durably(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.stem}.{os.getpid()}.part")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
