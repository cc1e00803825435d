"""A studio in a process of its own, which the system refuses something at the worst moment.

``python -m tests.campaigns.struck NAME`` prints what was seen as JSON. Nothing is pretended: the
process lowers its own limits, and ``strace`` makes single calls of it fail.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rushes.settings import load_settings
from rushes.studio import open_studio
from tests.campaigns.bench import BY_HAND, ONCE, Bench, bench_of, unsaved
from tests.campaigns.place import MEGABYTE

LARGEST_FILE = 3 * MEGABYTE // 2
"""Bytes: less than the clip."""
STANDARD_STREAMS = 3
"""With a limit of so many no file can be opened."""
NOT_HERE = 77
"""Ends with it when this machine does not let it be tried."""


class NotHereError(Exception):
    """This cannot be tried on this machine."""


# What the system refuses ------------------------------------------------------------------------


@contextmanager
def limited(kind: int, most: int) -> Iterator[None]:
    before = resource.getrlimit(kind)
    resource.setrlimit(kind, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(kind, before)


class AtOpening:
    """Does something right before the first file of a kind is opened, and undoes it before the
    next file is opened, at the latest when it is told to.

    A hook cannot be taken away again, so a process has one.
    """

    def __init__(
        self, is_meant: Callable[[str], bool], act: Callable[[str], Callable[[], None]]
    ) -> None:
        self._is_meant = is_meant
        self._act = act
        self._undo: Callable[[], None] | None = None
        self._is_over = False
        sys.addaudithook(self._on_audit)

    def undo(self) -> None:
        if self._undo is not None:
            undo, self._undo = self._undo, None
            undo()

    def _on_audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "open":
            return
        self.undo()
        if not self._is_over and self._is_meant(str(arguments[0])):
            self._is_over = True
            self._undo = self._act(str(arguments[0]))


def no_file_left(_path: str) -> Callable[[], None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (STANDARD_STREAMS, before[1]))
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def failing(path: Path, *calls: str) -> Iterator[None]:
    """From here on these calls about the file fail with EIO, as on a disk that is breaking."""
    tracer = _trace(path, *calls)
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait()


def _trace(path: Path, *calls: str) -> subprocess.Popen[str]:
    names = ",".join(calls)
    options = ["-e", f"trace={names}", "-e", f"inject={names}:error=EIO", "-e", "signal=none"]
    where = ["-p", str(os.getpid()), "-P", str(path), "-o", os.devnull]
    try:
        tracer = subprocess.Popen(
            ["strace", "-f", *options, *where], stderr=subprocess.PIPE, text=True
        )
    except FileNotFoundError as error:
        raise NotHereError("there is no strace on this machine") from error
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if "attached" not in said:
        said += tracer.communicate()[0] or ""
        raise NotHereError(f"strace may not look at a process that runs: {said.strip()}")
    return tracer


def a_file_in_its_place(media: Path) -> Callable[[], None]:
    """The store fails; what it returns makes it well again."""
    media.mkdir(exist_ok=True)
    aside = media.rename(media.with_name("aside"))
    media.write_text("not a folder")

    def clear() -> None:
        media.unlink()
        aside.rename(media)

    return clear


# The scenarios ----------------------------------------------------------------------------------

UNREADABLE = unsaved("source_unreadable")
"""What the system said of the file that waits is in its words."""


async def no_file_for_the_store(bench: Bench) -> None:
    strike = AtOpening(_is_draft_in(bench.studio.settings.home / "media"), no_file_left)
    await bench.order(ONCE)
    await bench.fails(unsaved("too_many_open_files"))
    strike.undo()
    await bench.plays()
    await bench.retry()


async def too_large_a_file(bench: Bench) -> None:
    with limited(resource.RLIMIT_FSIZE, LARGEST_FILE):
        await bench.order(ONCE)
        await bench.fails(unsaved("store_unavailable", "memory"))
    await bench.retry()


async def device_errors_when_writing(bench: Bench) -> None:
    await _with_errors_of_the_draft(bench, "write", "pwrite64")


async def device_errors_when_syncing(bench: Bench) -> None:
    await _with_errors_of_the_draft(bench, "fsync", "fdatasync")


async def _with_errors_of_the_draft(bench: Bench, *calls: str) -> None:
    with failing(Path(os.devnull), *calls):
        pass  # in the hook it would be too late to find that nothing can be traced here
    home = bench.studio.settings.home
    tracers: list[subprocess.Popen[str]] = []

    def break_it(path: str) -> Callable[[], None]:
        tracers.append(_trace(Path(path), *calls))
        return lambda: None

    AtOpening(_is_draft_in(home / "media"), break_it)
    await bench.order(ONCE)
    try:
        await bench.fails(unsaved("store_unavailable"))
    finally:
        for tracer in tracers:
            tracer.terminate()
            tracer.wait()
    await bench.plays()
    await bench.retry()


async def no_file_for_the_spool(bench: Bench) -> None:
    await _in_the_spool(bench)
    file = bench.file_in_spool()
    strike = AtOpening(lambda path: path.endswith(file.name), no_file_left)
    await bench.retry(UNREADABLE)
    strike.undo()
    await bench.retry()


async def device_errors_of_the_spool(bench: Bench) -> None:
    await _in_the_spool(bench)
    with failing(bench.file_in_spool(), "read", "pread64", "readv", "preadv"):
        await bench.retry(UNREADABLE)
    await bench.retry()


async def refused_by_the_spool(bench: Bench) -> None:
    await _in_the_spool(bench)
    file = bench.file_in_spool()
    mode = file.stat().st_mode
    file.chmod(0)
    if os.access(file, os.R_OK):
        raise NotHereError("this user is never refused")
    await bench.retry(UNREADABLE)
    if file.exists():
        file.chmod(mode)
    await bench.retry()


async def _in_the_spool(bench: Bench) -> None:
    """Have a clip there whose store is well again."""
    clear = a_file_in_its_place(bench.studio.settings.home / "media")
    await bench.order(ONCE)
    await bench.fails(unsaved("store_missing"))
    clear()


def _is_draft_in(media: Path) -> Callable[[str], bool]:
    return lambda path: path.startswith(str(media)) and path.endswith(".part")


Scenario = Callable[[Bench], Awaitable[None]]
SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        no_file_for_the_store,
        too_large_a_file,
        device_errors_when_writing,
        device_errors_when_syncing,
        no_file_for_the_spool,
        device_errors_of_the_spool,
        refused_by_the_spool,
    )
}


async def main(name: str) -> None:
    async with (
        open_studio(load_settings(), pace=BY_HAND) as studio,
        bench_of(name.replace("_", " "), studio) as bench,
    ):
        await studio.pipeline.resume()
        await SCENARIOS[name](bench)
    told = {"takes": bench.takes, "found": bench.found, "broken": bench.broken}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1]))
    except NotHereError as error:
        sys.stdout.write(str(error))
        sys.exit(NOT_HERE)
