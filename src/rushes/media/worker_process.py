"""One reading process as the studio sees it: start it, ask it, end it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rushes.media.limits import Limits
from rushes.media.messages import LONGEST_ANSWER, decode_line, encode_line

MODULE = "rushes.media.worker"
KEPT_VARIABLES = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
    "LANG",
    "LC_ALL",
)
"""Everything else stays here: a file that takes over the process must not find a key in it."""


class WorkerEndedError(Exception):
    """The process ended instead of answering; ``status`` is negative for a signal."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class WorkerProcess:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.answered = 0

    @classmethod
    async def start(cls, limits: Limits) -> WorkerProcess:
        # -P: a file named like a module in the current folder is not imported.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            MODULE,
            json.dumps(asdict(limits)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=kept_environment(os.environ),
            limit=LONGEST_ANSWER,
            start_new_session=True,  # Ctrl-C is for the studio, which then ends this
        )
        return cls(process)

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request. Raises WorkerEndedError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(encode_line(request))
            await self._process.stdin.drain()
            line = await self._process.stdout.readline()
        except ConnectionError:
            line = b""
        if not line.endswith(b"\n"):
            raise WorkerEndedError(await self._process.wait())
        self.answered += 1
        return decode_line(line)

    async def stop(self) -> None:
        """Let it end by itself: it does when its input ends."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def kill(self) -> None:
        if self.is_running:
            self._process.kill()
        await self._process.wait()


def kept_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[name] for name in KEPT_VARIABLES if name in environment}
