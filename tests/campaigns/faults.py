"""What stops a save, made to happen for real; then its cause goes, and one retry has to do.

Where bytes can be kept, the provider has each clip for one download only: an identical file after
the retry proves that they were. In between every take is listed, told and, where its bytes are,
playable; afterwards it was bought once, and its file is the delivered one.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from rushes.store.memory import ROOM
from tests.campaigns import limited_programs, struck
from tests.campaigns.bench import BY_HAND, ONCE, Bench, Expected, bench_of, unsaved
from tests.campaigns.outcome import Outcome
from tests.campaigns.place import CLIP_SIZE, MEGABYTE, WAIT_SECONDS, Place, what_is_wrong
from tests.disks import read_only, small_disk
from tests.emulator import FalEmulator
from tests.programs import environment_for
from tests.programs import run as run_program
from tests.studios import studio_for

TAKES = 3
BIG = "[fault:media-big]"

Clear = Callable[[], None]
Scenario = Callable[[Place], list[str]]


def run(times: int, seed: int, names: Collection[str] | None = None) -> Outcome:
    outcome = Outcome("faults", {"seed": seed, "rounds": times})
    found: Counter[str] = Counter()
    for number in range(times):
        for name in SCENARIOS if names is None else names:
            try:
                broken = _try(SCENARIOS[name], seed + number, found)
            except pytest.skip.Exception as reason:
                outcome.skipped[name] = str(reason)
            except TimeoutError:
                outcome.violations.append(f"{name}, seed {seed + number}: not well in time")
            else:
                outcome.violations += [f"{name}, seed {seed + number}: {one}" for one in broken]
    outcome.figures |= dict(sorted(found.items()))
    return outcome


def _try(scenario: Scenario, seed: int, found: Counter[str]) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="rushes-faults-") as folder, FalEmulator() as fal:
        fal.settings.clip_seconds = 1
        fal.settings.big_bytes = CLIP_SIZE
        return scenario(Place(Path(folder) / "library", fal, random.Random(seed), found))


# In this process: a place that fails while the studio is open, and is well again ----------------


@contextmanager
def full_disk(place: Place) -> Iterator[Clear]:
    with _full(place.media) as clear:
        yield clear


@contextmanager
def full_disks(place: Place) -> Iterator[Clear]:
    """The library's and the spool's."""
    with _full(place.media) as clear, _full(place.spool):
        yield clear


@contextmanager
def _full(folder: Path) -> Iterator[Clear]:
    with small_disk(folder, "16m"):
        filler = folder / "filler"
        filler.write_bytes(bytes(15 * MEGABYTE))
        yield lambda: filler.unlink(missing_ok=True)
        filler.unlink(missing_ok=True)


@contextmanager
def read_only_disk(place: Place) -> Iterator[Clear]:
    place.media.mkdir(parents=True)
    with ExitStack() as stack:
        stack.enter_context(read_only(place.media))
        yield stack.close


@contextmanager
def file_in_its_place(place: Place) -> Iterator[Clear]:
    place.media.parent.mkdir(parents=True)
    place.media.write_text("not a folder")
    yield place.media.unlink


def stopped_by(
    cause: Callable[[Place], AbstractContextManager[Clear]], expected: Expected
) -> Scenario:
    """Everything that is delivered while the cause lasts waits, and is saved by one retry."""

    async def scenario(place: Place) -> list[str]:
        with cause(place) as clear:
            async with _bench(place, cause.__name__.replace("_", " ")) as bench:
                await bench.order(*(f"Take {number} {ONCE}" for number in range(TAKES)))
                await bench.fails(expected)
                if expected.held == "spool":
                    await bench.plays()
                clear()
                await bench.retry()
            return await _all_broken(place, bench)

    return lambda place: asyncio.run(scenario(place))


async def no_place_at_all(place: Place) -> list[str]:
    """Nothing can hold the bytes: they come from the provider once more."""
    with full_disks(place) as clear:
        async with _bench(place, "no place at all", memory_room=MEGABYTE) as bench:
            await bench.order(*(f"Take {number} {BIG}" for number in range(TAKES)))
            await bench.fails(Expected("url_only", frozenset({"disk_full"})))
            clear()
            await bench.retry()
        return await _all_broken(place, bench)


async def removed_folder(place: Place) -> list[str]:
    """The folder goes while a clip is being written into it."""
    place.fal.settings.slow_piece_seconds = 0.05
    async with _bench(place, "removed folder") as bench:
        await bench.order(f"Gone while it came [fault:media-slow]{ONCE}")
        while not list(place.media.rglob("*.part")):
            await asyncio.sleep(0.005)
        shutil.rmtree(place.media)
        await bench.fails(unsaved("store_missing"))
        await bench.plays()
        await bench.retry()
    return await _all_broken(place, bench)


async def taken_name(place: Place) -> list[str]:
    """A file of the chosen name comes from elsewhere while the clip does: both are kept."""
    place.fal.settings.slow_piece_seconds = 0.05
    async with _bench(place, "taken name") as bench:
        await bench.order(f"Late [fault:media-slow]{ONCE}")
        while not list(place.media.rglob("*.part")):
            await asyncio.sleep(0.005)
        theirs = place.home / await bench.reserved_path()
        theirs.write_text("not ours")
        await bench.is_saved()
        if theirs.read_text() != "not ours":
            bench.broken.append(f"{theirs.name} was written over")
        theirs.unlink()
    return await _all_broken(place, bench)


async def changed_in_the_spool(place: Place) -> list[str]:
    """A byte of what waits is another one: it is never saved, and comes again once it can be had.

    Until then it may count as gone, or as damaged.
    """
    with file_in_its_place(place) as clear:
        async with _bench(place, "changed in the spool") as bench:
            await bench.order(f"Changed {ONCE}")
            await bench.fails(unsaved("store_missing"))
            _change_a_byte(bench.file_in_spool(), place.rng)
            clear()
            await bench.retry_in_vain({"checksum_mismatch", "media_gone"})
            [bought] = place.fal.ledger
            place.fal.afflict(bought.request_id, "media-big")
            await bench.retry()
        return await _all_broken(place, bench)


async def changed_in_the_library(place: Place) -> list[str]:
    """A byte of a saved file is another one: that is told, and the clip is brought again."""
    async with _bench(place, "changed in the library") as bench:
        await bench.order("Changed")
        await bench.is_saved()
        file = await bench.saved_file()
        _change_a_byte(file, place.rng)
        await bench.retry(Expected("missing", frozenset({"checksum_mismatch"})))
        await bench.retry(how="download")
        # Rushes never touches what has come to lie there, nor what describes it.
        file.unlink()
        file.with_name(f"{file.name}.json").unlink()
    return await _all_broken(place, bench)


def _change_a_byte(file: Path, rng: random.Random) -> None:
    with file.open("r+b") as opened:
        at = rng.randrange(file.stat().st_size)
        opened.seek(at)
        [byte] = opened.read(1)
        opened.seek(at)
        opened.write(bytes([byte ^ 1]))


@asynccontextmanager
async def _bench(place: Place, name: str, memory_room: int = ROOM) -> AsyncIterator[Bench]:
    own = studio_for(place.home, place.fal, pace=BY_HAND, memory_room=memory_room)
    async with own as studio, bench_of(name, studio) as bench:
        yield bench


async def _all_broken(place: Place, bench: Bench) -> list[str]:
    place.found.update(bench.found)
    return [*bench.broken, *await what_is_wrong(place, bench.takes)]


# In a process of its own: the system refuses a single call --------------------------------------


def struck_by(name: str, *, as_anybody: bool = False) -> Scenario:
    def scenario(place: Place) -> list[str]:
        ended = _strike(place, name, as_anybody=as_anybody)
        if ended.returncode == struck.NOT_HERE:
            pytest.skip(ended.stdout)
        if ended.returncode != os.EX_OK:
            return [f"it ended with {ended.returncode}: {ended.stderr[-2000:]}"]
        told = json.loads(ended.stdout)
        place.found.update(told["found"])
        return [*told["broken"], *asyncio.run(what_is_wrong(place, told["takes"]))]

    return scenario


def _strike(place: Place, name: str, *, as_anybody: bool) -> subprocess.CompletedProcess[str]:
    environment = environment_for(place.home, place.fal)
    module = struck.__name__
    if as_anybody:
        command = [*limited_programs.who_can_be_refused(), sys.executable, "-m", module, name]
        return limited_programs.run(command, environment)
    return run_program(module, name, environment=environment, timeout=2 * WAIT_SECONDS)


def _here(scenario: Callable[[Place], Any]) -> Scenario:
    return lambda place: asyncio.run(scenario(place))


SCENARIOS: dict[str, Scenario] = {
    "full disk": stopped_by(full_disk, unsaved("disk_full")),
    "full disks": stopped_by(full_disks, unsaved("disk_full", "memory")),
    "no place at all": _here(no_place_at_all),
    "read-only disk": stopped_by(read_only_disk, unsaved("read_only")),
    "a file in the folder's place": stopped_by(file_in_its_place, unsaved("store_missing")),
    "removed folder": _here(removed_folder),
    "taken name": _here(taken_name),
    "changed in the spool": _here(changed_in_the_spool),
    "changed in the library": _here(changed_in_the_library),
    "no file for the store": struck_by("no_file_for_the_store"),
    "no file for the spool": struck_by("no_file_for_the_spool"),
    "a file too large for the process": struck_by("too_large_a_file"),
    "device errors when writing": struck_by("device_errors_when_writing"),
    "device errors when syncing": struck_by("device_errors_when_syncing"),
    "device errors of the spool": struck_by("device_errors_of_the_spool"),
    "refused by the spool": struck_by("refused_by_the_spool", as_anybody=True),
    "locked catalogue": limited_programs.locked_catalogue,
    "too few open files": limited_programs.too_few_open_files,
    "too large a file": limited_programs.too_large_a_file,
    "catalogue that cannot grow": limited_programs.too_small_for_the_catalogue,
    "torn catalogue": limited_programs.torn_catalogue,
    "forbidden folder": limited_programs.forbidden_folder,
}
SHORT = ("full disk", "full disks", "changed in the spool", "no file for the spool")
"""In ``make test``: one for each place where bytes wait, and two that meet them there."""
