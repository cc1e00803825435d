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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

from rushes.domain.generation import Unconfirmed
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import Task
from rushes.providers.fal import models as fal_models
from tests.campaigns.outcome import Outcome
from tests.campaigns.promises import FREE, all_broken, cut_off_imports, read_library
from tests.disks import ChangingDisk, changing_disk
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
DISK_SIZE = "2g"
"""Of the disk that the clips lie on: more than all of them; it holds only what lies there."""
WAIT_SECONDS = 30
"""For what is to have happened before a studio is killed."""
WAITING = ("unsaved", "url_only")
CLIPS_OF_A_RETRY = 3


@dataclass
class Work:
    """What was asked of the studio, and what it said yes to."""

    random: random.Random
    clips: tuple[Path, ...]
    animatics: int
    disk: ChangingDisk | None
    """What the clips lie on, where this machine lets it be full for a while."""
    disk_stays: bool = False
    answered: list[str] = field(default_factory=list)
    imports: dict[str, bytes] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def one_more(self, client: httpx.Client, project: str) -> None:
        acts, weights = zip(*WEIGHTS.items(), strict=True)
        match self.random.choices(acts, weights)[0]:
            case "order":
                self._order(client, project)
            case "import":
                self._import(client, project)
            case "cancel":
                self._cancel(client)
            case "settle":
                self._settle(client)
            case "disk":
                self._change_disk()
            case act:
                self._save_again(client, act)

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
        body = {
            "prompt": prompt,
            "models": models,
            "settings": settings,
            "ignore_room": True,
        }
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
        if self.disk is not None and answer.status_code == httpx.codes.INSUFFICIENT_STORAGE:
            self.done["imports refused by a full disk"] += 1
            return
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self.answered += [one["id"] for one in answer.json()["assets"]]

    def _cancel(self, client: httpx.Client) -> None:
        if not self.answered:
            return
        self.done["cancels"] += 1
        one = self.random.choice(self.answered[-6:])
        answer = client.post(f"/api/generations/{one}/cancel")
        assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, answer.text

    def _settle(self, client: httpx.Client) -> None:
        """Ask for every unconfirmed one to be looked up now."""
        lost = client.get("/api/generations", params={"state": "unconfirmed"}).json()["items"]
        for one in lost[:3]:
            self.done["settles"] += 1
            client.post(f"/api/generations/{one['id']}/settle")

    def _save_again(self, client: httpx.Client, act: str) -> None:
        """``retry`` or ``download``: some of what waits, or all of it."""
        how, _, is_all = act.partition(" ")
        if is_all:
            self._recovered(client, act, f"/api/assets/{how}")
            return
        waiting = client.get("/api/assets", params={"state": WAITING}).json()["items"]
        chosen = self.random.sample(waiting, min(CLIPS_OF_A_RETRY, len(waiting)))
        for one in chosen:
            self._recovered(client, act, f"/api/assets/{one['id']}/{how}")

    def _recovered(self, client: httpx.Client, act: str, address: str) -> None:
        """Ask for it twice: the second time it is done already, or under way."""
        self.done[act] += 1
        for answer in (client.post(address), client.post(address)):
            assert answer.status_code == httpx.codes.OK, answer.text
            results = answer.json().get("items", [answer.json()])
            self.done[f"{act}: saved"] += sum(one["state"] == "saved" for one in results)

    def _change_disk(self) -> None:
        if self.disk is None or self.disk_stays:
            return
        self.done["changes of the disk"] += 1
        self.random.choice((self.disk.fill, self.disk.free))()


WEIGHTS = {
    "order": 6,
    "import": 2,
    "cancel": 1,
    "settle": 1,
    "retry": 1,
    "retry all": 1,
    "download": 1,
    "download all": 1,
    "disk": 1,
}


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
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(changing_disk(home / "media", DISK_SIZE))
        except pytest.skip.Exception as reason:
            disk = None
            outcome.skipped["a disk that is full for a while"] = str(reason)
        _work_and_look(folder, fal, disk, times, seed, outcome)


def _work_and_look(
    folder: Path,
    fal: FalEmulator,
    disk: ChangingDisk | None,
    times: int,
    seed: int,
    outcome: Outcome,
) -> None:
    home = folder / "library"
    # The threads that work take theirs in no order that could be repeated.
    rng, at_work = random.Random(seed), random.Random(seed)
    clips = tuple(
        make_clip(folder / f"{frames}.mp4", frames=frames) for frames in (12, 24, 240, 1200)
    )
    work = Work(at_work, clips, times // TIMES_FOR_ONE_ANIMATIC, disk)
    environment = environment_for(home, fal, RUSHES_SUBMIT_TIMEOUT=str(SUBMIT_TIMEOUT))
    before_answer = while_clips_waited = 0
    for number in range(1, times + 1):
        life = _life(rng, work, number, home)
        before_answer += _live(environment, work, life, outcome)
        while_clips_waited += bool(_in_spool(home))
        outcome.progress(number, times)
    if disk is not None:
        disk.free()
    said = _finish(environment, fal, outcome)
    library = asyncio.run(read_library(home))
    outcome.violations += all_broken(library, fal, answered=work.answered, imports=work.imports)
    outcome.violations += _not_finished(library, fal) + _left_running(home)
    outcome.violations += [f"left in the spool: {path.name}" for path in _in_spool(home)]
    if "Traceback" in said:
        outcome.violations.append(f"the last studio said: {said[-2000:]}")
    states = Counter(one.state.name for one in library.generations)
    outcome.figures |= {
        "seed": seed,
        "kills": times,
        "kills before the studio answered": before_answer,
        "kills while clips waited in the spool": while_clips_waited,
        "asked": dict(work.done),
        "accepted orders and imports": len(work.answered),
        "generations": dict(states),
        "bought": len(fal.ledger),
        "saved files, all identical": sum(
            isinstance(asset.media, SavedMedia) for asset in library.assets
        ),
        "whole files of cut-off imports, in no list": cut_off_imports(library, work.imports),
    }


def _in_spool(home: Path) -> list[Path]:
    """What waits there, whole or not."""
    spool = home.with_name(f"{home.name}-spool")
    return [path for path in spool.glob("*/clips/*") if path.is_file()]


@dataclass(frozen=True)
class Life:
    seconds: float
    is_early: bool
    """Whether they are counted from its start, and not from its first answer."""
    waits_for: Callable[[], bool] = lambda: True
    """What has to have happened before they are counted."""


def _life(rng: random.Random, work: Work, number: int, home: Path) -> Life:
    """Of three, one ends while waiting clips are saved, one with clips that wait, one at any time.

    The last begins with a full disk, which may change.
    """
    kind = number % 3 if work.disk is not None else 0
    work.disk_stays = kind != 0
    if work.disk is not None:
        (work.disk.free if kind == 1 else work.disk.fill)()
    waiting = len(_in_spool(home))
    if kind == 1 and waiting:
        return Life(rng.uniform(0, BIRTH_SECONDS), False, lambda: len(_in_spool(home)) < waiting)
    if kind == 2:
        return Life(rng.uniform(0, BIRTH_SECONDS), False, lambda: bool(_in_spool(home)))
    is_early = rng.random() < (1 / 6 if work.disk is None else 1 / 2)
    return Life(rng.uniform(0, BIRTH_SECONDS if is_early else LIFE_SECONDS), is_early)


def _live(environment: dict[str, str], work: Work, life: Life, outcome: Outcome) -> bool:
    """Start, work, kill. Returns whether it was killed before it answered."""
    with tempfile.TemporaryFile() as chatter:
        process, told = start_studio(environment, chatter)
        if life.is_early:
            killer = _kill_after(process, life)
            line = told.readline()
        else:
            line = told.readline()
            killer = _kill_after(process, life)
        if line:
            _work_until_killed(json.loads(line), work, outcome)
        killer.join()
        told.close()
        if process.wait() != -signal.SIGKILL:
            outcome.violations.append(f"a studio ended by itself: {_all_of(chatter)[-2000:]}")
        return not line


def _kill_after(process: Program, life: Life) -> threading.Thread:
    def kill() -> None:
        latest = time.monotonic() + WAIT_SECONDS
        while not life.waits_for() and time.monotonic() < latest:
            time.sleep(0.02)
        time.sleep(life.seconds)
        process.kill()

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


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
