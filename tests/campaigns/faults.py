"""What stops a save, made to happen for real; then its cause goes, and one retry has to do.

In between every take is listed; afterwards it was bought once, and its file is the delivered one.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from rushes.domain.generation import Unconfirmed
from rushes.domain.listing import Filter
from rushes.domain.media_reference import SavedMedia, UnsavedMedia
from rushes.studio import Studio
from tests.campaigns.outcome import Outcome
from tests.campaigns.promises import all_broken, read_library
from tests.disks import read_only, small_disk
from tests.emulator import FalEmulator
from tests.programs import RUSHES, environment_for, rushes
from tests.studios import ask, studio_for

MEGABYTE = 2**20
CLIP_SIZE = 2 * MEGABYTE
TAKES = 3
WAIT_SECONDS = 60
LOCKED_SECONDS = 6.0
"""Longer than the catalogue waits for another program."""
FEWEST_FILES, MOST_FILES = 12, 48
"""Between the two is what one save needs."""
BLOCK = 512
"""Bytes: what ``ulimit -f`` counts in."""

CATALOGUE_GROWS = (150_000, 220_000)
"""Bytes between a new catalogue's log and the same after one take."""
PATIENCE_SECONDS = 8
"""A program that cannot write its catalogue waits for ever: it has things to keep."""

Clear = Callable[[], None]


@dataclass(frozen=True)
class Place:
    home: Path
    fal: FalEmulator
    rng: random.Random
    found: Counter[str]
    """How often which scenario was seen to fail how, before its cause went."""


def run(times: int, seed: int) -> Outcome:
    outcome = Outcome("faults", {"seed": seed, "rounds": times})
    found: Counter[str] = Counter()
    for number in range(times):
        for name, scenario in SCENARIOS.items():
            try:
                broken = _try(scenario, seed + number, found)
            except pytest.skip.Exception as reason:
                outcome.skipped[name] = str(reason)
            except TimeoutError:
                outcome.violations.append(f"{name}, seed {seed + number}: not well in time")
            else:
                outcome.violations += [f"{name}, seed {seed + number}: {one}" for one in broken]
    outcome.figures |= dict(sorted(found.items()))
    return outcome


def _try(scenario: Callable[[Place], list[str]], seed: int, found: Counter[str]) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="rushes-faults-") as folder, FalEmulator() as fal:
        fal.settings.clip_seconds = 1
        fal.settings.big_bytes = CLIP_SIZE
        return scenario(Place(Path(folder) / "library", fal, random.Random(seed), found))


# In one process: a disk that fails while the studio is open, and is well again --------------------


@contextmanager
def full_disk(media: Path) -> Iterator[Clear]:
    with small_disk(media, "16m"):
        filler = media / "filler"
        filler.write_bytes(bytes(15 * MEGABYTE))
        yield filler.unlink


@contextmanager
def read_only_disk(media: Path) -> Iterator[Clear]:
    media.mkdir(parents=True)
    with ExitStack() as stack:
        stack.enter_context(read_only(media))
        yield stack.close


@contextmanager
def file_in_its_place(media: Path) -> Iterator[Clear]:
    media.parent.mkdir(parents=True)
    media.write_text("not a folder")
    yield media.unlink


def stopped_by(
    cause: Callable[[Path], AbstractContextManager[Clear]],
) -> Callable[[Place], list[str]]:
    def scenario(place: Place) -> list[str]:
        with cause(place.home / "media") as clear:
            return asyncio.run(_saved_after(place, cause.__name__.replace("_", " "), clear))

    return scenario


async def _saved_after(place: Place, name: str, clear: Clear) -> list[str]:
    async with studio_for(place.home, place.fal) as studio, asyncio.timeout(WAIT_SECONDS):
        [(project, _)] = await studio.projects.list_all()
        planned = [
            one
            for number in range(TAKES)
            for one in await studio.pipeline.generate(
                project.id, ask(f"Take {number} [fault:media-big]")
            )
        ]
        unsaved = [await _until_unsaved(studio, one.id) for one in planned]
        for media in unsaved:
            place.found[f"{name}: {media.failure.problem.code}"] += 1
        page, _ = await studio.assets.page(Filter())
        listed = {asset.id for asset in page.items}
        clear()
        for asset_id in listed:
            await studio.pipeline.recovery.retry([asset_id])
        await studio.pipeline.until_quiet()
    lost = [] if len(listed) == TAKES else [f"only {len(listed)} of {TAKES} were listed"]
    return [*lost, *await _what_is_wrong(place, [one.id for one in planned])]


async def _until_unsaved(studio: Studio, generation_id: str) -> UnsavedMedia:
    while True:
        generation = await studio.generations.get(generation_id)
        if generation.asset_id is not None:
            media = (await studio.assets.get(generation.asset_id)).media
            if isinstance(media, UnsavedMedia):
                return media
        await asyncio.sleep(0.02)


def removed_folder(place: Place) -> list[str]:
    """The folder goes while a clip is being written into it."""

    async def scenario() -> list[str]:
        async with studio_for(place.home, place.fal) as studio, asyncio.timeout(WAIT_SECONDS):
            [(project, _)] = await studio.projects.list_all()
            wanted = ask("Gone while it came [fault:media-slow]")
            planned = await studio.pipeline.generate(project.id, wanted)
            while not list((place.home / "media").rglob("*.part")):
                await asyncio.sleep(0.005)
            shutil.rmtree(place.home / "media")
            await studio.pipeline.until_quiet()
        place.found["folder removed while a clip was written"] += 1
        return await _what_is_wrong(place, [one.id for one in planned])

    return asyncio.run(scenario())


def locked_catalogue(place: Place) -> list[str]:
    """Another program holds the catalogue, longer than Rushes waits for it."""

    async def scenario() -> list[str]:
        async with studio_for(place.home, place.fal) as studio, asyncio.timeout(WAIT_SECONDS):
            [(project, _)] = await studio.projects.list_all()
            wanted = ask("Locked out", "ltx-2.3-fast", "ltx-2.3-pro", "ltx-2-fast")
            planned = await studio.pipeline.generate(project.id, wanted)
            await asyncio.sleep(place.rng.uniform(0, 0.3))
            with closing(sqlite3.connect(place.home / "catalogue.sqlite")) as other:
                other.execute("BEGIN IMMEDIATE")
                place.found["catalogue locked by another program"] += 1
                await asyncio.sleep(LOCKED_SECONDS)
                other.rollback()
            await studio.pipeline.until_quiet()
        return await _what_is_wrong(place, [one.id for one in planned])

    return asyncio.run(scenario())


# As programs: a limit of the process itself -------------------------------------------------------


def too_few_open_files(place: Place) -> list[str]:
    most = place.rng.randint(FEWEST_FILES, MOST_FILES)
    return _limited(place, "open files", f"ulimit -n {most}")


def too_large_a_file(place: Place) -> list[str]:
    """The clip is larger than any file of the process may be; the catalogue is not."""
    most = place.rng.randint(MEGABYTE, CLIP_SIZE - 1)
    return _limited(place, "size of a file", f"ulimit -f {most // BLOCK}")


def too_small_for_the_catalogue(place: Place) -> list[str]:
    """The catalogue can be written at first and then no more, perhaps after the order was sent."""
    most = place.rng.randint(*CATALOGUE_GROWS)
    return _limited(place, "size of the catalogue", f"ulimit -f {most // BLOCK}")


def _limited(place: Place, name: str, limit: str) -> list[str]:
    """``rushes generate`` under the limit, and then ``rushes resume`` without it."""
    environment = environment_for(place.home, place.fal, RUSHES_SUBMIT_TIMEOUT="2")
    order = [*RUSHES, "generate", "Limited [fault:media-big]", "-m", "ltx-2.3-fast"]
    limited = subprocess.Popen(
        ["sh", "-c", f'{limit} && exec "$@"', "sh", *order],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ended = f"ended with {limited.wait(PATIENCE_SECONDS)}"
    except subprocess.TimeoutExpired:
        limited.kill()
        limited.wait()
        ended = "was still waiting, and was killed"
    place.found[f"{name}: rushes generate {ended}"] += 1
    resumed = rushes("resume", environment=environment)
    if "Traceback" in resumed.stderr:
        return [f"resume said: {resumed.stderr[-1000:]}"]
    return asyncio.run(_what_is_wrong(place, []))


async def _what_is_wrong(place: Place, answered: list[str]) -> list[str]:
    library = await read_library(place.home)
    broken = all_broken(library, place.fal, answered=answered)
    bought = {entry.payload["prompt"] for entry in place.fal.ledger}
    for one in library.generations:
        asset = library.by_generation.get(one.id)
        is_saved = asset is not None and isinstance(asset.media, SavedMedia)
        is_honest = isinstance(one.state, Unconfirmed) and one.request.prompt not in bought
        if not is_saved and not is_honest:
            broken.append(f"not saved after the cause was gone: {one.state} {asset}")
    return broken


SCENARIOS: dict[str, Callable[[Place], list[str]]] = {
    "full disk": stopped_by(full_disk),
    "read-only disk": stopped_by(read_only_disk),
    "a file in the folder's place": stopped_by(file_in_its_place),
    "removed folder": removed_folder,
    "locked catalogue": locked_catalogue,
    "too few open files": too_few_open_files,
    "too large a file": too_large_a_file,
    "catalogue that cannot grow": too_small_for_the_catalogue,
}
