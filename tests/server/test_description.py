"""The interface describes itself, and looking at the code of the studio starts nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from rushes.domain.asset import Flag
from rushes.domain.generation import GENERATION_STATES
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import MediaReference
from rushes.server.app import create_app
from rushes.server.gate import Door
from rushes.server.schemas.assets import MediaStateName
from rushes.server.schemas.generations import StateName

METHODS = {"get", "post", "patch", "put", "delete"}


@pytest.fixture(scope="module")
def document() -> dict:
    return create_app(None, Door("token", 80)).openapi()


def operations(document: dict) -> list[dict]:
    return [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_the_description_is_served_to_who_holds_the_token(client, anyone, document):
    answer = await client.get("/api/openapi.json")
    assert answer.json() == json.loads(json.dumps(document))
    assert (await anyone.get("/api/openapi.json")).status_code == 401


def test_every_operation_has_a_name_of_its_own(document):
    counted = Counter(operation["operationId"] for operation in operations(document))
    assert len(counted) > 15
    assert [name for name, number in counted.items() if number > 1] == []


def test_every_operation_says_that_it_may_answer_with_a_problem(document):
    for operation in operations(document):
        assert "default" in operation["responses"], operation["operationId"]


def test_the_interface_names_the_states_that_there_are():
    assert set(get_args(StateName)) == set(GENERATION_STATES)
    assert set(get_args(MediaStateName)) == {kind.state for kind in get_args(MediaReference)}


def test_the_interface_names_the_kinds_and_flags_that_there_are(document):
    shape = document["components"]["schemas"]["AssetShape"]["properties"]
    assert set(shape["kind"]["enum"]) == {kind.value for kind in MediaKind}
    [flag] = [one for one in shape["flag"]["anyOf"] if "enum" in one]
    assert set(flag["enum"]) == {flag.value for flag in Flag}


def run(code: str, home: Path) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": str(home), "XDG_DATA_HOME": str(home), "RUSHES_HOME": str(home / "library")},
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_importing_the_server_starts_no_thread_and_makes_no_file(tmp_path):
    code = "import threading, rushes.server.app; print(threading.active_count())"
    assert run(code, tmp_path) == "1"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", ["rushes", "rushes.cli.main"])
def test_the_command_line_is_there_before_the_heavy_libraries_are(module, tmp_path):
    heavy = [
        "fastapi",
        "sqlalchemy",
        "alembic",
        "uvicorn",
        "httpx",
        "av",
        "numpy",
        "PIL",
        "keyring",
    ]
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    assert run(code, tmp_path) == "[]"
    assert list(tmp_path.iterdir()) == []
