"""At a terminal: a failing disk is told, and `rushes resume` saves what waited once it is well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.emulator import FalEmulator
from tests.programs import environment_for, rushes


@pytest.mark.parametrize(
    "model", [("ltx-2.3-fast",), ("animatic", "--set", "resolution=720p")], ids=lambda m: m[0]
)
def test_resume_saves_what_waited_in_the_spool_and_buys_nothing(
    tmp_path: Path, model: tuple[str, ...]
) -> None:
    home = tmp_path / "library"
    home.mkdir()
    (home / "media").write_text("not a folder")
    with FalEmulator() as fal:
        fal.settings.clip_seconds = 1
        environment = environment_for(home, fal)
        failed = rushes(
            "generate", "a heron", "-m", *model, "--json", environment=environment, timeout=60
        )
        assert failed.returncode == 3, failed.stderr
        [asset] = json.loads(failed.stdout)["assets"]
        assert (asset["media"]["state"], asset["media"]["held"]) == ("unsaved", "spool")
        assert asset["media"]["error"]["code"] == "store_missing"
        assert asset["duration"] is not None
        (home / "media").unlink()
        done = rushes("resume", "--json", environment=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        [saved] = json.loads(done.stdout)["assets"]
        assert saved["media"]["state"] == "saved"
        assert saved["media"]["sha256"] == asset["media"]["sha256"]
        assert len(fal.ledger) == (0 if model[0] == "animatic" else 1)
        assert not list((home / "cache" / "animatic").rglob("*.mp4"))
