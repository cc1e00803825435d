"""The log that a killed process left. That it is synced is proven by the power campaign."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from rushes.catalogue.left_log import sync_left_log
from rushes.domain.errors import StoreUnavailableError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


def test_without_a_log_nothing_is_made(path: Path):
    sync_left_log(path)
    assert list(path.parent.iterdir()) == []


def test_a_log_is_left_as_it_was(path: Path):
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE kept (word TEXT)")
        connection.commit()
        log = path.with_name("catalogue.sqlite-wal")
        before = log.read_bytes()
        sync_left_log(path)
        assert log.read_bytes() == before
    connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with names there")
def test_a_log_that_cannot_be_synced_is_not_believed(path: Path):
    # A pipe can be opened like a file and not synced, on every machine and without a broken disk.
    os.mkfifo(path.with_name("catalogue.sqlite-wal"))
    with pytest.raises(StoreUnavailableError, match="could not be synced"):
        sync_left_log(path)
