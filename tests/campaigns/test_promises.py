"""The checks of the campaigns can fail: each broken promise and each wrong order is seen."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rushes.domain.asset import Asset
from rushes.domain.media_reference import SavedMedia
from tests.campaigns import power, promises, trace
from tests.campaigns.promises import Library
from tests.emulator import FalEmulator
from tests.studios import ask, studio_for, take


@pytest.fixture
def fal():
    with FalEmulator() as emulator:
        emulator.settings.clip_seconds = 1
        yield emulator


@pytest.fixture
async def library(tmp_path: Path, fal: FalEmulator) -> Library:
    async with studio_for(tmp_path / "library", fal) as studio:
        await take(studio, ask("a heron"))
    return await promises.read_library(tmp_path / "library")


def clip_of(library: Library) -> Path:
    [asset] = library.assets
    assert isinstance(asset.media, SavedMedia)
    return library.home / asset.media.path


async def test_a_library_in_order_breaks_nothing(library: Library, fal: FalEmulator):
    answered = [library.generations[0].id]
    assert promises.all_broken(library, fal, answered=answered) == []


async def test_an_order_bought_twice_is_seen(library: Library, fal: FalEmulator):
    again = replace(fal.ledger[0], request_id="another")
    [twice, forgotten] = promises.broken_money(library, [fal.ledger[0], again], fal)
    assert twice.startswith("bought 2 times")
    assert forgotten.startswith("bought and forgotten: request another")


async def test_a_request_that_nobody_accepted_is_seen(library: Library, fal: FalEmulator):
    [found] = promises.broken_money(library, [], fal)
    assert "nobody accepted" in found


async def test_an_order_that_is_not_listed_is_seen(library: Library):
    [found] = promises.lost_orders(library, ["unknown"])
    assert found.startswith("lost: unknown")


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: b"x" + data[1:]])
async def test_a_file_that_differs_is_seen(library: Library, fal: FalEmulator, change):
    clip = clip_of(library)
    clip.write_bytes(change(clip.read_bytes()))
    described, delivered = promises.differing_files(library, fal)
    assert "is not the file that the catalogue describes" in described
    assert "differs from what was delivered" in delivered


async def test_a_file_that_is_gone_is_seen(library: Library, fal: FalEmulator):
    clip_of(library).unlink()
    [found] = promises.differing_files(library, fal)
    assert found.endswith("is called saved and is not there")


@pytest.mark.parametrize(
    "stray",
    [
        "media/First-project/x.mp4",
        "media/First-project/.x.part",
        "cache/.y.part",
        "cache/posters/z",
    ],
)
async def test_a_file_that_nobody_knows_is_seen(library: Library, stray: str):
    (library.home / stray).write_bytes(b"")
    assert stray.rpartition("/")[2] in " ".join(promises.stray_files(library))


async def test_a_torn_catalogue_is_seen(library: Library):
    file = library.home / "catalogue.sqlite"
    data = bytearray(file.read_bytes())
    data[5 * 4096 : 6 * 4096] = bytes(4096)
    file.write_bytes(data)
    assert list(promises.broken_catalogue(library.home))


async def test_a_poster_of_an_asset_that_is_not_there_is_seen(library: Library):
    without = replace(library, assets=())
    assert any(found.startswith("poster of nothing") for found in promises.stray_files(without))


async def test_assets_are_found_by_their_generation(library: Library):
    [asset] = library.by_generation.values()
    assert isinstance(asset, Asset)


IN_ORDER = """\
1 write(5</l/media/P/.k.part>, "bytes", 5) = 5
1 fsync(5</l/media/P/.k.part> <unfinished ...>
2 write(9</dev/null>, "x", 1) = 1
1 <... fsync resumed>) = 0
1 link("/l/media/P/.k.part", "/l/media/P/clip.mp4") = 0
1 fsync(6</l/media/P>) = 0
1 fsync(6</l/media>) = 0
1 fsync(6</l>) = 0
2 pwrite64(8</l/catalogue.sqlite-wal>, "saved media/P/clip.mp4", 22, 0) = 22
2 fdatasync(8</l/catalogue.sqlite-wal>) = 0
3 write(1<pipe:[1]>, "/l/media/P/clip.mp4", 19) = 19
""".splitlines()
HOME, CLIP = Path("/l"), Path("/l/media/P/clip.mp4")


def wrong_in(lines: list[str]) -> list[str]:
    return list(power.wrong_order(trace.parse(lines), HOME, CLIP, has_draft=True))


def test_the_right_order_is_accepted():
    assert wrong_in(IN_ORDER) == []


@pytest.mark.parametrize("left_out", [4, 5, 6, 7, 8])
def test_each_step_that_is_left_out_is_seen(left_out: int):
    assert wrong_in(IN_ORDER[:left_out] + IN_ORDER[left_out + 1 :])


@pytest.mark.parametrize("early", [4, 8])
def test_each_step_that_comes_before_the_sync_it_needs_is_seen(early: int):
    moved = [line for number, line in enumerate(IN_ORDER) if number != early]
    place = {4: 1, 8: 5}[early]
    assert wrong_in([*moved[:place], IN_ORDER[early], *moved[place:]])


def test_a_sync_that_failed_is_no_sync():
    failed = [line.replace("fsync(6</l>) = 0", "fsync(6</l>) = -1 EIO (I/O)") for line in IN_ORDER]
    assert wrong_in(failed)


def test_a_write_after_the_sync_is_seen():
    late = [*IN_ORDER[:4], IN_ORDER[0], *IN_ORDER[4:]]
    assert wrong_in(late)


@pytest.fixture
def saying(tmp_path: Path) -> list[str]:
    """A commit that makes a clip saved, and the answer that says so, as a trace shows them."""
    file = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(file)) as catalogue:
        catalogue.execute("PRAGMA journal_mode = WAL")
        catalogue.execute("CREATE TABLE assets (path, media_state)")
        catalogue.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        catalogue.execute("INSERT INTO assets VALUES ('media/P/clip.mp4', 'saved')")
        catalogue.commit()
        log = file.with_name("catalogue.sqlite-wal")
        return [
            _written(7, "/l/catalogue.sqlite", file.read_bytes()),
            "1 fdatasync(7</l/catalogue.sqlite>) = 0",
            _written(8, "/l/catalogue.sqlite-wal", log.read_bytes()),
            "1 fdatasync(8</l/catalogue.sqlite-wal>) = 0",
            r'2 write(1<pipe:[1]>, "/l/media/P/clip.mp4\n", 20) = 20',
        ]


def _written(descriptor: int, file: str, data: bytes) -> str:
    text = "".join(f"\\{byte:03o}" for byte in data)
    return f'1 pwrite64({descriptor}<{file}>, "{text}", {len(data)}, 0) = {len(data)}'


def unsynced_in(lines: list[str]) -> list[str]:
    calls = trace.parse(lines)
    says = [call for call in calls if call.text.startswith("1<")]
    return list(power.unsynced_answers(calls, HOME, says, Counter()))


def test_an_answer_after_its_commit_is_accepted(saying: list[str]):
    assert unsynced_in(saying) == []


def test_an_answer_before_its_commit_is_synced_is_seen(saying: list[str]):
    *commit, sync, answer = saying
    assert unsynced_in([*commit, answer, sync])
    assert unsynced_in([*commit, answer])


def test_a_commit_that_was_never_written_is_seen(saying: list[str]):
    del saying[2]
    assert unsynced_in(saying)


def test_where_nothing_says_saved_that_is_seen(saying: list[str]):
    assert unsynced_in(saying[:-1]) == ["no answer said saved"]
