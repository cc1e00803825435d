"""The store fails for real in every way; no byte that was bought is dropped, nothing bought twice.

Each fault is made by the system itself: full and read-only disks, folders that are gone or may not
be written to, names that are too long, limits of open files and of file sizes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from rushes.catalogue import generations, tables
from rushes.domain.asset import Asset
from rushes.domain.errors import DiskFullError
from rushes.domain.generation import Done, Generation, Saving
from rushes.domain.media_reference import (
    InMemory,
    InSpool,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.pipeline.pace import Backoff
from rushes.studio import Studio, open_studio
from tests.disks import read_only, small_disk
from tests.emulator import FalEmulator
from tests.integration.repairs import mend
from tests.programs import environment_for
from tests.server.conftest import client_of
from tests.studios import QUICK, ask, look_at, settings_for, studio_for

NEVER = Backoff(first=3600, factor=1, longest=3600)
ONLY_WHEN_ASKED = replace(QUICK, storage=NEVER)
BIG = 3 * 2**20
"""Of a clip: more than a small disk holds, so that the disk fills up in the middle of it."""
FOLDER = "media/First-project"


@dataclass
class Library:
    """A library whose media folder is about to fail."""

    home: Path
    fal: FalEmulator

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def spool(self) -> Path:
        return self.home.with_name(f"{self.home.name}-spool")

    @property
    def waiting(self) -> list[Path]:
        return [path for path in self.spool.rglob("*") if path.is_file()]

    @property
    def drafts(self) -> list[Path]:
        return [path for path in self.media.rglob(".*.part") if path.is_file()]

    def downloads(self) -> int:
        return len([seen for seen in self.fal.seen if seen.host == "media"])


@pytest.fixture
def library(tmp_path: Path, fal: FalEmulator) -> Library:
    fal.settings.big_bytes = BIG
    fal.settings.slow_piece_seconds = 0.05
    home = tmp_path / "library"
    (home / FOLDER).mkdir(parents=True)
    return Library(home, fal)


async def begin(studio: Studio, prompt: str = "a heron [fault:media-big]") -> str:
    [(project, _)] = await studio.projects.list_all()
    [planned] = await studio.pipeline.generate(project.id, ask(prompt))
    return planned.id


async def until_failed(studio: Studio, generation_id: str) -> Asset:
    """Return once a try to save has failed."""
    while True:
        generation, asset = await look_at(studio, generation_id)
        assert not isinstance(generation.state, Done), "the store has not failed"
        if asset is not None and getattr(asset.media, "failure", None) is not None:
            return asset
        await asyncio.sleep(0.01)


async def ask_again(studio: Studio, asset: Asset) -> None:
    """Twice, and from two places at once."""
    await asyncio.gather(*(studio.pipeline.recovery.retry([asset.id]) for _ in range(2)))
    await studio.pipeline.recovery.retry([asset.id])
    await asyncio.wait_for(studio.pipeline.until_quiet(), 30)


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def saved_whole(library: Library, generation: Generation, asset: Asset | None) -> str:
    """Check that the clip is here as it was delivered, bought once. Returns its hash."""
    assert isinstance(generation.state, Done)
    assert asset is not None
    assert isinstance(asset.media, SavedMedia)
    assert asset.facts is not None
    file = library.home / asset.media.path
    delivered = httpx.get(asset.media.url or "").content
    assert file.read_bytes() == delivered
    assert asset.media.sha256 == hash_of(file)
    assert len(library.fal.ledger) == 1
    assert not library.drafts
    assert not library.waiting
    return asset.media.sha256


# --- the faults -----------------------------------------------------------------------------------


def full(library: Library) -> AbstractContextManager[Path]:
    shutil.rmtree(library.media)
    return small_disk(library.media)


def on_read_only_disk(library: Library) -> AbstractContextManager[Path]:
    return read_only(library.media)


@contextmanager
def unwritable(library: Library) -> Iterator[None]:
    """Not even root may change what is in it."""
    folder = library.home / FOLDER
    made = subprocess.run(["chattr", "+i", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("this machine does not let a test make a folder immutable")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", folder], check=True)


@contextmanager
def a_file_in_its_place(library: Library) -> Iterator[None]:
    shutil.rmtree(library.media, ignore_errors=True)
    library.media.write_text("not a folder")
    yield
    library.media.unlink()


@contextmanager
def removed(library: Library) -> Iterator[None]:
    shutil.rmtree(library.media)
    yield


Fault = Callable[[Library], AbstractContextManager[object]]


@asynccontextmanager
async def failed_at_once(
    library: Library, fault: Fault, **changes: object
) -> AsyncIterator[tuple[Studio, Asset, Callable[[], None]]]:
    """A take that could not be saved because the store had failed before it began."""
    async with studio_for(library.home, library.fal, pace=ONLY_WHEN_ASKED, **changes) as studio:
        failing = fault(library)
        failing.__enter__()
        ended = [False]

        def cure() -> None:
            if not ended[0]:
                ended[0] = True
                failing.__exit__(None, None, None)

        try:
            yield studio, await until_failed(studio, await begin(studio)), cure
        finally:
            cure()


# --- the spool ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (full, "disk_full"),
        (on_read_only_disk, "read_only"),
        (unwritable, "permission_denied"),
        (a_file_in_its_place, "store_missing"),
    ],
)
async def test_what_the_store_refuses_waits_in_the_spool_and_is_saved_by_one_retry(
    library: Library, fault: Fault, code: str
) -> None:
    async with failed_at_once(library, fault) as (studio, asset, cure):
        assert isinstance(asset.media, UnsavedMedia)
        failure = asset.media.failure
        assert (failure.problem.code, failure.attempts, failure.problem.retryable) == (
            code,
            1,
            True,
        )
        assert isinstance(asset.media.held, InSpool)
        [file] = library.waiting
        assert (file.stat().st_size, hash_of(file)) == (asset.media.held.size, file.name[-64:])
        assert asset.facts is not None
        await studio.pipeline.recovery.retry([asset.id])
        while (await studio.assets.get(asset.id)).media.failure.attempts < 2:
            await asyncio.sleep(0.01)
        assert [file] == library.waiting
        cure()
        await ask_again(studio, asset)
        generation, after = await look_at(studio, asset.origin.generation_id)
        assert library.downloads() == 1
    assert saved_whole(library, generation, after) == asset.media.held.sha256


@pytest.mark.parametrize(
    ("fault", "code"), [(unwritable, "permission_denied"), (removed, "store_missing")]
)
async def test_a_folder_that_fails_while_bytes_come_does_not_make_them_come_twice(
    library: Library, fault: Fault, code: str
) -> None:
    async with studio_for(library.home, library.fal, pace=ONLY_WHEN_ASKED) as studio:
        generation_id = await begin(studio, "a heron [fault:media-slow]")
        while not library.drafts:
            await asyncio.sleep(0.01)
        with fault(library):
            asset = await until_failed(studio, generation_id)
        assert isinstance(asset.media, UnsavedMedia)
        assert asset.media.failure.problem.code == code
        assert isinstance(asset.media.held, InSpool)
        shutil.rmtree(library.media, ignore_errors=True)
        with a_file_in_its_place(library):
            await studio.pipeline.recovery.retry([asset.id])
            while (await studio.assets.get(asset.id)).media.failure.attempts < 2:
                await asyncio.sleep(0.01)
            again = (await studio.assets.get(asset.id)).media
            assert isinstance(again, UnsavedMedia)
            assert again.held == asset.media.held
        await ask_again(studio, asset)
        generation, after = await look_at(studio, generation_id)
        assert library.downloads() == 1
    saved_whole(library, generation, after)


async def test_a_name_that_is_too_long_for_the_disk_loses_nothing(library: Library) -> None:
    async with studio_for(library.home, library.fal, pace=ONLY_WHEN_ASKED) as studio:
        await studio.catalogue.write(
            lambda transaction: transaction.connection.execute(
                tables.projects.update().values(folder="x" * 300)
            )
        )
        asset = await until_failed(studio, await begin(studio))
        assert isinstance(asset.media, UnsavedMedia)
        assert asset.media.failure.problem.code == "name_too_long"
        generation, _ = await look_at(studio, asset.origin.generation_id)
        assert isinstance(generation.state, Saving)
        shorter = replace(generation.state, path=f"{FOLDER}/take.mp4")
        await studio.catalogue.write(
            lambda transaction: generations.move(
                transaction, generation.id, shorter, now=generation.updated_at
            )
        )
        await ask_again(studio, asset)
        generation, after = await look_at(studio, generation.id)
        assert library.downloads() == 1
    saved_whole(library, generation, after)


async def test_what_waits_in_the_spool_is_there_after_a_restart(library: Library) -> None:
    async with failed_at_once(library, full) as (_, asset, _cure):
        [file] = library.waiting
    async with studio_for(library.home, library.fal) as studio:
        await asyncio.wait_for(studio.pipeline.until_quiet(), 30)
        generation, after = await look_at(studio, asset.origin.generation_id)
    assert library.downloads() == 1
    assert saved_whole(library, generation, after) == file.name[-64:]


async def test_a_disk_that_has_room_again_is_noticed_without_being_asked(library: Library) -> None:
    shutil.rmtree(library.media)
    with small_disk(library.media) as disk:
        async with studio_for(library.home, library.fal) as studio:
            asset = await until_failed(studio, await begin(studio))
            while (await studio.assets.get(asset.id)).media.failure.attempts < 4:
                await asyncio.sleep(0.01)
            problem = (await studio.assets.get(asset.id)).media.failure.problem
            assert problem.code == "disk_full"
            assert problem.facts["needed"] == BIG
            assert not library.drafts, "a disk that is known to be full is not written to"
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
            await asyncio.wait_for(studio.pipeline.until_quiet(), 30)
            generation, after = await look_at(studio, asset.origin.generation_id)
            assert library.downloads() == 1
            saved_whole(library, generation, after)


async def test_a_full_disk_with_the_catalogue_on_it_does_not_make_the_clip_come_twice(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with small_disk(tmp_path / "library", "400m") as home:
        library = Library(home, fal)
        async with studio_for(home, fal) as studio:
            fal.settings.slow_piece_seconds = 0.1
            generation_id = await begin(studio, "a heron [fault:media-slow]")
            while not library.drafts:
                await asyncio.sleep(0.01)
            filler = home / "filler"
            with filler.open("wb") as file:
                file.truncate(0)
                while shutil.disk_usage(home).free:
                    try:
                        file.write(bytes(min(2**20, shutil.disk_usage(home).free)))
                        file.flush()
                    except OSError:
                        break
            # The room that is held back for the catalogue may be enough for the clip too.
            generation, _ = await look_at(studio, generation_id)
            while not library.waiting and not generation.is_ended:
                await asyncio.sleep(0.01)
                generation, _ = await look_at(studio, generation_id)
            filler.unlink()
            await asyncio.wait_for(studio.pipeline.until_quiet(), 30)
            generation, asset = await look_at(studio, generation_id)
            assert library.downloads() == 1
        saved_whole(library, generation, asset)


async def test_a_catalogue_that_another_program_has_locked_does_not_make_the_clip_come_twice(
    library: Library,
) -> None:
    async with studio_for(library.home, library.fal) as studio:
        generation_id = await begin(studio, "a heron [fault:media-slow]")
        while not library.drafts:
            await asyncio.sleep(0.01)
        other = sqlite3.connect(library.home / "catalogue.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        while not [path for path in library.waiting if not path.name.startswith(".")]:
            await asyncio.sleep(0.01)
        other.execute("ROLLBACK")
        other.close()
        await asyncio.wait_for(studio.pipeline.until_quiet(), 60)
        generation, asset = await look_at(studio, generation_id)
        assert library.downloads() == 1
    saved_whole(library, generation, asset)


async def test_damaged_bytes_in_the_spool_are_thrown_away_and_come_again(library: Library) -> None:
    async with failed_at_once(library, full) as (studio, asset, cure):
        [file] = library.waiting
        damaged = bytearray(file.read_bytes())
        damaged[-1] ^= 1
        file.write_bytes(damaged)
        cure()
        await ask_again(studio, asset)
        generation, after = await look_at(studio, asset.origin.generation_id)
        assert library.downloads() == 2
    saved_whole(library, generation, after)


async def test_a_spool_that_was_emptied_makes_the_clip_come_again(library: Library) -> None:
    async with failed_at_once(library, full) as (studio, asset, cure):
        shutil.rmtree(library.spool)
        cure()
        await ask_again(studio, asset)
        generation, after = await look_at(studio, asset.origin.generation_id)
    saved_whole(library, generation, after)


async def test_a_foreign_file_under_the_name_stays_and_the_held_clip_gets_another(
    library: Library,
) -> None:
    async with failed_at_once(library, full) as (studio, asset, cure):
        generation, _ = await look_at(studio, asset.origin.generation_id)
        assert isinstance(generation.state, Saving)
        cure()
        foreign = library.home / generation.state.path
        foreign.parent.mkdir(parents=True)
        foreign.write_text("somebody's")
        await ask_again(studio, asset)
        generation, after = await look_at(studio, generation.id)
        assert library.downloads() == 1
    assert foreign.read_text() == "somebody's"
    saved_whole(library, generation, after)


async def test_what_is_bought_once_is_saved_once_however_often_it_is_asked_for(
    library: Library,
) -> None:
    async with failed_at_once(library, full) as (studio, asset, cure):
        cure()
        await ask_again(studio, asset)
        await ask_again(studio, asset)
        generation, after = await look_at(studio, asset.origin.generation_id)
        assert library.downloads() == 1
    saved_whole(library, generation, after)


async def test_a_start_removes_what_is_unfinished_or_saved_and_no_clip_that_nobody_knows(
    library: Library,
) -> None:
    async with failed_at_once(library, full):
        [file] = library.waiting
        unfinished = file.with_name(".cut.part")
        unfinished.write_text("cut off")
        nobodys = file.with_name("0" * 32 + "-" + "a" * 64)
        nobodys.write_text("perhaps all that is left of a paid clip")
        whole = file.read_bytes()
    async with studio_for(library.home, library.fal) as studio:
        assert not unfinished.exists()
        assert nobodys.exists()
        await asyncio.wait_for(studio.pipeline.until_quiet(), 30)
        assert library.waiting == [nobodys]
    # As after a crash between the commit and the removal.
    file.write_bytes(whole)
    async with open_studio(settings_for(library.home, library.fal)):
        assert library.waiting == [nobodys]


async def test_a_clip_that_waits_is_found_by_its_request_when_the_catalogue_was_lost(
    library: Library,
) -> None:
    async with failed_at_once(library, full) as (_, asset, _cure):
        assert library.waiting
    for file in library.home.glob("catalogue.sqlite*"):
        file.unlink()
    library.fal.afflict(library.fal.ledger[0].request_id, "media-404")
    await mend(library.home, library.fal, rebuild=True)
    async with studio_for(library.home, library.fal) as studio:
        await asyncio.wait_for(studio.pipeline.until_quiet(), 30)
        after = await studio.assets.get(asset.id)
        assert isinstance(asset.media, UnsavedMedia)
        assert isinstance(after.media, SavedMedia)
        assert after.media.sha256 == asset.media.held.sha256
    assert library.downloads() == 1
    assert not library.waiting


@contextmanager
def aside(path: Path, stand_in: Callable[[Path], object]) -> Iterator[None]:
    """Something else lies there for a while, which cannot be read as what it is."""
    kept = path.rename(path.with_name(f"{path.name}.aside"))
    stand_in(path)
    try:
        yield
    finally:
        path.rmdir() if path.is_dir() else path.unlink()
        kept.rename(path)


@pytest.mark.parametrize("is_one_clip", [True, False], ids=["the-clip", "the-folder"])
async def test_what_cannot_be_read_in_the_spool_stays_there_although_its_address_has_ended(
    library: Library, *, is_one_clip: bool
) -> None:
    async with failed_at_once(library, full) as (studio, asset, cure):
        cure()
        library.fal.afflict(library.fal.ledger[0].request_id, "media-404")
        [file] = library.waiting
        stand_in = (file, Path.mkdir) if is_one_clip else (file.parent, Path.touch)
        with aside(*stand_in):
            await studio.pipeline.recovery.retry([asset.id])
            while (await studio.assets.get(asset.id)).media.failure.attempts < 2:
                await asyncio.sleep(0.01)
            waits = (await studio.assets.get(asset.id)).media
            assert isinstance(waits, UnsavedMedia)
            assert isinstance(asset.media, UnsavedMedia)
            assert waits.held.sha256 == asset.media.held.sha256
            assert waits.failure.problem.code == "source_unreadable"
        await ask_again(studio, asset)
        _, after = await look_at(studio, asset.origin.generation_id)
        assert isinstance(after and after.media, SavedMedia)
        assert after.media.sha256 == asset.media.held.sha256
    assert not library.waiting
    assert len(library.fal.ledger) == 1


async def test_what_cannot_be_read_in_the_spool_comes_again_while_its_address_holds(
    library: Library,
) -> None:
    async with failed_at_once(library, full) as (studio, asset, cure):
        cure()
        [file] = library.waiting
        file.unlink()
        file.mkdir()
        await studio.pipeline.recovery.retry([asset.id])
        await asyncio.wait_for(studio.pipeline.until_quiet(), 30)
        _, after = await look_at(studio, asset.origin.generation_id)
        assert isinstance(after and after.media, SavedMedia)
        assert library.downloads() == 2


async def test_a_clip_that_this_machine_cannot_check_waits_until_it_can(library: Library) -> None:
    async with studio_for(library.home, library.fal, pace=ONLY_WHEN_ASKED) as studio:
        usual = studio.prober._limits
        studio.prober._limits = replace(usual, wall_seconds=0.0001)
        asset = await until_failed(studio, await begin(studio, "a heron"))
        assert isinstance(asset.media, UnsavedMedia)
        assert asset.media.failure.problem.code == "check_failed"
        assert isinstance(asset.media.held, InSpool)
        library.fal.afflict(library.fal.ledger[0].request_id, "media-404")
        studio.prober._limits = usual
        await ask_again(studio, asset)
        _, after = await look_at(studio, asset.origin.generation_id)
        assert isinstance(after and after.media, SavedMedia)
        assert after.facts is not None
        assert library.downloads() == 1
    assert not library.waiting


async def test_a_foreign_file_that_appears_while_the_clip_comes_does_not_make_it_come_twice(
    library: Library,
) -> None:
    async with studio_for(library.home, library.fal) as studio:
        generation_id = await begin(studio, "a heron [fault:media-slow]")
        while not library.drafts:
            await asyncio.sleep(0.01)
        generation, _ = await look_at(studio, generation_id)
        assert isinstance(generation.state, Saving)
        foreign = library.home / generation.state.path
        foreign.write_text("somebody's")
        await asyncio.wait_for(studio.pipeline.until_quiet(), 30)
        generation, after = await look_at(studio, generation_id)
        assert library.downloads() == 1
    assert foreign.read_text() == "somebody's"
    saved_whole(library, generation, after)


async def test_a_clip_in_the_spool_is_played_like_a_saved_one(library: Library) -> None:
    async with failed_at_once(library, full) as (studio, asset, cure), client_of(studio) as client:
        [file] = library.waiting
        shown = (await client.get(f"/api/assets/{asset.id}")).json()
        assert (shown["media"]["state"], shown["media"]["held"]) == ("unsaved", "spool")
        assert shown["media"]["sha256"] == file.name[-64:]
        address = f"/media/{asset.id}"
        whole = await client.get(address)
        assert (whole.status_code, whole.content) == (200, file.read_bytes())
        assert whole.headers["content-type"] == "video/mp4"
        part = await client.get(address, headers={"Range": "bytes=5-9"})
        assert (part.status_code, part.content) == (206, file.read_bytes()[5:10])
        poster = await client.get(f"{address}/poster")
        assert poster.headers["content-type"] == "image/jpeg"
        cure()
        await ask_again(studio, asset)
        assert (await client.get(address)).content == whole.content


# --- memory, and nothing --------------------------------------------------------------------------


async def test_with_store_and_spool_full_the_bytes_wait_in_memory(library: Library) -> None:
    with small_disk(library.spool):
        async with failed_at_once(library, full) as (studio, asset, cure):
            assert isinstance(asset.media, UnsavedMedia)
            assert asset.media.failure.problem.code == "disk_full"
            assert isinstance(asset.media.held, InMemory)
            assert asset.media.held.size == BIG
            with pytest.raises(DiskFullError):
                studio.held.spool.draft(asset.id, BIG)
            cure()
            await ask_again(studio, asset)
            generation, after = await look_at(studio, asset.origin.generation_id)
            assert library.downloads() == 1
            assert studio.held.find(asset.id) is None
            saved_whole(library, generation, after)


async def test_what_waited_in_memory_is_url_only_after_a_restart(library: Library) -> None:
    library.spool.write_text("a file where the spool should be")
    async with failed_at_once(library, full) as (_, asset, _cure):
        assert isinstance(asset.media, UnsavedMedia)
    async with open_studio(settings_for(library.home, library.fal)) as studio:
        after = await studio.assets.get(asset.id)
    assert after.media == UrlOnlyMedia(asset.media.url, failure=asset.media.failure)


async def test_with_no_place_left_the_clip_is_url_only_and_says_what_the_store_said(
    library: Library,
) -> None:
    settings = settings_for(library.home, library.fal)
    shutil.rmtree(library.media)
    with small_disk(library.spool), small_disk(library.media) as disk:
        async with open_studio(settings, pace=ONLY_WHEN_ASKED, memory_room=2**20) as studio:
            asset = await until_failed(studio, await begin(studio))
            assert isinstance(asset.media, UrlOnlyMedia)
            assert asset.media.failure is not None
            assert asset.media.failure.problem.code == "disk_full"
            downloads = library.downloads()
            await studio.pipeline.recovery.retry([asset.id])
            while (await studio.assets.get(asset.id)).media.failure.attempts < 2:
                await asyncio.sleep(0.01)
            assert library.downloads() == downloads, "nothing is fetched that cannot be kept"
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
            await ask_again(studio, asset)
            generation, after = await look_at(studio, asset.origin.generation_id)
        saved_whole(library, generation, after)


# --- limits of the process ------------------------------------------------------------------------


def as_anybody() -> list[str]:
    """How to start a process to which the modes of files apply; to root they do not."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("this machine cannot take root's rights from a process")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]


@pytest.mark.parametrize(
    ("limit", "code", "held"),
    [
        ("open-files", "too_many_open_files", "spool"),
        ("file-size", "store_unavailable", "memory"),
        ("folder", "permission_denied", "spool"),
    ],
)
def test_what_the_process_may_not_do_costs_no_bytes(
    library: Library, limit: str, code: str, held: str
) -> None:
    library.fal.settings.big_bytes = 24 * 2**20
    done = subprocess.run(
        [*as_anybody(), sys.executable, "-m", "tests.integration.limited_studio", limit],
        env=environment_for(library.home, library.fal),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["code"], told["held"]) == (code, held)
    assert library.downloads() == 1
    file = library.home / told["path"]
    assert file.read_bytes() == httpx.get(told["url"]).content
    assert hash_of(file) == told["sha256"]
    assert len(library.fal.ledger) == 1
    assert not library.waiting
