"""Real disks that are full or read-only, for tests that run with the right to mount them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE = 4096
"""Bytes: what a disk in memory counts in. A size of none would be no limit."""


@contextmanager
def small_disk(folder: Path, size: str = "1m") -> Iterator[Path]:
    """A disk of this size in memory."""
    _need_mounts()
    folder.mkdir(parents=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
    try:
        yield folder
    finally:
        _run("umount", "-l", folder)


@dataclass(frozen=True)
class ChangingDisk:
    """A disk in memory that can be full for a while, without anything lying on it for that."""

    folder: Path
    size: str

    def fill(self) -> None:
        """Leave no room but for what lies there."""
        while not self._resize(max(shutil.disk_usage(self.folder).used, PAGE)):
            pass  # something was written in between

    def free(self) -> None:
        assert self._resize(self.size), f"{self.folder} cannot have {self.size}"

    def _resize(self, size: int | str) -> bool:
        command = ["mount", "-o", f"remount,size={size}", str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def changing_disk(folder: Path, size: str) -> Iterator[ChangingDisk]:
    with small_disk(folder, size):
        yield ChangingDisk(folder, size)


@contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """The same folder, on a mount that may not be written to."""
    _need_mounts()
    _run("mount", "--bind", folder, folder)
    try:
        _run("mount", "-o", "remount,bind,ro", folder)
        yield folder
    finally:
        _run("umount", "-l", folder)


def _need_mounts() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a disk of its own")


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine does not let a test mount a disk: {done.stderr.strip()}")
