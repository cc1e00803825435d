"""A thousand takes at once: how long until all are saved, and what that takes, against a script.

The real studio over HTTP, the emulator and the script are processes of their own. The clips are
small, so that what is measured is the bookkeeping and not the disk. Counted afterwards: every
request was bought once, and every file is the one that the catalogue describes.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from benchmarks import processes
from benchmarks.processes import BenchmarkError, Emulator, Studio, Usage
from benchmarks.report import Row
from rushes.domain.model_spec import Task
from rushes.providers.fal.models import MODELS

MODEL_IDS = ("ltx-2.3-fast", "ltx-2.3-pro", "ltx-2.5-fast", "ltx-2.5-pro")
ORDERS = 250
TAKES = ORDERS * len(MODEL_IDS)
SETTINGS = {"duration": 6, "resolution": "1080p", "fps": 25}
ROUNDS = 2
LOOK_EVERY = 0.25
LONGEST = 300
PAGE = 200


def run() -> list[Row]:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="rushes-burst-") as folder:
            theirs.append(measure_script(Path(folder)))
        with tempfile.TemporaryDirectory(prefix="rushes-burst-") as folder:
            ours.append(measure_studio(Path(folder)))
    mine, script = _median(ours), _median(theirs)
    return [
        Row(f"{TAKES:,} takes until saved", mine.seconds, script.seconds, "s"),
        Row("  its processor time", mine.processor, script.processor, "s"),
        Row("  of the processes that look into clips", mine.children_processor, None, "s"),
        Row("  its memory at most", mine.peak, script.peak, "MB"),
    ]


def _median(found: list[Usage]) -> Usage:
    names = asdict(found[0])
    return Usage(**{name: statistics.median(asdict(one)[name] for one in found) for name in names})


def measure_script(folder: Path) -> Usage:
    with processes.emulator(folder, clip_seconds=1) as fal:
        usage = run_script(fal, folder / "clips", orders())
        _check_bought(fal, TAKES)
    return usage


def run_script(fal: Emulator, folder: Path, wanted: list[dict[str, Any]]) -> Usage:
    """Let the bare script get these, into this folder."""
    folder.mkdir()
    asked = {"queue_url": fal.queue_url, "key": fal.key, "folder": str(folder), "orders": wanted}
    done = subprocess.run(
        [processes.PYTHON, "-m", "benchmarks.bare"],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    files = len(list(folder.iterdir()))
    if files != len(wanted):
        raise BenchmarkError(f"The script has {files} files of {len(wanted)}.")
    return Usage(**json.loads(done.stdout))


def orders() -> list[dict[str, Any]]:
    """What the studio will send, for the script."""
    endpoints = {str(spec.id): spec.capabilities[Task.TEXT_TO_VIDEO].endpoint for spec in MODELS}
    return [
        {"endpoint": endpoints[model], "body": {"prompt": _prompt(number), **SETTINGS}}
        for number in range(ORDERS)
        for model in MODEL_IDS
    ]


def _prompt(number: int) -> str:
    return f"Shot {number}: a heron lifts off a misty lake at dawn, wings slow and silent"


def measure_studio(folder: Path) -> Usage:
    home = folder / "library"
    with (
        processes.emulator(folder, clip_seconds=1) as fal,
        processes.studio(home, fal.variables) as studio,
        client_of(studio) as client,
    ):
        memory_before = processes.memory(studio.pid)
        start = time.perf_counter()
        project = first_project(client)
        for number in range(ORDERS):
            order(client, project, _prompt(number), MODEL_IDS, SETTINGS)
        wait_until_saved(client, TAKES)
        seconds = time.perf_counter() - start
        usage = processes.usage(studio.pid, seconds, memory_before)
        _check_bought(fal, TAKES)
        _check_saved(client, fal, home)
    return usage


@contextmanager
def client_of(studio: Studio) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def first_project(client: httpx.Client) -> str:
    return str(get(client, "/api/projects")["items"][0]["id"])


def order(
    client: httpx.Client,
    project: str,
    prompt: str,
    models: tuple[str, ...],
    settings: dict[str, Any],
) -> None:
    body = {"prompt": prompt, "models": models, "settings": settings}
    answer = client.post(f"/api/projects/{project}/generations", json=body)
    if answer.status_code != httpx.codes.ACCEPTED:
        raise BenchmarkError(f"The order was answered with {answer.status_code}: {answer.text}")


def get(client: httpx.Client, path: str, **query: Any) -> dict[str, Any]:
    document: dict[str, Any] = client.get(path, params=query).raise_for_status().json()
    return document


def wait_until_saved(client: httpx.Client, wanted: int) -> None:
    latest = time.monotonic() + LONGEST
    while (saved := get(client, "/api/generations", state="done", limit=1)["total"]) < wanted:
        if time.monotonic() > latest:
            raise BenchmarkError(f"After {LONGEST} s only {saved} of {wanted} takes are saved.")
        time.sleep(LOOK_EVERY)


def _check_bought(fal: Emulator, wanted: int) -> None:
    lines = fal.ledger.read_text().splitlines()
    different = {json.loads(line)["request_id"] for line in lines}
    if (len(lines), len(different)) != (wanted, wanted):
        raise BenchmarkError(f"{len(lines)} bought, {len(different)} different, not {wanted}.")


def _check_saved(client: httpx.Client, fal: Emulator, home: Path) -> None:
    """Every take is there once, its file is what the catalogue says, and there is no other file."""
    assets = _all(client, "/api/assets")
    states = Counter(asset["media"]["state"] for asset in assets)
    if states != {"saved": TAKES}:
        raise BenchmarkError(f"The assets are {dict(states)}, not {TAKES} saved.")
    for asset in assets:
        media = asset["media"]
        if _sha256(home / media["path"]) != media["sha256"]:
            raise BenchmarkError(f"{media['path']} is not the file that the catalogue describes.")
    clips = [path for path in (home / "media").rglob("*") if path.suffix != ".json"]
    files = sum(path.is_file() for path in clips)
    bought = {json.loads(line)["request_id"] for line in fal.ledger.read_text().splitlines()}
    kept = {generation["request_id"] for generation in _all(client, "/api/generations")}
    hashes = {asset["media"]["sha256"] for asset in assets}
    if (files, len(hashes), kept) != (TAKES, TAKES, bought):
        raise BenchmarkError(
            f"{files} files, {len(hashes)} of them different, {len(kept & bought)} requests known."
        )


def _all(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    more: dict[str, str] = {}
    while True:
        page = get(client, path, limit=PAGE, **more)
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        more = {"cursor": page["next_cursor"]}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
