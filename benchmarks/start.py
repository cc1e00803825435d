"""How long starting takes, against only loading what it is built on.

A studio has started when ``/api/health`` first answers 200. It is compared with a Python that
loads the web framework and the SQL library; the command line with one that loads its library; the
package with an empty Python.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import processes
from benchmarks.filled_library import fill
from benchmarks.report import Row, medians

ROUNDS = 5
TAKES = 1000
TOP = 5
IMPORT_TIME = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)")


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="rushes-start-") as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> list[Row]:
    existing, filled = folder / "existing", folder / "filled"
    studio_seconds(existing)
    asyncio.run(fill(filled, TAKES))
    fresh = (folder / f"fresh-{number}" for number in itertools.count())
    jobs: dict[str, Callable[[], float]] = {
        "fastapi, sqlalchemy": partial(python_seconds, "-c", "import fastapi, sqlalchemy"),
        "fresh": lambda: studio_seconds(next(fresh)),
        "existing": lambda: studio_seconds(existing),
        "filled": lambda: studio_seconds(filled),
        "typer": partial(python_seconds, "-c", "import typer"),
        "help": partial(python_seconds, "-m", "rushes", "--help"),
        "nothing": partial(python_seconds, "-c", "pass"),
        "package": partial(python_seconds, "-c", "import rushes"),
    }
    found = medians(ROUNDS, jobs)
    loaded, typer, nothing = found["fastapi, sqlalchemy"], found["typer"], found["nothing"]
    return [
        Row("studio starts, fresh library", found["fresh"], loaded, "s"),
        Row("studio starts, existing library", found["existing"], loaded, "s"),
        Row(f"studio starts, {TAKES:,} finished takes", found["filled"], loaded, "s"),
        Row("rushes --help", found["help"] * 1000, typer * 1000, "ms"),
        Row("import rushes", found["package"] * 1000, nothing * 1000, "ms"),
    ]


def studio_seconds(home: Path) -> float:
    """From nothing to the first 200."""
    start = time.perf_counter()
    with processes.studio(home):
        return time.perf_counter() - start


def python_seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [processes.PYTHON, *arguments],
        env=processes.environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def detail() -> str:
    """The packages whose modules take longest to load when the studio starts."""
    with tempfile.TemporaryDirectory(prefix="rushes-start-") as folder:
        said = _import_times(Path(folder) / "library")
    own: Counter[str] = Counter()
    for microseconds, module in IMPORT_TIME.findall(said):
        own[module.partition(".")[0]] += int(microseconds)
    lines = [f"  {name:<24} {time / 1000:6.0f} ms" for name, time in own.most_common(TOP)]
    return "\n".join([f"Loading takes {own.total() / 1000:.0f} ms, most of it:", *lines])


def _import_times(home: Path) -> str:
    with processes.program(processes.studio_command(home, "-X", "importtime")) as running:
        processes.wait_until_healthy(running.answer["url"])
        return running.said()
