"""kill -9 at every commit and every file operation of the way from a prompt to a saved clip."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from rushes.catalogue.assets import get as get_asset
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.generations import Filter, list_newest
from rushes.domain.asset import Asset
from rushes.domain.generation import Done, Generation, Unconfirmed
from rushes.domain.media_reference import SavedMedia
from tests import programs
from tests.emulator import FalEmulator

pytestmark = [pytest.mark.crash, pytest.mark.timeout(420)]

AT_ONCE = 2


@pytest.fixture(scope="module")
def fal() -> Iterator[FalEmulator]:
    with FalEmulator() as emulator:
        emulator.settings.clip_seconds = 1
        yield emulator


@dataclass(frozen=True)
class Run:
    place: str
    number: int
    home: Path

    @property
    def prompt(self) -> str:
        return f"killed {self.place} {self.number}"


def start(fal: FalEmulator, run: Run, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "RUSHES_HOME": str(run.home),
        "FAL_KEY": fal.key,
        "RUSHES_FAL_QUEUE_URL": fal.queue_url,
        "RUSHES_FAL_PLATFORM_URL": fal.platform_url,
        "RUSHES_MEDIA_HOSTS": fal.media_host,
        "RUSHES_SUBMIT_TIMEOUT": "3",
    }
    return programs.run("tests.crash.victim", *arguments, environment=environment)


def kill_and_resume(fal: FalEmulator, run: Run) -> str:
    """Returns what is wrong afterwards; empty when all is as promised."""
    killed = start(fal, run, run.place, str(run.number), run.prompt)
    if killed.returncode != -signal.SIGKILL:
        return f"was not killed: {killed.returncode} {killed.stderr}"
    resumed = start(fal, run, "never", "0")
    if resumed.returncode != 0:
        return f"could not go on: {resumed.stderr}"
    submits = [entry for entry in fal.ledger if entry.payload["prompt"] == run.prompt]
    return asyncio.run(what_is_wrong(run, len(submits)))


async def what_is_wrong(run: Run, submits: int) -> str:
    catalogue = await Catalogue.open(run.home / "catalogue.sqlite")
    try:
        page = await catalogue.read(lambda connection: list_newest(connection, Filter()))
        assets = [
            await catalogue.read(lambda connection, one=one: get_asset(connection, one.asset_id))
            for one in page.items
            if one.asset_id is not None
        ]
    finally:
        await catalogue.close()
    return wrong_in(run, page.items, assets, submits)


def wrong_in(run: Run, generations: list[Generation], assets: list[Asset], submits: int) -> str:
    match [one.state for one in generations]:
        case [] if submits == 0:
            return wrong_files(run, [])
        case [Unconfirmed()] if submits == 0:
            # Killed after the intent and before the POST: it cannot be known here that nothing was
            # sent, so nothing is sent again.
            return wrong_files(run, [])
        case [Done()] if submits == 1:
            return wrong_files(run, assets)
        case states:
            return f"{submits} submits and {states}"


def wrong_files(run: Run, assets: list[Asset]) -> str:
    files = [path for path in (run.home / "media").rglob("*") if path.is_file()]
    sidecars = [path for path in files if path.suffix == ".json"]
    if len(files) != 2 * len(assets) or len(sidecars) != len(assets):
        return f"files {files} for {len(assets)} assets"
    for asset in assets:
        assert isinstance(asset.media, SavedMedia)
        kept = (run.home / asset.media.path).read_bytes()
        if kept != httpx.get(asset.media.url or "").content:
            return f"{asset.media.path} differs from what was delivered"
    return ""


def places(fal: FalEmulator, home: Path) -> dict[str, int]:
    """How many commits and file operations one generation takes when nothing is killed."""
    whole = start(fal, Run("never", 0, home), "never", "0", "not killed")
    assert whole.returncode == 0, whole.stderr
    counted: dict[str, int] = json.loads(whole.stdout)
    return counted


@pytest.mark.parametrize(
    ("place", "counted"),
    [("before-commit", "commits"), ("after-commit", "commits"), ("file", "files")],
)
def test_killed_at_every_place_it_is_bought_once_and_saved_whole(
    fal: FalEmulator, tmp_path: Path, place: str, counted: str
) -> None:
    number_of_places = places(fal, tmp_path / "whole")[counted]
    assert number_of_places >= 3
    runs = [Run(place, number, tmp_path / str(number)) for number in range(1, number_of_places + 1)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda run: kill_and_resume(fal, run), runs))
    wrong = [f"{run.prompt}: {what}" for run, what in zip(runs, found, strict=True) if what]
    assert not wrong, "\n".join(wrong)
    outcomes = [
        entry for entry in fal.ledger if entry.payload["prompt"].startswith(f"killed {place}")
    ]
    assert len(outcomes) >= number_of_places - 3
