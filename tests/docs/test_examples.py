"""The examples in the documents are commands that exist, and orders that would be accepted."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rushes.cli.main import app
from rushes.cli.typed_settings import read_value
from rushes.domain.model_spec import FREE, ModelSpec, Task, check_request, estimate
from rushes.providers.animatic.models import MODELS as ANIMATICS
from rushes.providers.fal.models import MODELS as FAL_MODELS
from rushes.server.schemas.models import setting_shape
from scripts.reference.command_page import command_table
from tests.docs.pages import ROOT, all_shell_lines, read

SPECS = {spec.id: spec for spec in (*ANIMATICS, *FAL_MODELS)}
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
KNOWN_PROGRAMS = {"chmod", "export", "make", "mkdir", "pip", "python", "rushes", "touch"}
LOOKING = ("models", "doctor", "assets", "projects")


def examples(program: str) -> list[list[str]]:
    """The arguments of each example of a program."""
    split = [shlex.split(line) for line in all_shell_lines()]
    return [words[1:] for words in split if words[0] == program]


def parsed(arguments: list[str]) -> dict[str, Any]:
    """What a command gets. Fails on an unknown command or option."""
    name, *rest = arguments
    parameters: dict[str, Any] = command_table()[name].make_context(name, rest).params
    return parameters


def test_the_examples_use_known_programs():
    assert {shlex.split(line)[0] for line in all_shell_lines()} <= KNOWN_PROGRAMS


@pytest.mark.parametrize("arguments", examples("rushes"), ids=" ".join)
def test_every_rushes_example_can_be_typed(arguments: list[str]):
    assert parsed(arguments) is not None


@pytest.mark.parametrize(
    "arguments", [one for one in examples("rushes") if one[0] == "generate"], ids=" ".join
)
def test_every_generate_example_is_an_order_that_would_be_accepted(arguments: list[str]):
    typed = parsed(arguments)
    task = Task.TEXT_TO_VIDEO if typed["image"] is None else Task.IMAGE_TO_VIDEO
    total = FREE
    for spec in chosen(typed):
        capabilities = spec.capabilities[task]
        settings = check_request(spec, task, typed["prompt"], dict(typed_settings(typed, spec)))
        total += estimate(capabilities, settings)
    assert total.high <= Decimal(typed["max_cost"] or 0), "a paid example names its limit"


def chosen(typed: dict[str, Any]) -> list[ModelSpec]:
    return [SPECS[name] for name in typed["model"] or [ANIMATICS[0].id]]


def typed_settings(typed: dict[str, Any], spec: ModelSpec) -> Iterator[tuple[str, object]]:
    kinds = {one.name: one for one in spec.capabilities[Task.TEXT_TO_VIDEO].settings}
    for text in typed["setting"] or []:
        name, _, value = text.partition("=")
        yield name, read_value(value, setting_shape(kinds[name]).model_dump())


@pytest.mark.parametrize(
    "arguments", [one for one in examples("rushes") if one[0] in LOOKING], ids=" ".join
)
def test_every_example_that_only_looks_runs(arguments: list[str], tmp_path: Path):
    environment = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "RUSHES_HOME": str(tmp_path / "library"),
        "FAL_KEY": "",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    CliRunner().invoke(app, ["projects"], env=environment)  # the doctor makes no library
    outcome = CliRunner().invoke(app, arguments, env=environment)
    assert outcome.exit_code == 0, outcome.output


@pytest.mark.parametrize("arguments", examples("make"), ids=" ".join)
def test_every_make_example_is_a_target(arguments: list[str]):
    assert arguments[0] in TARGET.findall(read(ROOT / "Makefile"))


def test_the_readme_names_the_three_make_commands():
    lines = [words[0] for words in examples("make")]
    assert {"studio", "demo", "test"} <= set(lines)
    text = read(ROOT / "README.md")
    assert all(f"make {target}" in text for target in ("studio", "demo", "test"))


def test_contributing_begins_with_the_command_that_sets_everything_up():
    first = read(ROOT / "CONTRIBUTING.md").splitlines()[0]
    command = re.match(r"`make ([a-z]+)`", first)
    assert command is not None
    assert command[1] in TARGET.findall(read(ROOT / "Makefile"))
