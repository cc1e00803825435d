"""`rushes key`: kept out of sight, told to an open studio, and shown by nothing."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.emulator import FalEmulator
from tests.programs import RUSHES, OpenStudio, environment_for, open_studio, rushes

FAST = ("-m", "ltx-2.3-fast")
KEY = "secret-id:0123456789abcdef0123456789abcdef"


@pytest.fixture
def environment(tmp_path: Path, fal: FalEmulator) -> dict[str, str]:
    """Knows where fal is, and no key yet. No keyring."""
    fal.key = KEY
    known = environment_for(tmp_path / "library", fal)
    del known["FAL_KEY"]
    return known | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "rushes" / "fal-key"


def give(key: str, environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    return rushes("key", *options, environment=environment, given=key)


def ask(studio: OpenStudio, method: str, path: str) -> dict[str, object]:
    bearer = {"Authorization": f"Bearer {studio.token}"}
    answer = httpx.request(method, studio.url + path, headers=bearer, timeout=30)
    return dict(answer.json())


def test_a_piped_key_is_kept_in_a_file_of_its_owner_and_used(
    environment: dict[str, str], file: Path, fal: FalEmulator
) -> None:
    given = give(f"{KEY}\n", environment)
    assert given.returncode == 0, given.stderr
    assert file.read_text() == KEY
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["fal-key"]
    assert rushes("generate", "x", *FAST, environment=environment).returncode == 0
    assert len(fal.ledger) == 1


def test_a_typed_key_is_asked_for_and_not_shown(environment: dict[str, str], file: Path) -> None:
    master, terminal = pty.openpty()
    try:
        process = subprocess.Popen(
            [*RUSHES, "key"],
            env=environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        shown = b""
        while b"fal key: " not in shown:
            shown += os.read(master, 1000)
        os.write(master, f"{KEY}\n".encode())
        while b"The key is" not in shown:
            shown += os.read(master, 1000)
        assert process.wait(30) == 0
    finally:
        os.close(terminal)
        os.close(master)
    assert file.read_text() == KEY
    assert KEY.encode() not in shown


def test_status_says_where_it_is_and_remove_removes_it(
    environment: dict[str, str], file: Path
) -> None:
    assert "There is no key" in give("", environment, "--status").stdout
    give(KEY, environment)
    assert str(file) in give("", environment, "--status").stdout
    assert json.loads(give("", environment, "--status", "--json").stdout) == {"place": "file"}
    with_variable = environment | {"FAL_KEY": "another:key"}
    assert "FAL_KEY" in give("", with_variable, "--status").stdout
    assert "removed" in give("", environment, "--remove").stdout
    assert not file.exists()
    assert "no key to remove" in give("", environment, "--remove").stdout


@pytest.mark.parametrize("key", ["", "  \n", "with a blank", "schlüssel:geheim"])
def test_what_is_no_key_is_refused_without_repeating_it(
    environment: dict[str, str], file: Path, key: str
) -> None:
    give(KEY, environment)
    refused = give(key, environment)
    assert refused.returncode == 2
    assert not key.strip() or key not in refused.stdout + refused.stderr
    assert file.read_text() == KEY


def test_an_open_file_is_replaced_by_one_that_is_closed(
    environment: dict[str, str], file: Path
) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("old:key")
    file.chmod(0o644)
    given = give(KEY, environment)
    assert given.returncode == 0, given.stderr
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_open_studio_uses_a_new_key_and_forgets_a_removed_one(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    with open_studio(environment) as studio:
        refused = rushes("generate", "x", *FAST, environment=environment)
        assert "provider_key_missing" in refused.stderr
        assert "open studio has read it" in give(KEY, environment).stderr
        assert ask(studio, "POST", "/api/providers/fal/look") == {"problem": None}
        done = rushes("generate", "x", *FAST, environment=environment)
        assert done.returncode == 0, done.stderr
        give("", environment, "--remove")
        problem = ask(studio, "POST", "/api/providers/fal/look")["problem"]
        assert isinstance(problem, dict)
        assert problem["code"] == "provider_key_missing"
    assert len(fal.ledger) == 1


def test_a_studio_finds_a_key_that_nobody_told_it_of(
    environment: dict[str, str], file: Path
) -> None:
    with open_studio(environment) as studio:
        file.parent.mkdir(parents=True)
        file.touch(0o600)
        file.write_text(KEY)
        assert ask(studio, "POST", "/api/providers/fal/look") == {"problem": None}
        file.chmod(0o644)
        problem = ask(studio, "POST", "/api/providers/fal/look")["problem"]
        assert isinstance(problem, dict)
        assert problem["code"] == "settings_invalid"


def test_there_is_no_look_at_a_provider_that_does_not_exist(environment: dict[str, str]) -> None:
    with open_studio(environment) as studio:
        assert ask(studio, "POST", "/api/providers/nobody/look")["code"] == "not_found"


LOOKS = ("models", "projects", "generations", "assets", "notices", "doctor", "openapi.json")


def test_the_key_is_in_no_file_row_log_or_answer_but_its_own(
    environment: dict[str, str], file: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    with open_studio(environment) as studio:
        given = give(KEY, environment)
        for prompt in ("x", "x [fault:submit-401]", "x [fault:result-504]"):
            made = rushes("generate", prompt, *FAST, "--json", environment=environment)
            said += [made.stdout, made.stderr]
        bearer = {"Authorization": f"Bearer {studio.token}"}
        for path in ("/", *(f"/api/{name}" for name in LOOKS)):
            answer = httpx.get(studio.url + path, headers=bearer, follow_redirects=True)
            said += [answer.text, str(answer.headers)]
        said.append(str(ask(studio, "POST", "/api/providers/fal/look")))
        said.append(studio.end())
    said += [given.stdout, given.stderr, give("", environment, "--status", "--json").stdout]
    with sqlite3.connect(tmp_path / "library/catalogue.sqlite") as catalogue:
        said += list(catalogue.iterdump())
    produced = [
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != file
    ]
    assert any("submit-401" in text for text in said)
    for secret in KEY.split(":"):
        assert not [text for text in said if secret in text]
        assert not [content for content in produced if secret.encode() in content]
