"""kill -9 at every commit and every file operation while a clip goes into the spool."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import programs
from tests.crash.test_killed_between_steps import AT_ONCE, Run, fal, what_is_wrong
from tests.emulator import FalEmulator
from tests.emulator.state import LedgerEntry
from tests.programs import environment_for

__all__ = ["fal"]

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


def start(fal: FalEmulator, run: Run, module: str, *arguments: str) -> subprocess.CompletedProcess:
    environment = environment_for(run.home, fal, RUSHES_SUBMIT_TIMEOUT="3")
    return programs.run(f"tests.crash.{module}", *arguments, environment=environment)


def spool_into(fal: FalEmulator, run: Run) -> subprocess.CompletedProcess:
    """With a file where the media folder should be, nothing can be stored."""
    run.home.mkdir(parents=True)
    (run.home / "media").write_text("not a folder")
    done = start(fal, run, "spooling_victim", run.place, str(run.number), run.prompt)
    (run.home / "media").unlink()
    return done


def files_in_spool(run: Run) -> list[Path]:
    spool = run.home.with_name(f"{run.home.name}-spool")
    return [path for path in spool.rglob("*") if path.is_file()]


def downloads(fal: FalEmulator, submits: list[LedgerEntry]) -> int:
    media = [seen.path for seen in fal.seen if seen.host == "media"]
    return len([path for path in media if any(one.request_id in path for one in submits)])


def kill_and_resume(fal: FalEmulator, run: Run) -> str:
    """Returns what is wrong afterwards; empty when all is as promised."""
    killed = spool_into(fal, run)
    if killed.returncode != -signal.SIGKILL:
        return f"was not killed: {killed.returncode} {killed.stderr}"
    whole = [path for path in files_in_spool(run) if not path.name.startswith(".")]
    submits = [entry for entry in fal.ledger if entry.payload["prompt"] == run.prompt]
    before = downloads(fal, submits)
    resumed = start(fal, run, "victim", "never", "0")
    if resumed.returncode != 0:
        return f"could not go on: {resumed.stderr}"
    if whole and downloads(fal, submits) > before:
        return "what was whole in the spool came again"
    submits = [entry for entry in fal.ledger if entry.payload["prompt"] == run.prompt]
    wrong = asyncio.run(what_is_wrong(run, len(submits)))
    if not wrong and files_in_spool(run):
        return f"left in the spool: {files_in_spool(run)}"
    return wrong


@pytest.mark.parametrize(("place", "counted"), [("after-commit", "commits"), ("file", "files")])
def test_killed_while_spooling_it_is_bought_once_and_saved_whole(
    fal: FalEmulator, tmp_path: Path, place: str, counted: str
) -> None:
    first = spool_into(fal, Run("never", 0, tmp_path / "whole"))
    assert first.returncode == 0, first.stderr
    number_of_places = json.loads(first.stdout)[counted]
    assert number_of_places >= 3
    runs = [Run(place, number, tmp_path / str(number)) for number in range(1, number_of_places + 1)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda run: kill_and_resume(fal, run), runs))
    wrong = [f"{run.prompt}: {what}" for run, what in zip(runs, found, strict=True) if what]
    assert not wrong, "\n".join(wrong)
