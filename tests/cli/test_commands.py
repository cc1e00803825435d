"""The command line as a person uses it: whole programs, their output and their exit codes."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.programs import RUSHES, environment_for, open_studio, rushes
from tests.sample_media import make_clip, make_image

FAST = ("-m", "ltx-2.3-fast")


@pytest.fixture
def environment(tmp_path: Path, fal: FalEmulator) -> dict[str, str]:
    return environment_for(tmp_path / "library", fal)


def test_generate_prints_where_the_clip_is_and_exits_0(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = rushes("generate", "A heron", *FAST, environment=environment)
    assert done.returncode == 0, done.stderr
    [line] = done.stdout.splitlines()
    path = Path(line)
    assert path.is_file()
    assert path.parent == tmp_path / "library" / "media" / "First-project"
    assert path.name.startswith("AI-Video-ltx-2.3-fast-")


def test_generate_json_is_one_document_on_stdout(environment: dict[str, str]) -> None:
    done = rushes(
        "generate", "A heron", *FAST, "-m", "ltx-2-pro", "--json", environment=environment
    )
    document = json.loads(done.stdout)
    assert [one["state"] for one in document["generations"]] == ["done", "done"]
    assert {one["media"]["state"] for one in document["assets"]} == {"saved"}


def test_assets_are_listed_by_what_is_asked_for(environment: dict[str, str]) -> None:
    made = rushes("generate", "A heron", *FAST, "--json", environment=environment)
    [asset] = json.loads(made.stdout)["assets"]

    def listed(*options: str) -> list[str]:
        done = rushes("assets", "--json", *options, environment=environment)
        return [one["id"] for one in json.loads(done.stdout)["items"]]

    fits = ("--kind", "video", "--flag", "none", "--since", "2020-01-31", "--sort", "longest")
    assert listed(*fits) == [asset["id"]]
    assert listed(*fits, "--rating", "1") == []
    assert listed("--min-duration", "1", "--model", asset["origin"]["model"]) == [asset["id"]]
    assert listed("--trashed") == []
    assert rushes("assets", "--sort", "odd", environment=environment).returncode == 2


def test_every_list_shows_what_was_made(environment: dict[str, str]) -> None:
    made = json.loads(
        rushes("generate", "A heron", *FAST, "--json", environment=environment).stdout
    )
    generation, asset = made["generations"][0], made["assets"][0]
    for command in (["generations"], ["assets"], ["assets", "-q", "heron", "--state", "saved"]):
        assert asset["id"] in (out := rushes(*command, environment=environment).stdout) or (
            generation["id"] in out
        )
    shown = rushes("show", generation["id"], environment=environment).stdout
    assert "downloaded" in shown
    assert asset["media"]["sha256"] in rushes("show", asset["id"], environment=environment).stdout
    assert "ltx-2.5-pro" in rushes("models", environment=environment).stdout
    assert "First project" in rushes("projects", environment=environment).stdout


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        ((" ",), 2, "prompt_empty"),
        (("x" * 100_000,), 2, "prompt_too_long"),
        (("x", "-m", "nope"), 2, "model_unknown"),
        (("x", *FAST, "--set", "bogus=1"), 2, "setting_unknown"),
        (("x", *FAST, "--set", "duration=six"), 2, "setting_illegal"),
        (("x", *FAST, "--set", "duration"), 2, "invalid_input"),
        (("x", *FAST, "--set", "duration=12", "--set", "fps=50"), 2, "combination_illegal"),
        (("x", *FAST, "--image", "no-image.png"), 2, "file_unusable"),
        (("x", *FAST, "--image", "nowhere.png"), 2, "file_unusable"),
        (("x", *FAST, "-p", "Nope"), 2, "project_not_found"),
        (("x", *FAST, "--max-cost", "0.1"), 2, "cost_limit"),
        (("x", *FAST, "--max-cost", "much"), 2, "invalid_input"),
    ],
)
def test_bad_input_is_refused_by_name_before_any_money_and_leaves_nothing(
    environment: dict[str, str],
    fal: FalEmulator,
    tmp_path: Path,
    arguments: tuple[str, ...],
    exit_code: int,
    code: str,
) -> None:
    (tmp_path / "no-image.png").write_text("hello")
    placed = [
        str(tmp_path / argument) if argument.endswith(".png") else argument
        for argument in arguments
    ]
    refused = rushes("generate", *placed, "--json", environment=environment)
    assert refused.returncode == exit_code, refused.stderr
    problem = json.loads(refused.stdout)["problem"]
    assert problem["code"] == code
    assert problem["remedy"]
    assert not fal.seen
    with sqlite3.connect(tmp_path / "library/catalogue.sqlite") as catalogue:
        for table in ("generations", "assets"):
            assert catalogue.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert not [path for path in (tmp_path / "library/media").rglob("*") if path.is_file()]


def test_without_a_key_a_paid_model_is_refused_and_the_animatic_named(tmp_path: Path) -> None:
    refused = rushes("generate", "x", *FAST, environment=environment_for(tmp_path / "l", None))
    assert refused.returncode == 4
    assert "provider_key_missing" in refused.stderr
    assert "animatic" in refused.stderr


def test_a_wrong_key_is_said_and_nothing_is_bought(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    refused = rushes("generate", "x", *FAST, environment=environment | {"FAL_KEY": "wrong:key"})
    assert refused.returncode == 4
    assert "does not accept the key" in refused.stdout
    assert "wrong:key" not in refused.stdout + refused.stderr
    assert not fal.ledger


def test_a_full_disk_is_refused_with_its_figures(tmp_path: Path, fal: FalEmulator) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk:
        refused = rushes("generate", "x", *FAST, "--json", environment=environment_for(disk, fal))
    problem = json.loads(refused.stdout)["problem"]
    assert problem["code"] == "disk_full"
    assert problem["facts"]["needed"] > problem["facts"]["free"]
    assert refused.returncode == 1
    assert not fal.seen


def test_a_bought_clip_that_cannot_be_saved_exits_3_and_is_listed(
    environment: dict[str, str],
) -> None:
    done = rushes("generate", "x [fault:media-html]", *FAST, "--json", environment=environment)
    assert done.returncode == 3
    [asset] = json.loads(done.stdout)["assets"]
    assert asset["media"]["state"] == "url_only"
    assert asset["media"]["error"]["code"] == "download_not_media"


def test_an_unconfirmed_request_exits_5_and_is_not_sent_again_by_resume(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    done = rushes("generate", "x [fault:submit-lost]", *FAST, environment=environment)
    assert done.returncode == 5
    again = rushes("resume", environment=environment)
    assert again.returncode == 5
    assert len([seen for seen in fal.seen if seen.method == "POST"]) == 1


def test_no_wait_returns_once_it_is_sent_and_resume_finishes_it(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    sent = rushes("generate", "x", *FAST, "--no-wait", "--json", environment=environment)
    assert sent.returncode == 0
    assert json.loads(sent.stdout)["generations"][0]["state"] in {"submitted", "queued", "running"}
    resumed = rushes("resume", "--json", environment=environment)
    assert resumed.returncode == 0
    assert [one["state"] for one in json.loads(resumed.stdout)["generations"]] == ["done"]
    assert len(fal.ledger) == 1


def test_ctrl_c_exits_130_and_the_next_run_goes_on(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    fal.settings.queued_seconds = 5
    process = subprocess.Popen(
        [*RUSHES, "generate", "x", *FAST],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "queued" in line:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert rushes("resume", environment=environment).returncode == 0
    assert len(fal.ledger) == 1


def test_import_keeps_what_is_media_and_names_what_is_not(
    environment: dict[str, str], tmp_path: Path
) -> None:
    clip, image = make_clip(tmp_path / "shot one.mp4"), make_image(tmp_path / "still.png")
    text = tmp_path / "notes.mp4"
    text.write_text("not a film")
    done = rushes("import", clip, text, image, "--json", environment=environment)
    assert done.returncode == 2
    document = json.loads(done.stdout)
    assert [asset["kind"] for asset in document["assets"]] == ["video", "image"]
    assert [problem["code"] for problem in document["problems"]] == ["file_unusable"]


def test_a_command_talks_to_the_studio_that_is_open(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    with open_studio(environment):
        done = rushes("generate", "A heron", *FAST, environment=environment)
        assert done.returncode == 0, done.stderr
        assert Path(done.stdout.strip()).is_file()
        project = rushes("projects", "--new", "Teaser", "--json", environment=environment)
        assert json.loads(project.stdout)["name"] == "Teaser"
        second = rushes("studio", "--no-browser", "--port", "0", environment=environment)
        assert second.returncode == 1
        assert "library_in_use" in second.stderr
    assert len(fal.ledger) == 1


def test_a_second_command_waits_for_the_first_and_says_so(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    fal.settings.queued_seconds = 5
    first = subprocess.Popen([*RUSHES, "generate", "x", *FAST], env=environment)
    lock = Path(environment["RUSHES_HOME"]) / "rushes.lock"
    while not (lock.exists() and lock.read_bytes()):
        time.sleep(0.05)
    second = subprocess.Popen(
        [*RUSHES, "generations", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr is not None
    assert str(first.pid) in second.stderr.readline()
    assert first.wait(60) == 0
    out, _ = second.communicate(timeout=30)
    assert [one["state"] for one in json.loads(out)["items"]] == ["done"]


def test_doctor_finds_nothing_wrong_with_a_new_library(environment: dict[str, str]) -> None:
    rushes("projects", environment=environment)
    done = rushes("doctor", "--json", environment=environment)
    assert done.returncode == 0
    findings = json.loads(done.stdout)["findings"]
    assert {one["status"] for one in findings} == {"ok"}


def test_doctor_says_that_there_is_no_library_and_makes_none(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = rushes("doctor", "--thorough", "--json", environment=environment)
    assert done.returncode == 1
    findings = json.loads(done.stdout)["findings"]
    assert [one["code"] for one in findings if one["status"] == "problem"] == ["catalogue_missing"]
    assert "connect" in findings[0]["remedy"]
    asked = rushes("doctor", "--asset", "a", environment=environment)
    assert (asked.returncode, "There is no library" in asked.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_doctor_asks_the_studio_that_is_open_and_makes_nothing_where_none_is(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with open_studio(environment):
        opened = rushes("doctor", "--json", environment=environment)
    token = tmp_path / "library" / "access-token"
    token.unlink()
    closed = rushes("doctor", "--json", environment=environment)
    assert (opened.returncode, closed.returncode) == (0, 0), closed.stdout
    assert not token.exists()
    looked_at = [
        {one["check"] for one in json.loads(done.stdout)["findings"]} for done in (opened, closed)
    ]
    assert looked_at[0] == looked_at[1]


def test_doctor_ends_with_1_when_there_is_a_problem_and_reads_every_file_when_asked(
    environment: dict[str, str], tmp_path: Path
) -> None:
    rushes("import", make_clip(tmp_path / "shot.mp4"), environment=environment)
    [file] = (tmp_path / "library" / "media").rglob("*.mp4")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    quick = rushes("doctor", environment=environment)
    assert quick.returncode == 0, quick.stdout
    thorough = rushes("doctor", "--thorough", "--json", environment=environment)
    assert thorough.returncode == 1
    report = json.loads(thorough.stdout)
    assert report["status"] == "problem"
    wrong = [one for one in report["findings"] if one["status"] == "problem"]
    assert [one["code"] for one in wrong] == ["file_changed"]
    assert "1 of 1 files read again" in thorough.stderr

    asked = rushes("doctor", "--asset", wrong[0]["ids"][0], environment=environment)
    assert asked.returncode == 1
    assert "it is listed, and its bytes are not here" in asked.stdout
    assert "does not hold the bytes that were saved" in asked.stdout
    nobody = rushes("doctor", "--asset", "nobody", environment=environment)
    assert nobody.returncode == 2


def test_resume_saves_what_could_not_be_saved_before(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    media = Path(environment["RUSHES_HOME"]) / "media"
    media.parent.mkdir()
    media.write_text("not a folder")
    failed = rushes("generate", "A heron", *FAST, environment=environment)
    still = rushes("resume", environment=environment)
    media.unlink()
    resumed = rushes("resume", environment=environment)
    assert (failed.returncode, still.returncode) == (3, 3), still.stderr
    assert "tried 2 times" in still.stderr
    assert resumed.returncode == 0, resumed.stderr
    assert len(list(media.rglob("*.mp4"))) == len(fal.ledger) == 1


def test_the_key_is_in_no_file_and_no_output(tmp_path: Path, fal: FalEmulator) -> None:
    fal.key = "secret-id:0123456789abcdef0123456789abcdef"
    environment = environment_for(tmp_path / "library", fal)
    outputs = [
        rushes(*command, environment=environment)
        for command in (
            ("generate", "x", *FAST, "--json"),
            ("generate", "x [fault:result-504]", *FAST),
            ("doctor",),
            ("models", "--json"),
        )
    ]
    secrets = [part.encode() for part in fal.key.split(":")]
    produced = [path.read_bytes() for path in (tmp_path / "library").rglob("*") if path.is_file()]
    produced += [(one.stdout + one.stderr).encode() for one in outputs]
    assert outputs[0].returncode == 0
    assert not [secret for secret in secrets for text in produced if secret in text]


def test_files_of_the_library_that_open_it_are_readable_by_their_owner_only(
    environment: dict[str, str],
) -> None:
    rushes("projects", environment=environment)
    token = Path(environment["RUSHES_HOME"]) / "access-token"
    assert token.stat().st_mode & 0o077 == 0


def test_repair_lists_what_it_would_do_and_does_it_only_when_told(
    environment: dict[str, str], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    made = rushes("import", make_clip(tmp_path / "shot.mp4"), "--json", environment=environment)
    [asset] = json.loads(made.stdout)["assets"]
    for file in library.glob("catalogue.sqlite*"):
        file.unlink()
    looked = rushes("repair", "--rebuild", "--json", environment=environment)
    assert looked.returncode == 0, looked.stderr
    document = json.loads(looked.stdout)
    assert [(one["kind"], one["done"]) for one in document["mends"]] == [("list_again", False)]
    assert not (library / "catalogue.sqlite").exists()

    mended = rushes("repair", "--rebuild", "--apply", environment=environment)
    assert mended.returncode == 0, mended.stderr
    assert asset["id"] in mended.stdout
    listed = json.loads(rushes("assets", "--json", environment=environment).stdout)
    assert listed["items"] == [asset]
    assert "Nothing to mend." in rushes("repair", environment=environment).stderr


def test_a_damaged_catalogue_names_its_remedy_and_the_remedy_works(
    environment: dict[str, str], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    rushes("import", make_image(tmp_path / "still.png"), environment=environment)
    (library / "catalogue.sqlite").write_bytes(b"torn" * 5000)
    refused = rushes("assets", environment=environment)
    assert refused.returncode == 1
    assert "catalogue_corrupt" in refused.stderr
    assert "rushes repair --rebuild" in refused.stderr
    assert rushes("repair", environment=environment).returncode == 1
    mended = rushes("repair", "--rebuild", "--apply", "--json", environment=environment)
    document = json.loads(mended.stdout)
    assert Path(document["damaged"]).read_bytes() == b"torn" * 5000
    assert len(json.loads(rushes("assets", "--json", environment=environment).stdout)["items"]) == 1


def test_repair_says_that_a_studio_is_open(environment: dict[str, str]) -> None:
    with open_studio(environment):
        refused = rushes("repair", "--apply", environment=environment)
    assert refused.returncode == 1
    assert "library_in_use" in refused.stderr
