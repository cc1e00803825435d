"""A studio at work is killed at random moments, again and again; then everything may finish."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx

from rushes.domain.generation import Unconfirmed
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import Task
from rushes.providers.fal import models as fal_models
from tests.campaigns.outcome import Outcome
from tests.campaigns.promises import FREE, all_broken, cut_off_imports, read_library
from tests.emulator import FalEmulator
from tests.programs import Program, environment_for, start_studio
from tests.sample_media import make_clip

PASSING = (
    "submit-reply-lost",
    "submit-reply-cut",
    "submit-reply-garbage",
    "submit-502-html",
    "submit-429",
    "submit-500-json",
    "submit-503-json",
    "direct-answer",
    "back-to-queue",
    "status-500",
    "status-cut",
    "result-500-passing",
    "result-cut",
    "result-html",
    "list-late",
    "list-500-once",
    "media-500-once",
    "media-429-once",
    "media-cut-once",
    "media-cut-no-range",
    "media-no-length",
    "media-slow",
)
ENDPOINTS = {
    str(spec.id): spec.capabilities[Task.TEXT_TO_VIDEO].endpoint for spec in fal_models.MODELS
}
MODELS = tuple(ENDPOINTS)
SETTINGS = {"duration": 6, "resolution": "1080p", "fps": 25}
SUBMIT_TIMEOUT = 2
END_SECONDS = 60
AT_ONCE = 2
"""Clients that keep the studio busy."""
FINISH_SECONDS = 300
LIFE_SECONDS = 2.5
"""A studio that has answered is killed within so many seconds."""
BIRTH_SECONDS = 0.5
"""One in six is killed within so many seconds of its start, mostly before it answers."""
TIMES_FOR_ONE_ANIMATIC = 50
"""An animatic takes this machine seconds, and begins anew after each kill."""


@dataclass
class Work:
    """What was asked of the studio, and what it said yes to."""

    random: random.Random
    clips: tuple[Path, ...]
    animatics: int
    answered: list[str] = field(default_factory=list)
    imports: dict[str, bytes] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def one_more(self, client: httpx.Client, project: str) -> None:
        match self.random.choices(("order", "import", "cancel", "save again"), (6, 2, 1, 1))[0]:
            case "order":
                self._order(client, project)
            case "import":
                self._import(client, project)
            case "cancel":
                self._cancel(client)
            case _:
                self._look_around(client)

    def _order(self, client: httpx.Client, project: str) -> None:
        number = next(self.numbers)
        self.done["orders"] += 1
        models = self.random.sample(MODELS, self.random.choice((1, 1, 2, 3)))
        settings: dict[str, Any] = SETTINGS
        marks = self.random.sample(PASSING, self.random.choice((0, 0, 1, 2)))
        if self.animatics and self.random.random() < 0.2:
            self.animatics -= 1
            models, settings = [FREE], {**SETTINGS, "resolution": "720p"}
        prompt = f"Shot {number} " + "".join(f"[fault:{mark}]" for mark in marks)
        body = {"prompt": prompt, "models": models, "settings": settings}
        answer = client.post(f"/api/projects/{project}/generations", json=body)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        self.answered += [one["id"] for one in answer.json()["generations"]]

    def _import(self, client: httpx.Client, project: str) -> None:
        name = f"clip {next(self.numbers)}.mp4"
        self.done["imports"] += 1
        data = self.random.choice(self.clips).read_bytes()
        tag = name.encode()
        self.imports[name] = data + (8 + len(tag)).to_bytes(4, "big") + b"free" + tag
        files = {"files": (name, self.imports[name], "video/mp4")}
        answer = client.post(f"/api/projects/{project}/imports", files=files)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self.answered += [one["id"] for one in answer.json()["assets"]]

    def _cancel(self, client: httpx.Client) -> None:
        if not self.answered:
            return
        self.done["cancels"] += 1
        one = self.random.choice(self.answered[-6:])
        answer = client.post(f"/api/generations/{one}/cancel")
        assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, answer.text

    def _look_around(self, client: httpx.Client) -> None:
        """Ask for every unconfirmed one to be looked up now."""
        lost = client.get("/api/generations", params={"state": "unconfirmed"}).json()["items"]
        for one in lost[:3]:
            self.done["settles"] += 1
            client.post(f"/api/generations/{one['id']}/settle")


def run(times: int, seed: int) -> Outcome:
    outcome = Outcome("kill")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rushes-kill-") as folder, FalEmulator() as fal:
        fal.settings.clip_seconds = 1
        fal.settings.slow_piece_seconds = 0.05
        _run_in(Path(folder), fal, times, seed, outcome)
    outcome.figures["seconds for each"] = round((time.monotonic() - began) / times, 2)
    return outcome


def _run_in(folder: Path, fal: FalEmulator, times: int, seed: int, outcome: Outcome) -> None:
    home = folder / "library"
    rng = random.Random(seed)
    clips = tuple(
        make_clip(folder / f"{frames}.mp4", frames=frames) for frames in (12, 24, 240, 1200)
    )
    work = Work(rng, clips, animatics=times // TIMES_FOR_ONE_ANIMATIC)
    environment = environment_for(home, fal, RUSHES_SUBMIT_TIMEOUT=str(SUBMIT_TIMEOUT))
    before_answer = 0
    for number in range(1, times + 1):
        before_answer += _one_life(environment, work, rng, outcome)
        outcome.progress(number, times)
    said = _finish(environment, fal, outcome)
    library = asyncio.run(read_library(home))
    outcome.violations += all_broken(library, fal, answered=work.answered, imports=work.imports)
    outcome.violations += _not_finished(library, fal) + _left_running(home)
    if "Traceback" in said:
        outcome.violations.append(f"the last studio said: {said[-2000:]}")
    states = Counter(one.state.name for one in library.generations)
    outcome.figures |= {
        "seed": seed,
        "kills": times,
        "kills before the studio answered": before_answer,
        "asked": dict(work.done),
        "accepted orders and imports": len(work.answered),
        "generations": dict(states),
        "bought": len(fal.ledger),
        "saved files, all identical": sum(
            isinstance(asset.media, SavedMedia) for asset in library.assets
        ),
        "whole files of cut-off imports, in no list": cut_off_imports(library, work.imports),
    }


def _one_life(
    environment: dict[str, str], work: Work, rng: random.Random, outcome: Outcome
) -> bool:
    """Start, work, kill. Returns whether it was killed before it answered."""
    is_early = rng.random() < 1 / 6
    seconds = rng.uniform(0, BIRTH_SECONDS if is_early else LIFE_SECONDS)
    with tempfile.TemporaryFile() as chatter:
        process, told = start_studio(environment, chatter)
        if is_early:
            killer = _kill_after(process, seconds)
            line = told.readline()
        else:
            line = told.readline()
            killer = _kill_after(process, seconds)
        if line:
            _work_until_killed(json.loads(line), work, outcome)
        killer.join()
        told.close()
        if process.wait() != -signal.SIGKILL:
            outcome.violations.append(f"a studio ended by itself: {_all_of(chatter)[-2000:]}")
        return not line


def _kill_after(process: Program, seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    return timer


def _work_until_killed(opened: dict[str, Any], work: Work, outcome: Outcome) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in range(AT_ONCE):
            threads.submit(_ask_until_killed, opened, work, outcome)


def _ask_until_killed(opened: dict[str, Any], work: Work, outcome: Outcome) -> None:
    headers = {"Authorization": f"Bearer {opened['token']}"}
    with (
        httpx.Client(base_url=opened["url"], headers=headers, timeout=30) as client,
        suppress(httpx.TransportError),
    ):
        project = client.get("/api/projects").json()["items"][0]["id"]
        while True:
            try:
                work.one_more(client, project)
            except Exception as error:
                if isinstance(error, httpx.TransportError):
                    raise
                outcome.violations.append(f"not as promised: {error!r}")
                return
            time.sleep(work.random.uniform(0, 0.3))


def _finish(environment: dict[str, str], fal: FalEmulator, outcome: Outcome) -> str:
    """One more studio, left alone until nothing changes any more. Returns what it said."""
    with tempfile.TemporaryFile() as chatter:
        process, told = start_studio(environment, chatter)
        try:
            opened = json.loads(told.readline())
            headers = {"Authorization": f"Bearer {opened['token']}"}
            with httpx.Client(base_url=opened["url"], headers=headers, timeout=30) as client:
                _wait_until_finished(client, fal, outcome)
        finally:
            process.terminate()
            process.wait(END_SECONDS)
            told.close()
        return _all_of(chatter)


def _wait_until_finished(client: httpx.Client, fal: FalEmulator, outcome: Outcome) -> None:
    latest = time.monotonic() + FINISH_SECONDS
    while waiting := _unfinished(client, fal):
        if time.monotonic() > latest:
            outcome.violations.append(f"not finished after {FINISH_SECONDS} s: {waiting}")
            return
        for one in waiting:
            if one["state"] == "unconfirmed":
                client.post(f"/api/generations/{one['id']}/settle")
        time.sleep(0.5)


def _unfinished(client: httpx.Client, fal: FalEmulator) -> list[dict[str, Any]]:
    """What will still change: an unconfirmed one does not when its order was never accepted."""
    bought = {(entry.endpoint, entry.payload["prompt"]) for entry in fal.ledger}
    states = ("planned", "submitting", "submitted", "queued", "running", "delivered", "saving")
    lost = [
        one
        for one in _every(client, "unconfirmed")
        if (ENDPOINTS.get(one["model"]), one["prompt"]) in bought
    ]
    return [*lost, *(one for state in states for one in _every(client, state))]


def _every(client: httpx.Client, state: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query = {"state": state}
    while True:
        page = client.get("/api/generations", params=query).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


def _not_finished(library: Any, fal: FalEmulator) -> list[str]:
    bought = {(entry.endpoint, entry.payload["prompt"]) for entry in fal.ledger}
    broken = []
    for one in library.generations:
        asset = library.by_generation.get(one.id)
        match one.state:
            case Unconfirmed() if (one.endpoint, one.request.prompt) in bought:
                broken.append(f"{one.id} was bought and is unconfirmed")
            case Unconfirmed():
                pass
            case state if state.name == "done":
                if asset is None or not isinstance(asset.media, SavedMedia):
                    broken.append(f"{one.id} is done and its clip is {asset and asset.media}")
            case state if state.name != "cancelled":
                broken.append(f"{one.id} has ended as {state}")
    return broken


def _left_running(home: Path) -> list[str]:
    """Processes of a killed studio that have outlived it."""
    mark = f"RUSHES_HOME={home}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found.append(f"still running: {process.name} {command}")
    return [one for one in found if not one.startswith(f"still running: {os.getpid()} ")]


def _all_of(chatter: IO[bytes]) -> str:
    chatter.seek(0)
    return chatter.read().decode()
