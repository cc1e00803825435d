"""The spool: private, durable, of one library, and found again by what lies in it."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from rushes.domain.errors import (
    DiskFullError,
    MediaUnreadableError,
    PermissionDeniedError,
    StorageError,
)
from rushes.domain.media_reference import InSpool
from rushes.store.intake import Received
from rushes.store.spool import Spool
from tests.disks import small_disk

CLIP = b"a clip"
RECEIVED = Received(len(CLIP), hashlib.sha256(CLIP).hexdigest())
HELD = InSpool(RECEIVED.size, RECEIVED.sha256)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", tmp_path / "library")


def put(spool: Spool, asset_id: str = "take") -> InSpool:
    draft = spool.draft(asset_id, len(CLIP))
    draft.write(CLIP)
    return draft.hold(RECEIVED)


class Copy:
    """A sink that remembers."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, data: bytes) -> None:
        self.content += data

    def restart(self) -> None:
        self.content = b""


async def copied(spool: Spool, held: InSpool) -> bytes:
    copy = Copy()
    await spool.copy("take", held, copy, lambda _transfer: None)
    return copy.content


async def test_what_is_held_is_found_by_another_process_and_read_whole(
    spool: Spool, tmp_path: Path
) -> None:
    assert put(spool) == HELD
    again = Spool(tmp_path / "spool", tmp_path / "library")
    assert again.find("take") == HELD
    assert await copied(again, HELD) == CLIP


def test_nothing_is_made_before_it_is_needed(spool: Spool, tmp_path: Path) -> None:
    assert spool.find("take") is None
    assert spool.sweep(()) == 0
    spool.drop("take")
    assert not list(tmp_path.iterdir())


def test_a_draft_that_was_not_held_is_not_found(spool: Spool) -> None:
    draft = spool.draft("take", 1)
    draft.write(CLIP)
    assert spool.find("take") is None
    draft.discard()


def test_only_its_owner_may_open_the_spool(spool: Spool) -> None:
    put(spool)
    for folder in (spool.folder, spool.folder.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_libraries_share_a_folder_and_nothing_else(spool: Spool, tmp_path: Path) -> None:
    put(spool)
    other = Spool(tmp_path / "spool", tmp_path / "other")
    assert other.find("take") is None
    put(other, "theirs")
    assert [owner for owner, _ in other.clips()] == ["theirs"]
    assert other.sweep({"take", "theirs"}) == 1
    assert spool.find("take") == HELD


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
def test_a_folder_that_others_may_write_to_is_neither_written_nor_believed(
    spool: Spool, mode: int
) -> None:
    put(spool)
    spool.folder.chmod(mode)
    with pytest.raises(PermissionDeniedError):
        spool.draft("take", 1)
    with pytest.raises(PermissionDeniedError):
        spool.find("take")


def test_a_folder_of_somebody_else_is_neither_written_nor_believed(spool: Spool) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give a folder away")
    put(spool)
    os.chown(spool.folder, 65534, 65534)
    with pytest.raises(PermissionDeniedError):
        spool.draft("take", 1)
    with pytest.raises(PermissionDeniedError):
        spool.find("take")


def test_a_link_in_place_of_the_folder_is_not_followed(spool: Spool, tmp_path: Path) -> None:
    put(spool)
    spool.folder.rename(tmp_path / "elsewhere")
    spool.folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionDeniedError):
        spool.draft("take", 1)
    with pytest.raises(PermissionDeniedError):
        spool.find("take")


def test_a_spool_that_everybody_shares_is_used_in_a_folder_of_our_own(
    spool: Spool, tmp_path: Path
) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool").chmod(0o1777)
    put(spool)
    assert spool.find("take") == HELD


def test_a_file_in_place_of_the_folder_is_told(spool: Spool, tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("not a folder")
    with pytest.raises(StorageError):
        spool.draft("take", 1)


def test_too_little_room_is_known_before_a_byte_is_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "spool") as disk:
        spool = Spool(disk, tmp_path / "library")
        with pytest.raises(DiskFullError):
            spool.draft("take", 2 * 2**20)
        assert put(spool) == HELD


def test_a_newer_clip_takes_the_place_of_an_older_one_of_the_same_name(spool: Spool) -> None:
    put(spool)
    spool.path_of("take", HELD.sha256).write_bytes(b"damaged")
    put(spool)
    assert spool.path_of("take", HELD.sha256).read_bytes() == CLIP


async def test_a_clip_that_is_gone_is_told_as_unreadable(spool: Spool) -> None:
    put(spool)
    spool.drop("take")
    assert spool.find("take") is None
    with pytest.raises(MediaUnreadableError):
        await copied(spool, HELD)


def test_a_sweep_removes_what_is_over_and_leaves_what_is_not_and_what_is_being_written(
    spool: Spool,
) -> None:
    put(spool)
    put(spool, "over")
    writing = spool.draft("new", 1)
    (spool.folder / "clips" / ".cut.part").write_bytes(b"cut off")
    assert spool.sweep({"over", "unheard-of"}) == 2
    assert [spool.find(name) for name in ("take", "over")] == [HELD, None]
    writing.write(CLIP)
    assert writing.hold(RECEIVED) == HELD
