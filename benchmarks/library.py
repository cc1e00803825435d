"""How long the library takes to answer with a hundred thousand takes, against one with sixty.

Each figure is one request over HTTP to the real studio, for a page of sixty. The small library
answers the same request, so a ratio of 1 means that the size does not matter. One more row compares
the page with SQLite alone reading sixty of the rows it is made of.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks import processes
from benchmarks.filled_library import fill, list_again
from benchmarks.processes import BenchmarkError, Studio
from benchmarks.report import Row

MANY, FEW = 100_000, 60
ROUNDS = 7
LIMIT = 100.0
"""Milliseconds that any page may take."""
SORTS = ("newest", "oldest", "rating", "longest", "shortest", "largest", "name")
MODELS = ("ltx-2.3-fast", "ltx-2.3-pro", "ltx-2-fast", "animatic")
COMMON = ("the", "camera", "slow", "light", "heron", "dawn", "over", "of")
SYLLABLES = ("ba", "ke", "ri", "to", "lu", "sha", "dri", "mo", "ne", "fa", "qui", "zo")
WORDS = 40
"""Words in a prompt."""
PAGE = """SELECT * FROM assets JOIN generations ON generations.id = assets.generation_id
WHERE assets.project_id = (SELECT project_id FROM assets LIMIT 1)
ORDER BY assets.created_at DESC, assets.id DESC LIMIT 60"""


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="rushes-library-") as folder:
        many, few = Path(folder) / "many", Path(folder) / "few"
        for home, number in ((many, MANY), (few, FEW)):
            _fill(home, number)
        with processes.studio(many) as large, processes.studio(few) as small:
            rows = [_row(name, path, large, small) for name, path in _requests(many)]
            rows.append(_change(many, large, few, small))
        return [*rows, _beside_sqlite(many, rows[0].ours)]


def _requests(home: Path) -> Iterator[tuple[str, str]]:
    """What is asked, by what it is called in the table."""
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as catalogue:
        [(project, prompt)] = catalogue.execute("SELECT project_id, prompt FROM assets LIMIT 1")
    here = {"project": project}
    yield "first page", _page(here)
    yield "first page, all projects", _page({})
    yield "a page deep inside", _page(here, start=90_000)
    yield "search, a common word", _page(here, q="camera")
    yield "search, a rare word", _page(here, q=prompt.split()[-1])
    yield "search, two common words", _page(here, q="camera heron")
    yield "search, two letters", _page(here, q="er")
    yield "search, nothing", _page(here, q="nowhere")
    yield "search, a whole prompt", _page(here, q=prompt)
    yield "search, a common word, deep inside", _page(here, q="camera", start=60_000)
    yield "search, a common word, all projects", _page({}, q="camera")
    filters: Sequence[Mapping[str, Any]] = (
        {"state": "saved"},
        {"model": MODELS[0]},
        {"kind": "video"},
        {"rating": 4},
        {"flag": "pick"},
        {"since": "2026-01-01"},
        {"min_duration": 6, "max_duration": 8},
        {"sound": "true"},
        {"trashed": "true"},
        {"rating": 3, "flag": "pick", "q": "heron", "model": MODELS[1]},
    )
    for chosen in filters:
        yield f"filter, {' and '.join(chosen)}", _page(here | chosen)
    for sort in SORTS[1:]:
        yield f"sort, {sort}", _page(here, sort=sort)
        yield f"sort, {sort}, deep inside", _page(here, sort=sort, start=90_000)
    yield "sort and filter, name and rating", _page(here, sort="name", rating=3)
    yield "by shot", _page(here, group="shots")
    yield "by shot, deep inside", _page(here, group="shots", start=20_000)
    yield "by shot, with a filter", _page(here, group="shots", rating=3)
    yield "facets", f"/api/library/facets?{urlencode(here)}"
    yield "assets, newest", f"/api/assets?{urlencode(here | {'limit': FEW})}"
    yield "assets, largest", f"/api/assets?{urlencode(here | {'limit': FEW, 'sort': 'largest'})}"


def _page(query: Mapping[str, Any], **more: Any) -> str:
    return f"/api/library?{urlencode({**query, **more})}"


def _row(name: str, path: str, large: Studio, small: Studio) -> Row:
    times: dict[str, list[float]] = {large.url: [], small.url: []}
    for studio in (large, small) * (ROUNDS + 1):
        times[studio.url].append(_ask(studio, "GET", path))
    # The first of each fills the caches.
    ours, theirs = (statistics.median(found[1:]) for found in times.values())
    return Row(f"{MANY:,} takes: {name}", ours, theirs, "ms", limit=LIMIT)


def _change(many: Path, large: Studio, few: Path, small: Studio) -> Row:
    """One rating, until it is on the disk."""
    found = []
    for home, studio in ((many, large), (few, small)):
        with closing(sqlite3.connect(home / "catalogue.sqlite")) as catalogue:
            ids = [one for (one,) in catalogue.execute("SELECT id FROM assets LIMIT 21")]
        change = json.dumps({"rating": 5})
        times = [_ask(studio, "PATCH", f"/api/assets/{one}", change) for one in ids]
        found.append(statistics.median(times))
    return Row(f"{MANY:,} takes: one rating", *found, "ms")


def _ask(studio: Studio, method: str, path: str, body: str | None = None) -> float:
    """Milliseconds from the request to the last byte of its answer."""
    address = urlsplit(studio.url)
    headers = {"Authorization": f"Bearer {studio.token}", "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection(address.hostname or "", address.port)) as connection:
        start = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        taken = (time.perf_counter() - start) * 1000
    if answer.status != http.HTTPStatus.OK:
        raise BenchmarkError(f"{path} was answered with {answer.status}: {said[:200]!r}")
    return taken


def _beside_sqlite(home: Path, ours: float) -> Row:
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as catalogue:
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            catalogue.execute(PAGE).fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return Row(
        f"{MANY:,} takes: first page, beside one SELECT", ours, statistics.median(times), "ms"
    )


# --- the libraries --------------------------------------------------------------------------------


def _fill(home: Path, number: int) -> None:
    """One finished take, and copies of it that differ in all that can be asked for."""
    asyncio.run(fill(home, 1))
    dice = random.Random(1)
    vocabulary = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(8000)]
    prompts = [_prompt(dice, vocabulary) for _ in range(max(1, number // 4))]
    path = home / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as catalogue, catalogue:
        others = [("o" * 32, "Teaser"), ("q" * 32, "Archive")]
        catalogue.executemany(
            "INSERT INTO projects (id, name, folder, created_at) VALUES (?, ?, ?1, 0)", others
        )
        [home_project] = catalogue.execute(
            "SELECT id FROM projects WHERE created_at > 0"
        ).fetchone()
        places = [home_project] * 18 + [one for one, _ in others]
        takes = [_take(dice, n, dice.choice(prompts), dice.choice(places)) for n in range(number)]
        for table in ("generations", "assets"):
            _copy_rows(catalogue, table, takes)
        catalogue.execute("DELETE FROM assets WHERE length(id) != 33")
        catalogue.execute("DELETE FROM steps")
        catalogue.execute("DELETE FROM generations WHERE length(id) != 33")
    list_again(home)


def _prompt(dice: random.Random, vocabulary: Sequence[str]) -> str:
    words = (
        dice.choice(COMMON) if dice.random() < 0.4 else dice.choice(vocabulary)
        for _ in range(WORDS)
    )
    return " ".join(words)


def _take(dice: random.Random, n: int, prompt: str, project: str) -> dict[str, Any]:
    """Its columns that differ from those of the first, of both tables."""
    return {
        "id": f"{n:033}",
        "generation_id": f"{n:033}",
        "request_id": f"r{n}",
        "save_path": None,
        "project_id": project,
        "prompt": prompt,
        "name": f"AI: {prompt[:36]}",
        "shot": str(hash(prompt)),
        "model": dice.choice(MODELS),
        "path": f"media/first/AI-Video-{1763445184989 + n}.mp4",
        "size": dice.randint(10**6, 10**7),
        "rating": dice.choice((0, 0, 0, 1, 2, 3, 4, 5)),
        "flag": dice.choice((None, None, "pick", "reject")),
        "duration": dice.choice(("5/1", "6/1", "8/1", "153/25")),
        "trashed_at": 1 if dice.random() < 0.02 else None,
        "sidecar_owed": 0,
        "created_at": 1_750_000_000_000_000 + n * 250_000_000,
    }


def _copy_rows(catalogue: sqlite3.Connection, table: str, takes: list[dict[str, Any]]) -> None:
    columns = [row[1] for row in catalogue.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(f":{one}" if one in takes[0] else one for one in columns)
    catalogue.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} LIMIT 1", takes
    )
