"""Takes bytes as they come, hashes and writes them in a thread, and stays one batch ahead of it.

While one batch is written the next one is received; a third waits at the sender. So memory stays
flat however large the file is, and the event loop never waits for the disk.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from rushes.domain.errors import DownloadNotMediaError
from rushes.domain.generation import Transfer
from rushes.store.store import Sink

OnBytes: TypeAlias = Callable[[Transfer], None]

BATCH = 2**20


@dataclass(frozen=True, slots=True)
class Received:
    """A whole file that lies in a draft."""

    size: int
    sha256: str
    content_type: str | None = None
    """What the sender called it; the probe knows better."""


class Intake:
    """The receiving end of one draft."""

    def __init__(self, draft: Sink, on_bytes: OnBytes, total: int | None = None) -> None:
        self.received = 0
        self.total = total
        self._draft = draft
        self._on_bytes = on_bytes
        self._hash = hashlib.sha256()
        self._batch: list[bytes] = []
        self._batch_size = 0
        self._writing: asyncio.Future[None] | None = None

    @property
    def transfer(self) -> Transfer:
        return Transfer(self.received, self.total)

    def announce(self) -> None:
        """Tell how much there will be, before the first byte."""
        self._on_bytes(self.transfer)

    async def take(self, data: bytes) -> None:
        """Accept bytes. Raises StorageError for bytes that were accepted before."""
        self._batch.append(data)
        self._batch_size += len(data)
        if self._batch_size >= BATCH:
            await self._hand_over()

    async def flush(self) -> None:
        """Return when every accepted byte is written. Raises StorageError."""
        await self._hand_over()
        await self._written()

    async def restart(self) -> None:
        """Forget everything that came so far. Raises StorageError."""
        await self.settle()
        self._batch, self._batch_size = [], 0
        await asyncio.to_thread(self._draft.restart)
        self._hash = hashlib.sha256()
        self.received = 0

    async def settle(self) -> None:
        """Return when nothing is being written, whatever came of it."""
        if self._writing is None:
            return
        await asyncio.wait({self._writing})
        self._writing.exception()  # has been raised by take or flush, or its bytes are not wanted
        self._writing = None

    def result(self, content_type: str | None = None) -> Received:
        """What has been written. Only after ``flush``."""
        return Received(self.received, self._hash.hexdigest(), content_type)

    async def _hand_over(self) -> None:
        if not self._batch:
            return
        data = b"".join(self._batch)
        self._batch, self._batch_size = [], 0
        if self.received == 0:
            _refuse_page(data)
        await self._written()
        loop = asyncio.get_running_loop()
        self._writing = loop.run_in_executor(None, self._write, data)
        self.received += len(data)
        self._on_bytes(self.transfer)

    async def _written(self) -> None:
        """Wait for the batch that is being written. A cancelled wait leaves the thread its turn."""
        if self._writing is None:
            return
        await asyncio.wait({self._writing})
        writing, self._writing = self._writing, None
        writing.result()

    def _write(self, data: bytes) -> None:
        self._draft.write(data)
        self._hash.update(data)


def _refuse_page(beginning: bytes) -> None:
    """No video, image or sound begins with a tag: this is a page that says something."""
    words = beginning[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not words.startswith(b"<"):
        return
    shown = words[:60].decode(errors="replace")
    raise DownloadNotMediaError(f"The body begins with {shown!r}.", beginning=shown)
