"""Has a copy to play made in a process of its own, and hears how far it is."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from rushes.domain.errors import MediaTooCostlyError
from rushes.media.limits import Limits
from rushes.media.messages import decode_line, error_from
from rushes.media.probe import ended
from rushes.media.worker_process import kept_environment

MODULE = "rushes.media.proxy_worker"
MEMORY = 4 * 2**30
STALLED = 120.0
"""Seconds without a word. Between two words lie a few frames, or the whole of a sound."""
PROCESSOR_LEAST, PROCESSOR_SHARE = 300, 120
"""Seconds of processor time: for any, and for each second of the original."""
SIZE_LEAST, SIZE_SHARE = 64 * 2**20, 4 * 2**20
"""Bytes of a copy in the same way."""
UNMEASURED = Fraction(3600)

Progress: TypeAlias = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Order:
    source: Path
    target: Path
    duration: Fraction | None

    def message(self, limits: Limits) -> str:
        seconds = int(self.duration or UNMEASURED) + 1
        bound = replace(
            limits,
            memory=max(limits.memory, MEMORY),
            cpu_seconds=PROCESSOR_LEAST + PROCESSOR_SHARE * seconds,
        )
        told = {"source": str(self.source.absolute()), "target": str(self.target.absolute())}
        writes = SIZE_LEAST + SIZE_SHARE * seconds
        return json.dumps({**told, "limits": asdict(bound), "writes": writes})


def proxy_name(asset_id: str, sha256: str) -> str:
    """The copy of exactly these bytes: another file that takes their place needs its own."""
    return f"{asset_id}.{sha256[:16]}.mp4"


async def make_proxy(order: Order, told: Progress, limits: Limits | None = None) -> None:
    """Write the copy to the target of the order. Cancelled, the process is ended.

    Raises:
        MediaError: what it is made of cannot be used.
        OSError: it cannot be written.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        MODULE,
        order.message(limits or Limits()),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=kept_environment(os.environ),
        start_new_session=True,
    )
    try:
        await _follow(process, told)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _follow(process: asyncio.subprocess.Process, told: Progress) -> None:
    async for message in _messages(process):
        if "done" in message:
            told(min(1.0, message["done"] / max(1, message["of"])))
        elif "error" in message:
            raise error_from(message["error"])
        elif "errno" in message:
            raise OSError(message["errno"], message["said"])
        else:
            return
    raise ended(await process.wait())


async def _messages(process: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    assert process.stdout is not None
    while line := await _next_line(process.stdout):
        if not line.endswith(b"\n"):
            return
        yield decode_line(line)


async def _next_line(lines: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(STALLED):
            return await lines.readline()
    except TimeoutError as error:
        raise MediaTooCostlyError(
            f"Nothing was heard of it for {STALLED:g} s.", seconds=STALLED
        ) from error
