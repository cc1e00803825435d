"""Whole programs that are stopped by a limit, a lock, a torn page, or a folder they may not use."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from typing import Any

import pytest

from rushes.domain.errors import CatalogueCorruptError, CatalogueLockedError, StoreUnavailableError
from rushes.domain.listing import Filter
from rushes.studio import Studio
from tests.campaigns.bench import ONCE
from tests.campaigns.place import CLIP_SIZE, MEGABYTE, WAIT_SECONDS, Place, what_is_wrong
from tests.campaigns.promises import read_library
from tests.emulator import FalEmulator
from tests.programs import RUSHES, environment_for, rushes
from tests.studios import ask, studio_for, take

LOCKED_SECONDS = 6.0
"""Longer than the catalogue waits for another program."""
FEWEST_FILES, MOST_FILES = 13, 24
"""Between the two is what one save needs; with fewer Python itself does not start."""
PAGE = 4096
"""Bytes of a page of the catalogue."""
BLOCK = 512
"""Bytes: what ``ulimit -f`` counts in."""
PATIENCE_SECONDS = 8
"""A program that cannot write its catalogue waits for ever: it has things to keep."""
LOOK_SECONDS = 0.1
"""Between two looks while nothing is told, as nothing can be written."""
TOO_FEW = {
    "saved",
    "url_only, too_many_open_files",
    "unsaved, too_many_open_files",
    "too_many_open_files",
    "planned, provider_unreachable",
    "url_only, download_failed",
}
"""A socket that cannot be opened is a connection that was not made."""
TOO_LARGE = {"saved", "url_only, store_unavailable", "unsaved, store_unavailable"}


def locked_catalogue(place: Place) -> list[str]:
    """Another program holds the catalogue, longer than Rushes waits for it."""

    async def scenario() -> list[str]:
        async with studio_for(place.home, place.fal) as studio, asyncio.timeout(WAIT_SECONDS):
            [(project, _)] = await studio.projects.list_all()
            wanted = ask(f"Locked out {ONCE}", "ltx-2.3-fast", "ltx-2.3-pro", "ltx-2-fast")
            planned = await studio.pipeline.generate(project.id, wanted)
            await asyncio.sleep(place.rng.uniform(0, 0.3))
            watching = asyncio.create_task(_codes_until_quiet(studio))
            with closing(sqlite3.connect(place.home / "catalogue.sqlite")) as other:
                other.execute("BEGIN IMMEDIATE")
                place.found["catalogue locked by another program"] += 1
                await asyncio.sleep(LOCKED_SECONDS)
                other.rollback()
            codes = await watching
        place.found.update(f"catalogue locked: {code}" for code in codes)
        others = codes - {CatalogueLockedError.code}
        broken = [f"a locked catalogue was called {others}"] if others else []
        return [*broken, *await what_is_wrong(place, [one.id for one in planned])]

    return asyncio.run(scenario())


async def _codes_until_quiet(studio: Studio) -> set[str]:
    """What the assets are said to have failed by, until nothing is under way any more."""
    codes: set[str] = set()
    feed = studio.catalogue.feed
    while studio.pipeline.driven():
        place = feed.place
        page, _ = await studio.assets.page(Filter())
        failures = [getattr(asset.media, "failure", None) for asset in page.items]
        codes |= {failure.problem.code for failure in failures if failure is not None}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await feed.wait_beyond(place)
    return codes


def torn_catalogue(place: Place) -> list[str]:
    """A page of the catalogue is lost while some takes are saved and some are on their way."""
    orders = ["Saved", "On its way [fault:media-slow]", "Asked [fault:status-500*3]"]

    async def make() -> None:
        async with studio_for(place.home, place.fal) as studio, asyncio.timeout(WAIT_SECONDS):
            [(project, _)] = await studio.projects.list_all()
            planned = [
                one
                for prompt in orders
                for one in await studio.pipeline.generate(project.id, ask(prompt))
            ]
            while not (await studio.generations.get(planned[0].id)).is_ended:
                await asyncio.sleep(0.01)
            while len(place.fal.ledger) < len(orders):
                await asyncio.sleep(0.01)

    asyncio.run(make())
    page = _tear(place)
    environment = environment_for(place.home, place.fal, RUSHES_SUBMIT_TIMEOUT="2")
    opened = rushes("assets", "--json", environment=environment)
    if opened.returncode == 0:
        place.found["torn catalogue: the page was in no use"] += 1
    else:
        code = json.loads(opened.stdout)["problem"]["code"]
        place.found[f"torn catalogue: {code}"] += 1
        if code != CatalogueCorruptError.code:
            return [f"page {page}: a torn catalogue was called {code}"]
        repaired = rushes("repair", "--rebuild", "--apply", environment=environment)
        if repaired.returncode != 0:
            return [f"page {page}: repair said {repaired.stdout} {repaired.stderr}"]
    resumed = rushes("resume", environment=environment)
    if "Traceback" in resumed.stderr:
        return [f"page {page}: resume said {resumed.stderr[-1000:]}"]
    broken = asyncio.run(what_is_wrong(place, []))
    library = asyncio.run(read_library(place.home))
    listed = {one.request.prompt for one in library.generations}
    broken += [f"{prompt!r} is not listed" for prompt in orders if prompt not in listed]
    return [f"page {page}: {one}" for one in broken]


def _tear(place: Place) -> int:
    """Random bytes in the place of one page, the first one included. Returns its number."""
    file = place.home / "catalogue.sqlite"
    pages = file.stat().st_size // PAGE
    page = place.rng.randrange(pages)
    with file.open("r+b") as opened:
        opened.seek(page * PAGE)
        opened.write(place.rng.randbytes(PAGE))
    return page + 1


def forbidden_folder(place: Place) -> list[str]:
    """The media folder may not be written to. Root is tried without its right to do so anyway."""
    run_as = who_can_be_refused()
    media = place.home / "media"
    media.mkdir(parents=True)
    media.chmod(0o555)
    environment = environment_for(place.home, place.fal)
    order = [*run_as, *RUSHES, "generate", f"Forbidden {ONCE}", "-m", "ltx-2.3-fast", "--json"]
    refused = run(order, environment)
    told = _told(refused.stdout)
    place.found.update(f"forbidden folder: {one}" for one in told)
    if told != {"unsaved, permission_denied"}:
        return [f"generate told of {told}, not of a permission: {refused.stderr[-1000:]}"]
    media.chmod(0o755)
    resumed = run([*run_as, *RUSHES, "resume"], environment)
    if resumed.returncode != 0:
        return [f"resume said {resumed.stderr[-1000:]}"]
    return asyncio.run(what_is_wrong(place, []))


def who_can_be_refused() -> list[str]:
    """What to put before a command, so that it keeps to the modes of files."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root is never refused, and there is no setpriv to give that right up")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=WAIT_SECONDS
    )


def _told(document: str) -> set[str]:
    """In what states a program left its takes, and by what codes; empty when it said nothing."""
    if not document:
        return set()
    said = json.loads(document)
    if "problem" in said:
        return {str(said["problem"]["code"])}
    there = {asset["origin"]["generation_id"]: asset["media"] for asset in said["assets"]}
    return {
        _in_words(there.get(one["id"], {}).get("state", one["state"]), failure)
        for one in said["generations"]
        for failure in [there[one["id"]]["error"] if one["id"] in there else one["problem"]]
    }


def _in_words(state: str, failure: Any) -> str:
    return state if failure is None else f"{state}, {failure['code']}"


def too_few_open_files(place: Place) -> list[str]:
    most = place.rng.randint(FEWEST_FILES, MOST_FILES)
    return _limited(place, "open files", f"ulimit -n {most}", TOO_FEW)


def too_large_a_file(place: Place) -> list[str]:
    """The clip is larger than any file of the process may be; the catalogue is not."""
    most = place.rng.randint(MEGABYTE, CLIP_SIZE - 1)
    return _limited(place, "size of a file", f"ulimit -f {most // BLOCK}", TOO_LARGE)


def too_small_for_the_catalogue(place: Place) -> list[str]:
    """The catalogue can be written at first and then no more, perhaps after the order was sent."""
    most = place.rng.randint(*asyncio.run(_growth_of_the_log(place)))
    expected = TOO_LARGE | {StoreUnavailableError.code}
    return _limited(place, "size of the catalogue", f"ulimit -f {most // BLOCK}", expected)


async def _growth_of_the_log(place: Place) -> tuple[int, int]:
    """Bytes of a new catalogue's log, and of the same after one take that was saved."""
    home = place.home.with_name("measured")
    log = home / "catalogue.sqlite-wal"
    with FalEmulator() as fal:
        fal.settings.clip_seconds = 1
        async with studio_for(home, fal) as studio, asyncio.timeout(WAIT_SECONDS):
            new = log.stat().st_size
            await take(studio, ask("Measured"))
            return new, log.stat().st_size


def _limited(place: Place, name: str, limit: str, expected: set[str]) -> list[str]:
    """``rushes generate`` under the limit, and then ``rushes resume`` without it.

    What it held in memory ends with it, so here the provider keeps the clip.
    """
    environment = environment_for(place.home, place.fal, RUSHES_SUBMIT_TIMEOUT="2")
    order = [*RUSHES, "generate", "Limited [fault:media-big]", "-m", "ltx-2.3-fast", "--json"]
    with tempfile.TemporaryFile("w+") as output:
        limited = subprocess.Popen(
            ["sh", "-c", f'{limit} && exec "$@"', "sh", *order],
            env=environment,
            stdout=output,
            stderr=subprocess.DEVNULL,
        )
        was_killed = False
        try:
            ended = f"ended with {limited.wait(PATIENCE_SECONDS)}"
        except subprocess.TimeoutExpired:
            limited.kill()
            limited.wait()
            was_killed, ended = True, "was still waiting, and was killed"
        output.seek(0)
        told = _told(output.read())
    place.found[f"{name}: rushes generate {ended}: {', '.join(sorted(told)) or 'nothing'}"] += 1
    if told - expected or not (told or was_killed):
        return [f"it told of {told}, not of {expected}"]
    resumed = rushes("resume", environment=environment)
    if "Traceback" in resumed.stderr:
        return [f"resume said: {resumed.stderr[-1000:]}"]
    return asyncio.run(what_is_wrong(place, []))
