"""How much memory the studio needs while a clip of 2 GB comes in: it must not grow with the clip.

The clip comes from the emulator, which makes it as it is sent. Measured is the studio's process,
started for this one take, from before the order until the take is saved.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import processes
from benchmarks.burst import (
    SETTINGS,
    client_of,
    first_project,
    get,
    order,
    orders,
    run_script,
    wait_until_saved,
)
from benchmarks.processes import BenchmarkError, Usage
from benchmarks.report import Row

BYTES = 2 * 10**9
MODEL = "ltx-2.3-fast"
PROMPT = "A long take [fault:media-big]"
LIMIT = 64
ROUNDS = 1


def run() -> list[Row]:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(measure_script())
        ours.append(measure_studio())
    return [
        Row(
            f"memory for a clip of {BYTES / 10**9:g} GB",
            statistics.median(one.growth for one in ours),
            statistics.median(one.growth for one in theirs),
            "MB",
            limit=LIMIT,
        ),
        Row(
            "  until it is saved",
            statistics.median(one.seconds for one in ours),
            statistics.median(one.seconds for one in theirs),
            "s",
        ),
    ]


def measure_studio() -> Usage:
    with tempfile.TemporaryDirectory(prefix="rushes-memory-") as name:
        folder = Path(name)
        home = folder / "library"
        with (
            processes.emulator(folder, big_bytes=BYTES, clip_seconds=1) as fal,
            processes.studio(home, fal.variables) as studio,
            client_of(studio) as client,
        ):
            memory_before = processes.memory(studio.pid)
            start = time.perf_counter()
            order(client, first_project(client), PROMPT, (MODEL,), SETTINGS)
            wait_until_saved(client, 1)
            usage = processes.usage(studio.pid, time.perf_counter() - start, memory_before)
            [asset] = get(client, "/api/assets")["items"]
            _check_size(home / asset["media"]["path"])
    return usage


def measure_script() -> Usage:
    """The bare script, which writes each piece as it comes."""
    with tempfile.TemporaryDirectory(prefix="rushes-memory-") as name:
        folder = Path(name)
        with processes.emulator(folder, big_bytes=BYTES, clip_seconds=1) as fal:
            [first, *_] = orders()
            usage = run_script(fal, folder / "clips", [first | {"body": {"prompt": PROMPT}}])
        [clip] = (folder / "clips").iterdir()
        _check_size(clip)
    return usage


def _check_size(clip: Path) -> None:
    size = clip.stat().st_size
    if size != BYTES:
        raise BenchmarkError(f"{clip.name} has {size} bytes instead of {BYTES}.")
