"""What safety costs: saving against a plain copy of the same bytes, and starting with much to do.

Saving is the studio's own import: copy, hash, look into the clip in a caged process, sync, name,
sync the folders, commit; then its poster. The plain copy leaves the bytes in the system's memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes
from benchmarks.filled_library import fill, list_again
from benchmarks.report import Row, medians
from rushes.settings import load_settings
from rushes.studio import Studio, open_studio
from tests.emulator.clips import free_box_head, make_clip

MEGABYTE = 2**20
SIZES = (6, 500)
ROUNDS = 3
START_ROUNDS = 3
PIECE = MEGABYTE
UNFINISHED = 10_000
FINISHED = 100_000
NOBODY = "http://127.0.0.1:9"
"""A port where nobody answers: those that wait are asked for in vain."""


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="rushes-safety-") as folder:
        return [*_saving(Path(folder)), *_starting(Path(folder))]


def _saving(folder: Path) -> list[Row]:
    rows = []
    for megabytes in SIZES:
        clip = _clip(folder / f"{megabytes}.mp4", megabytes)
        times = asyncio.run(_measure_saving(folder / f"library-{megabytes}", clip))
        clip.unlink()
        saved, copied, synced = (times[name] * 1000 for name in ("saved", "copied", "synced"))
        rows += [
            Row(f"save {megabytes} MB, beside a plain copy", saved, copied, "ms"),
            Row(f"save {megabytes} MB, beside a copy that is synced", saved, synced, "ms"),
        ]
    return rows


async def _measure_saving(home: Path, clip: Path) -> dict[str, float]:
    async with open_studio(load_settings(home, {})) as studio:
        [(project, _)] = await studio.projects.list_all()
        await _save(studio, project.id, clip)  # starts the process that looks into clips
        found: dict[str, list[float]] = {"saved": [], "copied": [], "synced": []}
        for _ in range(ROUNDS):
            os.sync()
            start = time.perf_counter()
            saved = await _save(studio, project.id, clip)
            found["saved"].append(time.perf_counter() - start)
            saved.unlink()
            for name in ("copied", "synced"):
                os.sync()
                found[name].append(_copy(clip, home / "copy.mp4", synced=name == "synced"))
    return {name: sorted(times)[ROUNDS // 2] for name, times in found.items()}


async def _save(studio: Studio, project_id: str, clip: Path) -> Path:
    asset = await studio.imports.add(project_id, clip.name, _pieces(clip))
    return studio.store.local_path(asset.media.path)


async def _pieces(clip: Path) -> AsyncIterator[bytes]:
    with clip.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _copy(clip: Path, target: Path, *, synced: bool) -> float:
    start = time.perf_counter()
    shutil.copyfile(clip, target)
    if synced:
        with target.open("rb+") as file:
            os.fsync(file.fileno())
    seconds = time.perf_counter() - start
    target.unlink()
    return seconds


def _clip(path: Path, megabytes: int) -> Path:
    """A real clip, with random bytes in a box that players skip."""
    clip = make_clip(seconds=2, fps=25, width=640, height=360, sound=True)
    rest = megabytes * MEGABYTE - len(clip) - 16
    block = os.urandom(MEGABYTE)
    with path.open("wb") as file:
        file.write(clip + free_box_head(rest))
        for start in range(0, rest, MEGABYTE):
            file.write(block[: rest - start])
    return path


@dataclass(frozen=True, slots=True)
class Copies:
    """How a finished take is turned into many others, in SQL."""

    number: int
    generation: dict[str, str]
    """New values by column."""
    with_assets: bool


def _starting(folder: Path) -> list[Row]:
    empty, busy, full = (folder / name for name in ("empty", "busy", "full"))
    for home in (empty, busy, full):
        asyncio.run(fill(home, 1))
    links = json.dumps({"app": "fal-ai/ltx-2.3"}).replace("'", "''")
    waiting = {"state": "'queued'", "links": f"'{links}'", "document": "NULL"}
    _multiply(busy, Copies(UNFINISHED, waiting, with_assets=False))
    _multiply(full, Copies(FINISHED, {}, with_assets=True))
    times = medians(
        START_ROUNDS,
        {
            "empty": lambda: _start_seconds(empty),
            "busy": lambda: _start_seconds(busy),
            "full": lambda: _start_seconds(full),
        },
    )
    return [
        Row(f"studio starts, {UNFINISHED:,} unfinished takes", times["busy"], times["empty"], "s"),
        Row(f"studio starts, {FINISHED:,} finished takes", times["full"], times["empty"], "s"),
    ]


def _start_seconds(home: Path) -> float:
    """From nothing to the first 200."""
    start = time.perf_counter()
    variables = {"FAL_KEY": "not:used", "RUSHES_FAL_QUEUE_URL": NOBODY}
    with processes.studio(home, variables):
        return time.perf_counter() - start


def _multiply(home: Path, copies: Copies) -> None:
    """Add copies of the first take, each with ids and a file name of its own."""
    new_id = "printf('%032x', n)"
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as catalogue, catalogue:
        own = {"id": new_id, "request_id": new_id, "save_path": "NULL"} | copies.generation
        _copy_rows(catalogue, "generations", copies.number, own)
        _copy_rows(catalogue, "steps", copies.number, {"id": "NULL", "generation_id": new_id})
        if copies.with_assets:
            own = {"id": new_id, "generation_id": new_id, "path": "path || n"}
            _copy_rows(catalogue, "assets", copies.number, own)
    list_again(home)


def _copy_rows(
    catalogue: sqlite3.Connection, table: str, number: int, changed: dict[str, str]
) -> None:
    columns = [row[1] for row in catalogue.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(column, column) for column in columns)
    catalogue.execute(
        f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers"
        f" WHERE n < {number})"
        f" INSERT INTO {table} ({', '.join(columns)})"
        f" SELECT {values} FROM (SELECT * FROM {table}), numbers"
    )
