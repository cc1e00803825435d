"""Bringing clips back from a terminal: whole programs, what they print and how they exit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rushes.cli.following import LOOKS
from rushes.domain.generation import Generation, Unconfirmed
from rushes.pipeline.looks import failed_looks
from tests.emulator import FalEmulator
from tests.programs import environment_for, open_studio, rushes
from tests.sample_media import make_clip
from tests.studios import ask, studio_for

FAST = ("-m", "ltx-2.3-fast")


@pytest.fixture(scope="module")
def running_emulator() -> Iterator[FalEmulator]:
    with FalEmulator() as emulator:
        yield emulator


@pytest.fixture
def fal(running_emulator: FalEmulator) -> FalEmulator:
    running_emulator.reset()
    running_emulator.settings.clip_seconds = 1
    return running_emulator


@pytest.fixture
def environment(tmp_path: Path, fal: FalEmulator) -> dict[str, str]:
    return environment_for(tmp_path / "library", fal)


def made(environment: dict[str, str], prompt: str) -> dict[str, Any]:
    """The asset of a new take, whatever became of it."""
    done = rushes("generate", prompt, *FAST, "--json", environment=environment)
    [asset] = json.loads(done.stdout)["assets"]
    found: dict[str, Any] = asset
    return found


def document(*arguments: str | Path, environment: dict[str, str]) -> tuple[int, Any]:
    done = rushes(*arguments, "--json", environment=environment)
    return done.returncode, json.loads(done.stdout)


def test_retry_exits_3_while_the_clip_cannot_be_had_and_0_once_it_is_saved(
    environment: dict[str, str],
) -> None:
    prompt = "x [fault:media-404*2]"
    done = rushes("generate", prompt, *FAST, "--json", environment=environment)
    assert "rushes notices" in done.stderr
    [asset] = json.loads(done.stdout)["assets"]
    assert asset["media"]["state"] == "expired"
    code, first = document("retry", asset["id"], environment=environment)
    assert (code, first["saved"], first["not_saved"]) == (3, 0, 1)
    assert first["items"][0]["error"]["code"] == "media_gone"
    listed = rushes("notices", environment=environment)
    assert "clips_expired" in listed.stdout
    assert "rushes relink" in listed.stdout
    done = rushes("retry", asset["id"], environment=environment)
    assert (done.returncode, done.stdout) == (0, f"{asset['id']}  saved\n")
    code, notices = document("notices", environment=environment)
    assert (code, notices["items"]) == (0, [])


def test_without_ids_and_without_all_nothing_is_tried(environment: dict[str, str]) -> None:
    code, answer = document("retry", environment=environment)
    assert (code, answer["problem"]["code"]) == (2, "invalid_input")


def test_links_are_kept_until_download_brings_them_while_the_studio_is_open(
    environment: dict[str, str],
) -> None:
    with open_studio(environment):
        code, project = document("projects", "--keep", "links", environment=environment)
        assert (code, project["keep"]) == (0, "links")
        asset = made(environment, "x")
        assert (asset["media"]["state"], asset["media"]["error"]) == ("url_only", None)
        code, brought = document("download", "--all", environment=environment)
    assert (code, brought["saved"]) == (0, 1)


def test_relink_gives_an_expired_clip_a_file_of_yours(
    environment: dict[str, str], tmp_path: Path
) -> None:
    asset = made(environment, "x [fault:media-404]")
    assert asset["media"]["state"] == "expired"
    mine = make_clip(tmp_path / "mine.mp4")
    code, result = document("relink", asset["id"], mine, environment=environment)
    assert (code, result["state"]) == (0, "saved")
    code, refused = document("relink", asset["id"], mine, environment=environment)
    assert (code, refused["problem"]["code"]) == (1, "conflict")


def test_the_trash_is_emptied_only_when_that_is_said_twice(
    environment: dict[str, str], tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "mine.mp4")
    code, imported = document("import", clip, environment=environment)
    [asset] = imported["assets"]
    kept = tmp_path / "library" / asset["media"]["path"]
    code, trash = document("trash", asset["id"], environment=environment)
    assert (code, trash["total"]) == (0, 1)
    code, refused = document("trash", "--empty", environment=environment)
    assert (code, refused["problem"]["code"]) == (2, "invalid_input")
    assert kept.exists()
    code, emptied = document("trash", "--empty", "--yes", environment=environment)
    assert (code, emptied["removed"]) == (0, 1)
    assert not kept.exists()


def test_settle_says_both_choices_and_never_gives_up_too_early(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    lost = rushes("generate", "x [fault:submit-lost]", *FAST, "--json", environment=environment)
    assert lost.returncode == 5
    looked = rushes("settle", environment=environment)
    assert looked.returncode == 5
    assert "--give-up" in looked.stderr
    assert "Nothing is sent again" in looked.stderr
    code, refused = document("settle", "--give-up", environment=environment)
    assert (code, refused["problem"]["code"]) == (1, "conflict")
    assert len([seen for seen in fal.seen if seen.method == "POST"]) == 1


def test_settle_says_that_the_list_could_not_be_read(
    tmp_path: Path, environment: dict[str, str], fal: FalEmulator
) -> None:
    async def lose() -> None:
        async with studio_for(tmp_path / "library", fal) as studio:
            [(project, _)] = await studio.projects.list_all()
            wanted = ask("x [fault:submit-reply-lost][fault:list-500]")
            [lost] = await studio.pipeline.generate(project.id, wanted)
            feed = studio.catalogue.feed
            while failed_looks_for(lost) < LOOKS:
                await feed.wait_beyond(feed.place)
                lost = await studio.generations.get(lost.id)

    asyncio.run(lose())
    looked = rushes("settle", environment=environment)
    assert looked.returncode == 5
    assert "could not be looked up" in looked.stderr
    assert "500" in looked.stderr
    assert "does not show it" not in looked.stderr
    assert "--give-up" not in looked.stderr
    code, refused = document("settle", "--give-up", environment=environment)
    assert (code, refused["problem"]["code"]) == (1, "conflict")


def failed_looks_for(lost: Generation) -> int:
    return failed_looks(lost.state.failure) if isinstance(lost.state, Unconfirmed) else 0


def test_room_is_freed_only_where_it_is_allowed_and_said_before_it_is_done(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    asset = made(environment, "a heron")
    file = tmp_path / "library" / asset["media"]["path"]
    kept = file.read_bytes()
    refused = rushes("let-go", asset["id"], "--apply", environment=environment)
    assert refused.returncode == 1
    assert "switched off" in refused.stdout
    code, project = document("projects", "--let-go", "on", environment=environment)
    assert (code, project["may_let_go"]) == (0, True)
    looked = rushes("let-go", "--all", environment=environment)
    assert "Nothing was changed" in looked.stderr
    assert file.read_bytes() == kept
    code, done = document("let-go", "--all", "--apply", environment=environment)
    assert (code, done["freed"], done["kept"]) == (0, len(kept), 0)
    assert not file.exists()
    code, back = document("download", "--all", environment=environment)
    assert (code, back["saved"]) == (0, 1)
    assert file.read_bytes() == kept


def test_letting_go_is_on_or_off_and_needs_ids_or_all(environment: dict[str, str]) -> None:
    assert rushes("projects", "--let-go", "maybe", environment=environment).returncode == 2
    assert rushes("let-go", environment=environment).returncode == 2
