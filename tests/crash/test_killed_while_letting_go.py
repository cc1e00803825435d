"""kill -9 at every commit and every file operation of letting go of a saved clip.

Afterwards there is the file, saved, or no file and an address that has the same bytes.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from rushes.domain.listing import Filter
from rushes.domain.media_reference import SavedMedia, UrlOnlyMedia
from tests.emulator import FalEmulator
from tests.programs import environment_for, run
from tests.studios import ask, studio_for, take

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


async def make_library(home: Path, fal: FalEmulator) -> bytes:
    """One saved clip that may be let go; its bytes."""
    async with studio_for(home, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        await studio.projects.change(project.id, may_let_go=True)
        _, asset = await take(studio, ask("a heron"))
        assert asset is not None
        assert isinstance(asset.media, SavedMedia)
        return (home / asset.media.path).read_bytes()


def run_victim(
    home: Path, fal: FalEmulator, place: str, number: int
) -> subprocess.CompletedProcess[str]:
    environment = environment_for(home, fal)
    return run("tests.crash.letting_go_victim", place, str(number), environment=environment)


async def what_is_wrong(home: Path, fal: FalEmulator, kept: bytes) -> str:
    """After the next start; empty when all is as promised."""
    async with studio_for(home, fal) as studio:
        page, _ = await studio.assets.page(Filter(), limit=10)
        [asset] = page.items
        files = [file.read_bytes() for file in (home / "media").rglob("*.mp4")]
        match asset.media:
            case SavedMedia() if files == [kept]:
                return ""
            case UrlOnlyMedia(url) if not files and httpx.get(url).content == kept:
                return ""
            case media:
                return f"{media} and {len(files)} files"


@pytest.mark.parametrize(
    ("place", "counted"),
    [("before-commit", "commits"), ("after-commit", "commits"), ("file", "files")],
)
async def test_killed_at_every_place_there_is_the_file_or_a_proven_address(
    tmp_path: Path, fal: FalEmulator, place: str, counted: str
) -> None:
    kept = await make_library(tmp_path / "made", fal)
    shutil.copytree(tmp_path / "made", tmp_path / "whole")
    whole = run_victim(tmp_path / "whole", fal, "never", 0)
    assert whole.returncode == 0, whole.stderr
    number_of_places = json.loads(whole.stdout)[counted]
    assert number_of_places >= 1
    wrong = []
    for number in range(1, number_of_places + 1):
        home = tmp_path / str(number)
        shutil.copytree(tmp_path / "made", home)
        killed = run_victim(home, fal, place, number)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        if found := await what_is_wrong(home, fal, kept):
            wrong.append(f"{place} {number}: {found}")
    assert not wrong
    assert len(fal.ledger) == 1
