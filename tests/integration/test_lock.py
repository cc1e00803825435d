"""One process works on a library: others are told which, and let in when it has ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rushes.catalogue.lock import NAME, Holder, LibraryLock, read_holder
from rushes.domain.errors import LibraryInUseError

URL = "http://127.0.0.1:8765"
HOLD = """
import sys
from pathlib import Path
from rushes.catalogue.lock import LibraryLock
lock = LibraryLock.take(Path(sys.argv[1]))
lock.announce(sys.argv[2] or None)
print("taken", flush=True)
sys.stdin.read()
lock.release()
"""


@contextmanager
def held_by_another(home: Path, url: str = URL) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(home), url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout.readline() == "taken\n"
            yield process
        finally:
            process.kill()


def test_a_second_process_is_told_who_has_the_library_and_where_it_listens(tmp_path):
    with held_by_another(tmp_path) as other:
        with pytest.raises(LibraryInUseError) as caught:
            LibraryLock.take(tmp_path)
        assert caught.value.problem.facts == {"pid": other.pid, "url": URL}
        assert str(other.pid) in caught.value.problem.detail


def test_a_holder_that_does_not_listen_has_no_address(tmp_path):
    with held_by_another(tmp_path, url="") as other:
        assert read_holder(tmp_path) == Holder(other.pid, None)


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path):
    with held_by_another(tmp_path) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        lock = LibraryLock.take(tmp_path)
        assert read_holder(tmp_path) == Holder(os.getpid(), None)
        lock.release()


def test_the_lock_of_a_process_that_ended_well_is_free_and_names_nobody(tmp_path):
    with held_by_another(tmp_path) as other:
        other.stdin.close()
        other.wait()
    assert read_holder(tmp_path) is None
    LibraryLock.take(tmp_path).release()


def test_the_same_process_cannot_open_a_library_twice(tmp_path):
    lock = LibraryLock.take(tmp_path)
    with pytest.raises(LibraryInUseError) as caught:
        LibraryLock.take(tmp_path)
    assert caught.value.problem.facts["pid"] == os.getpid()
    lock.release()
    LibraryLock.take(tmp_path).release()


def test_a_refused_attempt_leaves_the_holders_word_as_it_is(tmp_path):
    lock = LibraryLock.take(tmp_path)
    lock.announce(URL)
    with pytest.raises(LibraryInUseError):
        LibraryLock.take(tmp_path)
    assert read_holder(tmp_path) == Holder(os.getpid(), URL)
    lock.release()


def test_a_shorter_word_replaces_a_longer_one_whole(tmp_path):
    lock = LibraryLock.take(tmp_path)
    lock.announce("http://127.0.0.1:" + "8" * 200)
    lock.announce(URL)
    assert read_holder(tmp_path) == Holder(os.getpid(), URL)
    lock.release()


def test_two_libraries_can_be_open_at_once(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    locks = [LibraryLock.take(first), LibraryLock.take(second)]
    for lock in locks:
        lock.release()


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b"3", b'{"who": 1}', b"\xff\xfe"])
def test_a_holder_whose_word_cannot_be_read_is_told_as_unknown(tmp_path, said):
    lock = LibraryLock.take(tmp_path)
    (tmp_path / NAME).write_bytes(said)
    assert read_holder(tmp_path) is None
    with pytest.raises(LibraryInUseError) as caught:
        LibraryLock.take(tmp_path)
    assert caught.value.problem.facts == {"pid": None, "url": None}
    lock.release()


def test_a_library_that_was_never_open_has_no_holder(tmp_path):
    assert read_holder(tmp_path) is None


def test_only_the_owner_may_read_who_holds_the_library(tmp_path):
    LibraryLock.take(tmp_path).release()
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_a_program_that_the_holder_starts_does_not_inherit_the_lock(tmp_path):
    lock = LibraryLock.take(tmp_path)
    command = [sys.executable, "-c", "import sys; print('up', flush=True); sys.stdin.read()"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False
    ) as child:
        child.stdout.readline()
        lock.release()
        LibraryLock.take(tmp_path).release()
        child.stdin.close()


def test_what_is_announced_is_one_json_document(tmp_path):
    lock = LibraryLock.take(tmp_path)
    lock.announce(URL)
    assert json.loads((tmp_path / NAME).read_text()) == {"pid": os.getpid(), "url": URL}
    lock.release()
