"""kill -9 at every commit and every file operation of relinking a missing clip.

Afterwards it is saved with its bytes, or still missing, and relinking it once more is enough.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from rushes.domain.listing import Filter
from rushes.domain.media_reference import MissingMedia, SavedMedia
from tests.emulator import FalEmulator
from tests.programs import environment_for, run
from tests.studios import ask, studio_for, take

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


async def make_library(home: Path, fal: FalEmulator) -> Path:
    """One clip whose file is missing; where its file is now."""
    kept = home.with_name("kept.mp4")
    async with studio_for(home, fal) as studio:
        _, asset = await take(studio, ask("a heron"))
        assert asset is not None
        assert isinstance(asset.media, SavedMedia)
        (home / asset.media.path).rename(kept)
        await studio.pipeline.recovery.retry([asset.id])
    return kept


def run_victim(
    home: Path, fal: FalEmulator, place: str, number: int, file: Path
) -> subprocess.CompletedProcess[str]:
    victim = ("tests.crash.relinking_victim", place, str(number), str(file))
    return run(*victim, environment=environment_for(home, fal))


async def what_is_wrong(home: Path, fal: FalEmulator, kept: bytes) -> str:
    """After the next start and a look; empty when all is as promised."""
    async with studio_for(home, fal) as studio:
        page, _ = await studio.assets.page(Filter(), limit=10)
        await studio.pipeline.recovery.retry([asset.id for asset in page.items])
        page, _ = await studio.assets.page(Filter(), limit=10)
        [asset] = page.items
    # Not before it is closed: it writes sidecars by the way.
    found = [file for file in (home / "media").rglob("*") if file.suffix in {".mp4", ".part"}]
    match asset.media:
        case SavedMedia(path) if [home / path] == found and found[0].read_bytes() == kept:
            return ""
        case MissingMedia() if not found:
            return ""
        case media:
            return f"{media} and {found}"


@pytest.mark.parametrize(
    ("place", "counted"),
    [("before-commit", "commits"), ("after-commit", "commits"), ("file", "files")],
)
async def test_killed_at_every_place_it_is_saved_whole_or_still_missing(
    tmp_path: Path, fal: FalEmulator, place: str, counted: str
) -> None:
    file = await make_library(tmp_path / "made", fal)
    shutil.copytree(tmp_path / "made", tmp_path / "whole")
    whole = run_victim(tmp_path / "whole", fal, "never", 0, file)
    assert whole.returncode == 0, whole.stderr
    number_of_places = json.loads(whole.stdout)[counted]
    assert number_of_places >= 1
    for number in range(1, number_of_places + 1):
        home = tmp_path / str(number)
        shutil.copytree(tmp_path / "made", home)
        killed = run_victim(home, fal, place, number, file)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert await what_is_wrong(home, fal, file.read_bytes()) == "", f"{place} {number}"
        if not list((home / "media").rglob("*.mp4")):
            assert run_victim(home, fal, "never", 0, file).returncode == 0
    assert len(fal.ledger) == 1
