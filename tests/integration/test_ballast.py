"""The catalogue can always write: on disks that are really filled to the last byte."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rushes.catalogue import projects
from rushes.catalogue.ballast import KEPT_FOR_VITAL, SIZE, SLICES, Ballast
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.integrity import complaints
from rushes.domain.errors import CatalogueFullError
from rushes.domain.generation import Done, Submitting
from rushes.domain.ids import ProjectId, new_id
from rushes.domain.notice import ROOM_NOTICE
from rushes.domain.project import Project
from rushes.library.notices import Notices
from rushes.studio import SystemClock
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.studios import ask, look_at, studio_for

SLICE = SIZE // SLICES


@contextmanager
def filled(disk: Path) -> Iterator[Path]:
    """The disk without a single free byte, until the block is left."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        while free := shutil.disk_usage(disk).free:
            # An open studio may take some of it meanwhile.
            with contextlib.suppress(OSError):
                os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, free)
    assert os.statvfs(disk).f_bavail == 0
    try:
        yield filler
    finally:
        filler.unlink(missing_ok=True)


async def add(catalogue: Catalogue, name: str, *, vital: bool = False) -> None:
    new = Project(ProjectId(new_id()), name, new_id(), datetime.now(UTC))
    await catalogue.write(lambda transaction: projects.insert(transaction, new), vital=vital)


async def add_until_refused(catalogue: Catalogue, *, vital: bool = False) -> None:
    for _ in range(SLICES * 4):
        await add(catalogue, "x" * (SLICE // 2), vital=vital)


async def test_a_disk_filled_inside_the_submit_cannot_lose_the_ticket_or_the_result(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with small_disk(tmp_path / "disk", "400m") as disk:
        async with studio_for(disk, fal) as studio:
            [(project, _)] = await studio.projects.list_all()
            [planned] = await studio.pipeline.generate(
                project.id, ask("a heron [fault:submit-slow]")
            )
            while not isinstance((await studio.generations.get(planned.id)).state, Submitting):
                await asyncio.sleep(0.005)
            with filled(disk):
                assert (await studio.generations.get(planned.id)).ticket is None
                fal.release()
                while (await studio.generations.get(planned.id)).asset_id is None:
                    await asyncio.sleep(0.01)
                assert studio.catalogue.ballast.held < SIZE
                # Another process sees it in the files themselves.
                with sqlite3.connect(disk / "catalogue.sqlite") as other:
                    [(request, document)] = other.execute(
                        "SELECT request_id, document FROM generations"
                    )
                assert request == next(iter(fal.ledger)).request_id
                assert "video" in document
            await studio.pipeline.until_quiet()
            generation, asset = await look_at(studio, planned.id)
            assert await studio.catalogue.read(complaints) == []
    assert isinstance(generation.state, Done)
    assert asset is not None
    assert asset.media.state == "saved"
    assert len(fal.ledger) == 1
    assert len([seen for seen in fal.seen if seen.method == "POST"]) == 1


async def test_ordinary_writes_leave_the_last_of_it_for_what_must_not_be_forgotten(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        catalogue = await Catalogue.open(disk / "catalogue.sqlite")
        try:
            with filled(disk):
                with pytest.raises(CatalogueFullError):
                    await add_until_refused(catalogue)
                assert catalogue.ballast.held == KEPT_FOR_VITAL * SLICE
                with pytest.raises(CatalogueFullError):
                    await add(catalogue, "x" * (SLICE // 2))
                await add(catalogue, "vital" * (SLICE // 10), vital=True)
                assert catalogue.ballast.held < KEPT_FOR_VITAL * SLICE
            listed = await catalogue.read(projects.list_all)
        finally:
            await catalogue.close()
    assert "vital" in {one.name[:5] for one, _ in listed}


async def test_when_all_of_it_is_used_up_the_write_says_so_and_works_after_room_is_made(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        catalogue = await Catalogue.open(disk / "catalogue.sqlite")
        try:
            with filled(disk):
                with pytest.raises(CatalogueFullError):
                    await add_until_refused(catalogue, vital=True)
                assert catalogue.ballast.held == 0
            await add(catalogue, "after")
            assert await catalogue.read(complaints) == []
        finally:
            await catalogue.close()


def test_it_is_really_taken_from_the_disk_and_given_back(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        before = shutil.disk_usage(disk).free
        ballast = Ballast(disk / "ballast")
        ballast.take()
        assert before - shutil.disk_usage(disk).free == SIZE
        while ballast.give(vital=True):
            pass
        assert shutil.disk_usage(disk).free == before


def test_it_is_taken_again_only_when_as_much_again_stays_free(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        ballast = Ballast(disk / "ballast", look_again=0)
        ballast.take()
        assert ballast.give(vital=False)
        with filled(disk):
            ballast.take()
            assert ballast.held == SIZE - SLICE
        ballast.take()
        assert ballast.is_whole


def test_a_disk_too_small_for_it_is_left_alone(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "12m") as disk:
        ballast = Ballast(disk / "ballast")
        ballast.take()
        assert ballast.held == 0
        assert list(disk.iterdir()) == []


def test_what_an_earlier_run_left_of_it_is_counted(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        first = Ballast(disk / "ballast")
        first.take()
        assert first.give(vital=True)
        with filled(disk):
            second = Ballast(disk / "ballast")
            second.take()
            assert second.held == SIZE - SLICE
            assert second.give(vital=True)


async def test_using_it_is_told_as_an_event_and_taken_back_when_there_is_room_again(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", "40m") as disk:
        catalogue = await Catalogue.open(disk / "catalogue.sqlite", look_again=0.05)
        told = Notices(catalogue, SystemClock())
        try:
            assert await told.list_newest() == []
            with filled(disk):
                place = catalogue.feed.place
                with pytest.raises(CatalogueFullError):
                    await add_until_refused(catalogue)
                [notice] = await told.list_newest()
                assert (notice.code, notice.project_id) == ("catalogue_room_used", None)
                assert notice.detail.startswith("4.2 MB of 8.4 MB are held back.")
                await catalogue.feed.wait_beyond(place)
                changes = catalogue.feed.since(place) or []
                assert ROOM_NOTICE in {change.id for _, change in changes}
                [dismissed] = await told.dismiss(None)
                assert dismissed.dismissed_at is not None
                assert await told.list_newest() == []
            async with asyncio.timeout(10):
                while not catalogue.ballast.is_whole:
                    await catalogue.feed.wait_beyond(catalogue.feed.place)
            assert (await told.get(ROOM_NOTICE)).count == 0
            assert await told.list_newest() == []
            assert [one.code for one in await told.list_newest(closed=True)] == [notice.code]
        finally:
            await catalogue.close()


async def test_a_disk_too_full_to_hold_it_back_is_told_from_the_start(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "4m") as disk:
        catalogue = await Catalogue.open(disk / "catalogue.sqlite")
        try:
            [notice] = await Notices(catalogue, SystemClock()).list_newest()
            assert notice.detail.startswith("0 bytes of 8.4 MB")
        finally:
            await catalogue.close()
