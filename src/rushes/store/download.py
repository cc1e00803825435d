"""Brings a clip from its media host, or from this machine, into a draft: checked and hashed.

A cut is resumed where it happened, when it is certain that the rest belongs to the same file.
What the disk refuses is raised as the disk's error, never as the network's.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import httpx

from rushes.domain.errors import (
    DownloadError,
    DownloadInterruptedError,
    DownloadNotMediaError,
    DownloadShortError,
    DownloadStatusError,
    MediaGoneError,
    MediaUnreadableError,
    SourceUnreadableError,
)
from rushes.domain.generation import Transfer
from rushes.domain.http_numbers import DIGITS, number_of
from rushes.domain.http_times import wait_of
from rushes.domain.http_versions import strong_validator
from rushes.store.intake import BATCH, Intake, OnBytes, Received
from rushes.store.media_client import (
    CONNECT_SECONDS,
    STALL_SECONDS,
    MediaClient,
    Resolve,
    resolve,
)
from rushes.store.media_hosts import MediaHosts
from rushes.store.store import Sink

GONE = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
PAUSES = (0.5, 1.0, 2.0)
"""Seconds before each further try within one download."""
PROGRESS = BATCH
"""A try that brings this much more is worth as many new ones: no number of cuts then ends it."""
CONTENT_RANGE = re.compile(rf"bytes ({DIGITS})-({DIGITS})/({DIGITS}|\*)")


class Downloader:
    def __init__(
        self,
        client: httpx.AsyncClient,
        hosts: MediaHosts,
        *,
        pauses: Sequence[float] = PAUSES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Resolve = resolve,
        connect_seconds: float = CONNECT_SECONDS,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        self._client = MediaClient(
            client,
            hosts,
            resolve=resolve,
            connect_seconds=connect_seconds,
            stall_seconds=stall_seconds,
        )
        self._pauses = pauses
        self._sleep = sleep
        self._now = now

    async def fetch(
        self,
        source_url: str,
        draft: Sink,
        *,
        expected_size: int | None = None,
        on_bytes: OnBytes,
    ) -> Received:
        """Download into the draft. When it returns, every byte has come and has been written.

        ``on_bytes`` is called when the length is known and after each batch; what it raises ends
        the download.

        Raises:
            MediaGoneError: the host no longer has it (403, 404, 410).
            MediaHostRefusedError: it lies where Rushes may not download from.
            DownloadError: the network or the host failed; it can be tried again.
            StorageError: our own disk failed.
        """
        intake = Intake(draft, on_bytes)
        download = _Download(self._client, source_url, intake, expected_size, self._now)
        try:
            await self._until_whole(download)
        finally:
            await intake.settle()
        return intake.result(download.content_type)

    async def _until_whole(self, download: _Download) -> None:
        furthest = 0
        pauses = iter(self._pauses)
        while True:
            try:
                return await download.attempt()
            except _CutError as cut:
                if download.intake.received >= furthest + PROGRESS:
                    furthest = download.intake.received
                    pauses = iter(self._pauses)
                pause = next(pauses, None)
                if pause is None:
                    raise cut.lasting from cut.__cause__
            await self._sleep(pause)


class _CutError(Exception):
    """This try ended early and another one may go on. ``lasting`` is raised when none is left."""

    def __init__(self, lasting: DownloadError) -> None:
        super().__init__(lasting)
        self.lasting = lasting


class _Download:
    """What is known about one file while it comes, over all tries."""

    def __init__(
        self,
        client: MediaClient,
        url: str,
        intake: Intake,
        expected_size: int | None,
        now: Callable[[], datetime],
    ) -> None:
        self.intake = intake
        self.content_type: str | None = None
        self._now = now
        self._client = client
        self._url = url
        self._expected_size = expected_size
        self._validator: str | None = None
        self._etag: str | None = None

    async def attempt(self) -> None:
        """Receive what is still missing; _CutError when it was cut off."""
        try:
            async with self._client.get(self._url, self._range_headers()) as response:
                await self._begin(response)
                async for data in response.aiter_raw():
                    await self.intake.take(data)
                    self._check_not_longer()
            await self.intake.flush()
        except httpx.TransportError as error:
            await self.intake.flush()
            raise _CutError(self._interrupted(error)) from error
        self._check_length()

    def _range_headers(self) -> dict[str, str]:
        """Ask for the rest only where an answer can be told to continue the same file."""
        if not self.intake.received or (self._validator is None and self.intake.total is None):
            return {}
        headers = {"Range": f"bytes={self.intake.received}-"}
        if self._validator is not None:
            headers["If-Range"] = self._validator
        return headers

    async def _begin(self, response: httpx.Response) -> None:
        """Judge the answer before its body."""
        status = response.status_code
        if status == HTTPStatus.PARTIAL_CONTENT and self._continues(response):
            return
        if self.intake.received and status in {
            HTTPStatus.PARTIAL_CONTENT,
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        }:
            await self._restart_later(response)
        if status != HTTPStatus.OK:
            raise self._refused(response)
        if self.intake.received:
            await self.intake.restart()
        self._begin_whole(response)

    def _begin_whole(self, response: httpx.Response) -> None:
        check_is_media(response)
        self.content_type = response.headers.get("Content-Type")
        # The provider's own figure counts only where the media host announces no length: a clip
        # that was sent whole is kept even if the provider was wrong about its size.
        announced = content_length(response)
        self.intake.total = self._expected_size if announced is None else announced
        self._etag = response.headers.get("ETag")
        self._validator = strong_validator(response.headers)
        self.intake.announce()

    def _continues(self, response: httpx.Response) -> bool:
        """Whether this part begins where we stopped and belongs to the file that we have."""
        match = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != self.intake.received:
            return False
        total = None if match[3] == "*" else int(match[3])
        if None not in {total, self.intake.total} and total != self.intake.total:
            return False
        if response.headers.get("ETag", self._etag) != self._etag:
            return False
        self.intake.total = self.intake.total or total
        return True

    async def _restart_later(self, response: httpx.Response) -> None:
        named = response.headers.get("Content-Range", "no Content-Range")
        asked = self.intake.received
        await self.intake.restart()
        raise _CutError(
            DownloadInterruptedError(
                f"Asked for the bytes from {asked} on, the media host answered "
                f"{response.status_code} with {named}.",
                received=asked,
                total=self.intake.total,
            )
        )

    def _refused(self, response: httpx.Response) -> Exception:
        error = refusal(response, self._now())
        status = response.status_code
        passing = status == HTTPStatus.TOO_MANY_REQUESTS or response.is_server_error
        return _CutError(error) if passing and self.intake.received else error

    def _interrupted(self, error: httpx.TransportError) -> DownloadError:
        transfer = self.intake.transfer
        if not self.content_type and not transfer.received:
            return no_answer(error, self._client.stall_seconds)
        return interrupted(error, self._client.stall_seconds, transfer)

    def _check_not_longer(self) -> None:
        """A host that announced no length must not fill the disk with more than was bought."""
        total = self.intake.total
        if total is not None and self.intake.received > total:
            raise _wrong_length(self.intake.received, total)

    def _check_length(self) -> None:
        received, total = self.intake.received, self.intake.total
        if total is not None and received < total:
            raise _CutError(_wrong_length(received, total))


def refusal(response: httpx.Response, now: datetime | None = None) -> DownloadError:
    """What it means that a media host has answered with this status."""
    status = response.status_code
    said = f"The media host answered {status} {response.reason_phrase}".rstrip() + "."
    if status in GONE:
        return MediaGoneError(said, status=status)
    wait = wait_of(response.headers.get("Retry-After"), now or datetime.now(UTC))
    return DownloadStatusError(said, retry_after=wait, status=status)


def no_answer(error: httpx.TransportError, stall_seconds: float) -> DownloadError:
    return DownloadError(f"No answer came: {_in_words(error, stall_seconds)}.")


def interrupted(
    error: httpx.TransportError, stall_seconds: float, transfer: Transfer
) -> DownloadInterruptedError:
    return DownloadInterruptedError(
        f"It ended after {_of(transfer)}: {_in_words(error, stall_seconds)}.",
        received=transfer.received,
        total=transfer.total,
    )


def _wrong_length(received: int, expected: int) -> DownloadShortError:
    return DownloadShortError(
        f"{received} bytes instead of {expected}.", received=received, expected=expected
    )


async def copy_local(path: Path, draft: Sink, on_bytes: OnBytes) -> Received:
    """Copy a file of this machine into the draft.

    Raises:
        MediaUnreadableError: the file is not there.
        SourceUnreadableError: it is there, and cannot be read now.
        StorageError: the disk of the draft failed.
    """
    with _readable(path):
        size = (await asyncio.to_thread(path.stat)).st_size
        file = await asyncio.to_thread(path.open, "rb", buffering=0)
    intake = Intake(draft, on_bytes, total=size)
    with file:
        try:
            while data := await _read(file.read, path):
                await intake.take(data)
            await intake.flush()
        finally:
            await intake.settle()
    return intake.result()


async def _read(read: Callable[[int], bytes | None], path: Path) -> bytes | None:
    with _readable(path):
        return await asyncio.to_thread(read, BATCH)


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MediaUnreadableError(f"{path} is not there.", path=str(path)) from error
    except OSError as error:
        raise SourceUnreadableError(
            f"{path} could not be read: {error.strerror or error}.",
            path=str(path),
            errno=errno.errorcode.get(error.errno or 0, str(error.errno)),
        ) from error


def check_is_media(response: httpx.Response) -> None:
    content_type = response.headers.get("Content-Type", "")
    essence = content_type.partition(";")[0].strip().lower()
    if essence in {"text/html", "application/xhtml+xml"} or essence.endswith("json"):
        raise DownloadNotMediaError(f"It is called {content_type}.", content_type=content_type)
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise DownloadNotMediaError(
            f"It is encoded as {encoding}, which was not asked for.", content_encoding=encoding
        )


def content_length(response: httpx.Response) -> int | None:
    if "Transfer-Encoding" in response.headers:
        return None
    return number_of(response.headers.get("Content-Length"))


def _of(transfer: Transfer) -> str:
    if transfer.total is None:
        return f"{transfer.received} bytes"
    return f"{transfer.received} of {transfer.total} bytes"


def _in_words(error: httpx.TransportError, stall_seconds: float) -> str:
    if isinstance(error, httpx.ReadTimeout):
        return f"nothing came for {stall_seconds:g} s"
    return str(error).rstrip(".") or type(error).__name__
