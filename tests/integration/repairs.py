"""Libraries to be mended, and the shop that mends them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from rushes.catalogue.assets import with_files
from rushes.doctor.mend import MendKind, Outcome, Plan
from rushes.domain.asset import Asset
from rushes.domain.generation import Generation
from rushes.domain.project import Project
from rushes.repair_shop import RepairShop, open_repair_shop
from rushes.studio import Studio
from tests.emulator import FalEmulator
from tests.sample_media import make_clip, make_image
from tests.studios import ask, settings_for, studio_for, take


@asynccontextmanager
async def shop_for(
    home: Path, fal: FalEmulator, *, rebuild: bool = False, change: bool = True
) -> AsyncIterator[RepairShop]:
    async with open_repair_shop(settings_for(home, fal), rebuild=rebuild, change=change) as shop:
        yield shop


async def mend(home: Path, fal: FalEmulator, *, rebuild: bool = False) -> list[Outcome]:
    async with shop_for(home, fal, rebuild=rebuild) as shop:
        plan = await shop.repair.look()
        return [await shop.repair.apply(one) for one in plan.mends]


async def look(home: Path, fal: FalEmulator, *, rebuild: bool = False) -> Plan:
    async with shop_for(home, fal, rebuild=rebuild, change=False) as shop:
        return await shop.repair.look()


def kinds(plan: Plan) -> list[MendKind]:
    return [one.kind for one in plan.mends]


async def import_file(studio: Studio, project_id: str, file: Path) -> Asset:
    async def pieces() -> AsyncIterator[bytes]:
        yield file.read_bytes()

    return await studio.imports.add(project_id, file.name, pieces())


Lists = tuple[list[Project], list[Asset], list[Generation]]


async def lists(studio: Studio) -> Lists:
    """All that a person can see of a library."""
    found = [one for one, _ in await studio.projects.list_all()]
    page = await studio.generations.list_newest()
    listed = await studio.catalogue.read(with_files)
    # How many bytes had come at a moment is of no interest once all are here.
    made = [replace(one, transfer=None) for one in page.items]
    return found, sorted(listed, key=lambda one: one.created_at), made


async def make(home: Path, fal: FalEmulator) -> Lists:
    """A library with takes, imports, ratings, a trash, and a second project."""
    async with studio_for(home, fal) as studio:
        first, asset = await take(studio, ask("a heron\nat dawn “nearly”", duration=6))
        await take(studio, ask("a heron\nat dawn “nearly”", duration=6))
        assert asset is not None
        await studio.assets.change(asset.id, name="Hero", rating=4, flag="pick")
        await studio.projects.change(first.project_id, name="Renamed")
        other = await studio.projects.create("Stills")
        image = await import_file(studio, other.id, make_image(home.parent / "still (1).png"))
        await studio.assets.change(image.id, trashed=True)
        await import_file(studio, other.id, make_clip(home.parent / "Ä shot.mp4"))
        return await lists(studio)


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, running_emulator: FalEmulator
) -> tuple[Path, Lists]:
    home = tmp_path_factory.mktemp("filled") / "library"
    running_emulator.reset()
    running_emulator.settings.clip_seconds = 1
    return home, asyncio.run(make(home, running_emulator))


@pytest.fixture
def before(home: Path, filled: tuple[Path, Lists]) -> Lists:
    """What is listed in the library that lies in ``home`` now."""
    shutil.copytree(filled[0], home)
    return filled[1]


def delete_catalogue(home: Path) -> None:
    for file in home.glob("catalogue.sqlite*"):
        file.unlink()


def zero_a_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(bytes(4096))


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def spoil_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(100))


def files_of(home: Path) -> dict[str, bytes]:
    media = home / "media"
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in media.rglob("*")
        if path.is_file()
    }


def whole(home: Path) -> dict[str, tuple[str, int]]:
    """Everything below the library folder: what each file holds, and when it was last written."""
    return {
        path.relative_to(home).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
        )
        for path in (home, *home.rglob("*"))
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "library"
