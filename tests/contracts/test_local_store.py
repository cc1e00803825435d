"""The store on an ordinary folder: the contract, and every failure made to happen for real."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import pytest

from rushes.domain.errors import (
    ConflictError,
    DiskFullError,
    IllegalNameError,
    NameTooLongError,
    PermissionDeniedError,
    ReadOnlyError,
    StorageError,
    StoreMissingError,
    StoreUnavailableError,
    TooManyOpenFilesError,
)
from rushes.store.durable_files import rename_to_new
from rushes.store.local_store import LocalStore, in_words
from rushes.store.storage_errors import storage_error
from tests.contracts.store_contract import CLIP, FOLDER, StoreContract
from tests.disks import read_only, small_disk

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


class TestLocalStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> LocalStore:
        return LocalStore(tmp_path, reserve=0)


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path, reserve=0)


# --- what a crash leaves behind -----------------------------------------------------------------


def test_drafts_of_a_killed_process_are_swept_and_files_are_kept(store: LocalStore) -> None:
    draft = store.draft("kept", FOLDER)
    draft.write(b"kept")
    draft.publish(CLIP)
    _leave_draft_behind(store.home)
    hidden = store.local_path("media/.note.part.txt")
    hidden.write_text("the user's own")
    assert store.sweep() == 1
    assert store.sweep() == 0
    assert store.exists(CLIP)
    assert hidden.exists()


def test_the_draft_of_a_killed_process_is_thrown_away_by_the_next_one(store: LocalStore) -> None:
    _leave_draft_behind(store.home)
    draft = store.draft("left", "media")
    draft.write(b"new")
    draft.publish("media/clip.mp4")
    assert store.local_path("media/clip.mp4").read_bytes() == b"new"


def test_a_draft_that_another_process_writes_is_not_swept(store: LocalStore) -> None:
    code = (
        "import sys; from pathlib import Path; from rushes.store.local_store import LocalStore\n"
        "draft = LocalStore(Path(sys.argv[1])).draft('other', 'media'); draft.write(b'x')\n"
        "print('ready', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(store.home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        assert store.sweep() == 0
        other.kill()
    assert store.sweep() == 1


def _leave_draft_behind(home: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from rushes.store.local_store import LocalStore\n"
        "LocalStore(Path(sys.argv[1])).draft('left', 'media').write(b'half')\n"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(home)], check=False)
    assert (home / "media" / ".left.part").read_bytes() == b"half"


# --- the disk is full ---------------------------------------------------------------------------


def test_a_full_disk_is_told_as_full_when_writing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as home:
        draft = LocalStore(home, reserve=0).draft("take", "media")
        with pytest.raises(DiskFullError) as caught:
            draft.write(bytes(2 * 2**20))
        assert isinstance(caught.value.__cause__, OSError)
        assert caught.value.problem.facts["errno"] == "ENOSPC"
        draft.discard()


def test_a_draft_with_a_hole_is_never_published(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as home:
        store = LocalStore(home, reserve=0)
        draft = store.draft("take", "media")
        with pytest.raises(DiskFullError):
            draft.write(bytes(2 * 2**20))
        with pytest.raises(DiskFullError):
            draft.publish("media/clip.mp4")
        draft.restart()
        draft.write(b"small enough")
        draft.publish("media/clip.mp4")
        assert store.local_path("media/clip.mp4").read_bytes() == b"small enough"


def test_the_room_of_the_very_disk_is_measured(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as home:
        LocalStore(home, reserve=0).check_room(500_000, FOLDER)
        with pytest.raises(DiskFullError) as caught:
            LocalStore(home, reserve=700_000).check_room(500_000, FOLDER)
        assert caught.value.problem.facts == {"needed": 1_200_000, "free": 2**20}
        assert "1.2 MB are needed" in caught.value.problem.detail
        assert "1.0 MB are free" in caught.value.problem.detail


def test_the_folder_may_lie_on_another_disk_than_the_library(tmp_path: Path) -> None:
    with small_disk(tmp_path / "media"):
        LocalStore(tmp_path, reserve=0).check_room(2_000_000, "elsewhere")
        with pytest.raises(DiskFullError) as caught:
            LocalStore(tmp_path, reserve=0).check_room(2_000_000, FOLDER)
        assert caught.value.problem.facts == {"needed": 2_000_000, "free": 2**20}


# --- the disk refuses ---------------------------------------------------------------------------


def test_a_read_only_disk_is_told_as_read_only(store: LocalStore) -> None:
    store.draft("kept", FOLDER).publish(CLIP)
    with read_only(store.home):
        with pytest.raises(ReadOnlyError):
            store.draft("take", FOLDER)
        assert store.exists(CLIP)
        assert store.sweep() == 0


@posix_only
def test_a_folder_without_write_access_is_told_as_denied() -> None:
    said = _as_ordinary_user("""
        (home / "media").mkdir(); (home / "media").chmod(0o555)
        store.draft("take", "media")
    """)
    assert said == "PermissionDeniedError EACCES"


@posix_only
def test_a_file_whose_folder_cannot_be_synced_is_not_called_saved() -> None:
    said = _as_ordinary_user("""
        draft = store.draft("take", "media"); draft.write(b"bytes")
        (home / "media").chmod(0o333)
        try:
            draft.publish("media/clip.mp4")
        except PermissionDeniedError:
            (home / "media").chmod(0o777)
            assert not store.exists("media/clip.mp4")
            draft.publish("media/clip.mp4")
            print("still there:", (home / "media/clip.mp4").read_bytes().decode())
    """)
    assert said == "still there: bytes"


def _as_ordinary_user(lines: str) -> str:
    """Run these lines in a process that may not do everything. Returns what it prints or raises."""
    body = textwrap.indent(textwrap.dedent(lines), "    ")
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from rushes.domain.errors import *\n"
        "from rushes.domain.errors import StorageError, PermissionDeniedError\n"
        "from rushes.store.local_store import LocalStore\n"
        "home = Path(sys.argv[1])\n"
        "if os.geteuid() == 0:\n    os.chown(home, 65534, 65534); os.seteuid(65534)\n"
        "store = LocalStore(home, reserve=0)\n"
        f"try:\n    pass\n{body}\n"
        "except StorageError as error:\n"
        "    print(type(error).__name__, error.problem.facts['errno'])\n"
    )
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", code, home], capture_output=True, text=True, check=False
        )
    assert done.stderr == ""
    return done.stdout.strip()


def test_a_missing_library_is_told_and_not_made_anew(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "unplugged")
    for ask in (
        lambda: store.draft("take", FOLDER),
        lambda: store.check_room(1, FOLDER),
        lambda: store.exists(CLIP),
        store.sweep,
    ):
        with pytest.raises(StoreMissingError):
            ask()
    assert not store.home.exists()


def test_a_library_that_leaves_while_a_draft_is_written_is_told_as_missing(
    tmp_path: Path,
) -> None:
    home = tmp_path / "library"
    home.mkdir()
    draft = LocalStore(home).draft("take", "media")
    draft.write(b"bytes")
    home.rename(tmp_path / "moved")
    with pytest.raises(StoreMissingError):
        draft.publish("media/clip.mp4")
    (tmp_path / "moved").rename(home)
    draft.publish("media/clip.mp4")
    assert (home / "media/clip.mp4").read_bytes() == b"bytes"


def test_a_draft_that_somebody_removed_is_not_told_as_a_missing_library(store: LocalStore) -> None:
    draft = store.draft("take", FOLDER)
    draft.local_path.unlink()
    with pytest.raises(StorageError) as caught:
        draft.publish(CLIP)
    assert type(caught.value) is StorageError
    assert caught.value.problem.facts["errno"] == "ENOENT"
    draft.discard()


def test_a_name_too_long_for_the_disk_is_told_as_that(store: LocalStore) -> None:
    draft = store.draft("take", FOLDER)
    with pytest.raises(NameTooLongError):
        draft.publish(f"{FOLDER}/{'n' * 300}.mp4")
    with pytest.raises(NameTooLongError):
        store.draft("k" * 300, FOLDER)
    draft.publish(CLIP)
    assert store.exists(CLIP)


@posix_only
def test_too_many_open_files_is_told_as_that(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from rushes.domain.errors import TooManyOpenFilesError\n"
        "from rushes.store.local_store import LocalStore\n"
        "store = LocalStore(Path(sys.argv[1])); (store.home / 'media').mkdir()\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20)); drafts = []\n"
        "try:\n"
        "    for n in range(30): drafts.append(store.draft(f'take-{n}', 'media'))\n"
        f"except {TooManyOpenFilesError.__name__} as error: print(error.problem.facts['errno'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "EMFILE\n"


@posix_only
def test_a_file_larger_than_allowed_is_told_as_an_unavailable_disk(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from rushes.domain.errors import StoreUnavailableError\n"
        "from rushes.store.local_store import LocalStore\n"
        "draft = LocalStore(Path(sys.argv[1])).draft('take', 'media')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: draft.write(bytes(2000))\n"
        f"except {StoreUnavailableError.__name__} as error: print(error.problem.facts['errno'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "EFBIG\n"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EDQUOT, DiskFullError),
        (errno.EPERM, PermissionDeniedError),
        (errno.ENFILE, TooManyOpenFilesError),
        (errno.EIO, StoreUnavailableError),
        (errno.ENODEV, StoreUnavailableError),
        (errno.ESTALE, StoreUnavailableError),
        (errno.EINVAL, StorageError),
    ],
)
def test_failures_that_a_test_cannot_make_happen_have_their_class(
    tmp_path: Path, number: int, kind: type[StorageError]
) -> None:
    error = storage_error(OSError(number, os.strerror(number), str(tmp_path / "x")), tmp_path)
    assert type(error) is kind
    assert error.problem.facts["errno"] == errno.errorcode[number]
    assert os.strerror(number) in error.problem.detail


# --- links, and disks without them --------------------------------------------------------------


@posix_only
def test_a_link_out_of_the_library_is_refused(store: LocalStore, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as outside:
        (tmp_path / "media").mkdir()
        (tmp_path / "media/away").symlink_to(outside)
        for path in ("media/away", "media/away/clip.mp4"):
            with pytest.raises(IllegalNameError):
                store.local_path(path)
        with pytest.raises(IllegalNameError):
            store.draft("take", "media/away")
        assert list(Path(outside).iterdir()) == []


@posix_only
def test_a_library_that_is_itself_reached_by_a_link_works(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "library").symlink_to("disk")
    store = LocalStore(tmp_path / "library", reserve=0)
    store.draft("take", FOLDER).publish(CLIP)
    assert (tmp_path / "disk" / CLIP).is_file()


def _no_links(source: Path, target: Path) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(source), None, str(target))


def test_without_hard_links_a_file_gets_its_name_and_replaces_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "draft", tmp_path / "clip.mp4"
    source.write_bytes(b"new")
    rename_to_new(source, target, link=_no_links)
    assert target.read_bytes() == b"new"
    assert not source.exists()
    source.write_bytes(b"another")
    with pytest.raises(FileExistsError):
        rename_to_new(source, target, link=_no_links)
    assert target.read_bytes() == b"new"
    assert source.read_bytes() == b"another"


def test_without_hard_links_a_failed_move_leaves_no_empty_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rename_to_new(tmp_path / "nothing", tmp_path / "clip.mp4", link=_no_links)
    assert list(tmp_path.iterdir()) == []


# --- odds and ends ------------------------------------------------------------------------------


def test_a_discarded_draft_takes_no_more_bytes(store: LocalStore) -> None:
    draft = store.draft("take", FOLDER)
    draft.discard()
    for use in (lambda: draft.write(b"x"), draft.restart, lambda: draft.publish(CLIP)):
        with pytest.raises(StorageError):
            use()


def test_a_folder_in_the_way_is_a_conflict(store: LocalStore) -> None:
    store.local_path(CLIP).mkdir(parents=True)
    draft = store.draft("take", FOLDER)
    with pytest.raises(ConflictError):
        draft.publish(CLIP)
    draft.discard()


def test_a_draft_larger_than_a_stretch_is_whole(store: LocalStore) -> None:
    block = os.urandom(2**20)
    draft: Any = store.draft("take", FOLDER)
    for _ in range(20):
        draft.write(block)
    draft.publish(CLIP)
    assert store.local_path(CLIP).read_bytes() == block * 20


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (2**20, "1.0 MB"),
        (3 * 10**9, "3.0 GB"),
    ],
)
def test_sizes_are_said_the_way_people_read_them(size: int, words: str) -> None:
    assert in_words(size) == words
