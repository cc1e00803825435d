"""The disks: how much room there is, whether a file can be written, how long a sync takes."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from rushes.catalogue.ballast import Ballast
from rushes.doctor.finding import Finding, Status
from rushes.domain.errors import PermissionDeniedError, StorageError
from rushes.domain.ids import new_id
from rushes.store.local_store import LocalStore, in_words
from rushes.store.sidecars import MEDIA
from rushes.store.spool import Spool

ROOM_WANTED = 1_000_000_000
"""Bytes below which the doctor warns: about a hundred clips."""
SLOW_SYNC = 1.0
"""Seconds. Every saved clip waits for a few syncs."""
PIECE = 64 * 1024
"""Bytes that are synced to measure it."""


def check_room(places: Mapping[str, Path]) -> list[Finding]:
    """The disks of these places, each disk once."""
    by_disk: dict[int, tuple[list[str], Path]] = {}
    for name, path in places.items():
        there = _nearest(path)
        by_disk.setdefault(there.stat().st_dev, ([], there))[0].append(name)
    return [_room(", ".join(names), there) for names, there in by_disk.values()]


def _nearest(path: Path) -> Path:
    """The folder, or the one above it where it will be made."""
    return next(one for one in (path, *path.parents) if one.exists())


def _room(names: str, there: Path) -> Finding:
    free = shutil.disk_usage(there).free
    message = f"{in_words(free)} are free at {there}: {names}."
    if free < ROOM_WANTED:
        return Finding("disk", "disk_room_low", Status.WARNING, message, "Free some room.")
    return Finding("disk", "disk_room", Status.OK, message)


def check_store(store: LocalStore) -> list[Finding]:
    """Write a small file for real, and take it away again."""
    if _has_not_begun(store):
        return [_can_begin(store.home)]
    try:
        draft = store.draft(f"doctor-{new_id()}", MEDIA)
        try:
            draft.write(b"doctor")
        finally:
            draft.discard()
    except StorageError as error:
        problem = error.problem
        return [Finding("store", problem.code, Status.PROBLEM, str(problem), problem.remedy)]
    message = "A file can be written to the media folder."
    return [Finding("store", "store_writable", Status.OK, message)]


def _has_not_begun(store: LocalStore) -> bool:
    """Whether there is no media folder yet. A draft would make it, and it would stay."""
    return store.home.is_dir() and not os.path.lexists(store.home / MEDIA)


def _can_begin(home: Path) -> Finding:
    if os.access(home, os.W_OK | os.X_OK):
        message = "The first clip makes the media folder."
        return Finding("store", "store_not_begun", Status.OK, message)
    refused = PermissionDeniedError(f"{home} cannot be written to.").problem
    return Finding("store", refused.code, Status.PROBLEM, str(refused), refused.remedy)


def check_sync(store: LocalStore) -> list[Finding]:
    """How long this disk takes to make a small file durable, measured once."""
    if _has_not_begun(store):
        message = "How quick the disk is cannot be measured before there is a media folder."
        return [Finding("disk", "sync_not_measured", Status.OK, message)]
    draft = store.draft(f"doctor-{new_id()}", MEDIA)
    try:
        draft.write(bytes(PIECE))
        descriptor = os.open(draft.local_path, os.O_RDWR)
        try:
            before = time.perf_counter()
            os.fsync(descriptor)
            seconds = time.perf_counter() - before
        finally:
            os.close(descriptor)
    finally:
        draft.discard()
    message = f"Making a small file durable took {seconds * 1000:,.1f} ms."
    if seconds > SLOW_SYNC:
        remedy = "Each save waits for this a few times. A library on another disk would be quicker."
        return [Finding("disk", "sync_slow", Status.WARNING, message, remedy)]
    return [Finding("disk", "sync_speed", Status.OK, message)]


def check_spool(spool: Spool) -> list[Finding]:
    """Whether a clip could wait there, should the library's disk fail."""
    try:
        spool.check()
    except StorageError as error:
        problem = error.problem
        message = f"{problem} Clips that cannot be saved would wait in memory only."
        return [Finding("spool", "spool_unusable", Status.WARNING, message, problem.remedy)]
    message = f"What cannot be saved can wait in {spool.folder}."
    return [Finding("spool", "spool_usable", Status.OK, message)]


def check_ballast(ballast: Ballast) -> list[Finding]:
    held = in_words(ballast.held)
    if ballast.is_whole:
        message = f"{held} are held back for the catalogue, should the disk be full."
        return [Finding("ballast", "ballast_whole", Status.OK, message)]
    message = f"{held} of {in_words(ballast.size)} are held back for the catalogue."
    remedy = "Free some room: an open studio takes it by itself."
    return [Finding("ballast", "ballast_short", Status.WARNING, message, remedy)]
