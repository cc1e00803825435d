"""Before "saved" is said, everything is on the disk: read from the system's calls of real programs.

write → fsync of the file → name → fsync of the folders → commit, fsync of it → the answer

And before money is spent, that it will be is on the disk.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.campaigns.outcome import Outcome
from tests.campaigns.power_cut import intents, is_saved, left_by_power_cut
from tests.campaigns.trace import NAMES, SENDS, SYNCS, WRITES, Call, read_trace, traced, why_not
from tests.emulator import FalEmulator
from tests.programs import RUSHES, environment_for
from tests.programs import run as run_program
from tests.sample_media import make_clip

SAVED = "saved"
CATALOGUE = "catalogue.sqlite"
ANSWERS = 20
SLOW_DISK = "fsync,fdatasync:delay_enter=50000"
"""Each sync takes 50 ms longer, so what does not wait for it is caught."""
SYNC = "fdatasync"
"""SQLite's own; Python's is fsync."""
END_SECONDS = 60


def run(times: int, seed: int) -> Outcome:
    outcome = Outcome("power", {"seed": seed})
    if reason := why_not():
        outcome.skipped["all"] = reason
        return outcome
    seen: Counter[str] = Counter()
    for _ in range(times):
        for scenario in (by_command, by_studio, after_a_crash, after_a_cut_commit):
            with (
                tempfile.TemporaryDirectory(prefix="rushes-power-") as folder,
                FalEmulator() as fal,
            ):
                fal.settings.clip_seconds = 1
                outcome.violations += scenario(Path(folder), fal, seen)
    outcome.figures |= dict(seen)
    return outcome


def by_command(folder: Path, fal: FalEmulator, seen: Counter[str]) -> list[str]:
    """``rushes generate``: its answer is the path that it prints."""
    home = folder / "library"
    command = traced([*RUSHES, "generate", "A heron", "-m", "ltx-2.3-fast"], folder / "trace")
    done = subprocess.run(
        command, env=environment_for(home, fal), capture_output=True, text=True, check=False
    )
    if done.returncode:
        return [f"rushes generate failed: {done.stderr[-500:]}"]
    calls = read_trace(folder / "trace")
    clip = Path(done.stdout.strip())
    seen["saves by a command"] += 1
    says = [
        c for c in calls if c.name == "write" and c.text.startswith("1<") and clip.name in c.text
    ]
    return [
        *wrong_order(calls, home, clip, has_draft=True),
        *unsynced_answers(calls, home, says, seen),
        *unsynced_orders(calls, home, seen),
    ]


def by_studio(folder: Path, fal: FalEmulator, seen: Counter[str]) -> list[str]:
    """A generation and an import over HTTP: whatever answer has the word ``saved`` counts."""
    home = folder / "library"
    source = make_clip(folder / "holiday.mp4", frames=24)
    with _traced_studio(home, fal, folder / "trace") as client:
        project = f"/api/projects/{client.get('/api/projects').json()['items'][0]['id']}"
        with source.open("rb") as file:
            answer = client.post(f"{project}/imports", files={"files": file})
        imported = answer.json()["assets"][0]["media"]["path"]
        order = {"prompt": "A heron", "models": ["ltx-2.3-fast"]}
        client.post(f"{project}/generations", json=order)
        while not (found := client.get("/api/generations?state=done").json()["items"]):
            pass
        # Again and again, because other commits write the same pages meanwhile.
        for _ in range(ANSWERS):
            asset = client.get(f"/api/assets/{found[0]['asset_id']}").json()
        generated = asset["media"]["path"]
    calls = read_trace(folder / "trace")
    says = [
        call
        for call in calls
        if call.name in SENDS and _is_socket(call.file) and r"\"state\":\"saved\"" in call.text
    ]
    seen["saves over HTTP"] += 2
    return [
        *wrong_order(calls, home, home / imported, has_draft=True),
        *wrong_order(calls, home, home / generated, has_draft=True),
        *unsynced_answers(calls, home, says, seen),
        *unsynced_orders(calls, home, seen),
    ]


def after_a_crash(folder: Path, fal: FalEmulator, seen: Counter[str]) -> list[str]:
    """Killed between giving the name and making it durable: the next run has to make it so."""
    home = folder / "library"
    environment = environment_for(home, fal, RUSHES_SUBMIT_TIMEOUT="3")
    victim = "tests.crash.victim"
    for number in range(1, 20):
        run_program(victim, "file", str(number), f"killed at {number}", environment=environment)
        named = list((home / "media").rglob("AI-Video-*"))
        if named:
            break
        run_program(victim, "never", "0", environment=environment).check_returncode()
        for saved in (home / "media").rglob("AI-Video-*"):
            saved.rename(folder / saved.name)
    else:
        return ["no place was found between giving the name and making it durable"]
    done = subprocess.run(
        traced([sys.executable, "-m", victim, "never", "0"], folder / "trace"),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return [f"it did not go on: {done.stderr[-500:]}"]
    seen["saves that a crash had cut in two"] += 1
    return list(wrong_order(read_trace(folder / "trace"), home, named[0], has_draft=False))


def after_a_cut_commit(folder: Path, fal: FalEmulator, seen: Counter[str]) -> list[str]:
    """Killed between writing a commit and syncing it: the next start takes it for done."""
    source = make_clip(folder / "holiday.mp4", frames=24)
    path = "media/First-project/holiday.mp4"
    asked = [*RUSHES, "import", str(source)]
    listed = [*RUSHES, "assets", "--json"]
    whole = folder / "whole" / "library"
    made, used = folder / "made", folder / "used"
    _done(traced(listed, made), whole, fal)
    _done(traced(asked, used), whole, fal)
    first = _sync_that_saves(read_trace(made, used), whole, path)
    for number in (first, first + 1, first - 1):
        home = folder / f"killed-at-{number}" / "library"
        cut, after = folder / f"cut-{number}", folder / f"after-{number}"
        _done(traced(listed, before := folder / f"before-{number}"), home, fal)
        _done(traced(asked, cut, f"{SYNC}:signal=KILL:when={number}"), home, fal, killed=True)
        _done(traced(listed, after), home, fal)
        calls = read_trace(before, cut, after)
        says = [c for c in calls if c.name == "write" and path in told(c, home)]
        end = max(call.ended for call in read_trace(before, cut)) + 1
        with left_by_power_cut(calls, home / CATALOGUE, end) as left:
            was_cut = says and says[0].began > end and not is_saved(left, path)
        if was_cut:
            seen["commits that a crash had cut in two"] += 1
            return list(unsynced_answers(calls, home, says, seen))
    return ["no place was found between writing a commit and syncing it"]


def _sync_that_saves(calls: list[Call], home: Path, path: str) -> int:
    """Which sync of its thread makes the clip saved."""
    syncs = [call for call in calls if call.name == SYNC]
    for sync in syncs:
        with left_by_power_cut(calls, home / CATALOGUE, sync.ended + 1) as left:
            if is_saved(left, path):
                return sum(c.thread == sync.thread for c in syncs if c.ended <= sync.ended)
    raise AssertionError("no sync made it saved")


def _done(command: list[str], home: Path, fal: FalEmulator, *, killed: bool = False) -> None:
    environment = environment_for(home, fal)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert killed or not done.returncode, done.stderr[-500:]


def wrong_order(calls: list[Call], home: Path, clip: Path, *, has_draft: bool) -> Iterator[str]:
    """write → fsync → name → fsync of the folders → the catalogue says ``saved``."""
    commits = [
        call for call in _wal_writes(calls, home) if SAVED in call.text and clip.name in call.text
    ]
    if not commits:
        yield f"{clip.name}: no commit says that it is saved"
        return
    naming = [c for c in calls if c.name in NAMES and len(c.paths) > 1 and c.paths[1] == str(clip)]
    if has_draft and len(naming) != 1:
        yield f"{clip.name}: given its name {len(naming)} times"
        return
    draft = naming[0].paths[0] if naming else str(clip)
    before = naming[0] if naming else commits[0]
    writes = [call for call in calls if call.name in WRITES and call.file == draft]
    if has_draft and not writes:
        yield f"{clip.name}: nothing was written to {draft}"
    if not _syncs(calls, draft, after=max((c.ended for c in writes), default=-1), before=before):
        yield f"{clip.name}: its bytes were not synced before {before.name}"
    named = naming[0].ended if naming else -1
    for folder in _folders(clip, home):
        if not _syncs(calls, str(folder), after=named, before=commits[0]):
            yield f"{clip.name}: {folder.name} was not synced before the catalogue said saved"


def unsynced_answers(
    calls: list[Call], home: Path, says: list[Call], seen: Counter[str]
) -> Iterator[str]:
    """A power cut while the answer goes out leaves what it says on the disk."""
    seen["answers that said saved"] += len(says)
    if not says:
        yield "no answer said saved"
    for answer in says:
        yield from _unknown_log(calls, home, answer, "an answer said saved")
        paths = told(answer, home)
        if not paths:
            yield f"an answer said saved of nothing: {answer.text[:200]}"
        with left_by_power_cut(calls, home / CATALOGUE, answer.began) as left:
            for path in paths:
                if not is_saved(left, path):
                    yield f"{path}: an answer said saved while its commit was not synced"


def told(answer: Call, home: Path) -> set[str]:
    """The paths that an answer calls saved: of the interface, or printed by a command."""
    text = answer.text.replace(r"\"", '"')
    printed = re.findall(rf'"{re.escape(str(home))}/(media/[^"]+?)\\n"', text)
    return {*printed, *re.findall(r'"media": ?\{"state": ?"saved", ?"path": ?"([^"]+)"', text)}


def unsynced_orders(calls: list[Call], home: Path, seen: Counter[str]) -> Iterator[str]:
    """A power cut while an order goes out leaves the intent to send it on the disk."""
    sent = [
        c for c in calls if c.name in SENDS and _is_socket(c.file) and '"POST /fal-ai' in c.text
    ]
    seen["orders sent"] += len(sent)
    if not sent:
        yield "no order was seen"
    for number, order in enumerate(sent, start=1):
        yield from _unknown_log(calls, home, order, "an order was sent")
        with left_by_power_cut(calls, home / CATALOGUE, order.began) as left:
            if intents(left) < number:
                yield "an order was sent before it was written down"


def _unknown_log(calls: list[Call], home: Path, event: Call, what: str) -> Iterator[str]:
    wal = str(home / f"{CATALOGUE}-wal")
    created = [c for c in calls if c.name == "openat" and wal in c.paths and "O_CREAT" in c.text]
    known = any(c.name in SYNCS and c.file == str(home) and c.ended < event.began for c in calls)
    if created and not known:
        yield f"{what} before the name of the catalogue's log was synced"


def _syncs(calls: list[Call], file: str, *, after: int, before: Call) -> list[Call]:
    return [
        call
        for call in calls
        if call.name in SYNCS
        and call.file == file
        and call.began > after
        and call.ended < before.began
    ]


def _wal_writes(calls: list[Call], home: Path) -> list[Call]:
    wal = str(home / f"{CATALOGUE}-wal")
    return [call for call in calls if call.name in WRITES and call.file == wal]


def _folders(clip: Path, home: Path) -> list[Path]:
    return [folder for folder in clip.parents if folder.is_relative_to(home)]


def _is_socket(file: str) -> bool:
    return file.startswith(("socket:", "TCP:"))


@contextmanager
def _traced_studio(home: Path, fal: FalEmulator, trace: Path) -> Iterator[httpx.Client]:
    process = subprocess.Popen(
        traced([*RUSHES, "studio", "--no-browser", "--json", "--port", "0"], trace, SLOW_DISK),
        env=environment_for(home, fal),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    opened = json.loads(process.stdout.readline())
    headers = {"Authorization": f"Bearer {opened['token']}"}
    try:
        with httpx.Client(base_url=opened["url"], headers=headers, timeout=60) as client:
            yield client
    finally:
        # strace itself would only leave it alone.
        os.kill(opened["pid"], signal.SIGTERM)
        process.wait(END_SECONDS)
        process.stdout.close()
