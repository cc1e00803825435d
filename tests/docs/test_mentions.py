"""What the documents mention exists: settings, addresses, files, states, layers, dependencies."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rushes.domain.generation import GENERATION_STATES
from rushes.domain.media_reference import MEDIA_STATES
from rushes.settings import Settings
from scripts.reference.openapi import openapi_document
from scripts.reference.settings_page import variable_of
from tests.docs.pages import ROOT, all_pages, blocks, read

PROJECT = tomllib.loads(read(ROOT / "pyproject.toml"))
PAGE = json.loads(read(ROOT / "web" / "package.json"))
CONCEPTS = ROOT / "docs" / "concepts"
DECISIONS = ROOT / "docs" / "decisions"
OF_THE_PAGE = {"RUSHES_STUDIO", "RUSHES_TOKEN"}
"""Read by the development server of the page, not by Rushes."""

VARIABLE = re.compile(r"\b(?:RUSHES_[A-Z_]+|FAL_KEY)\b")
ADDRESS = re.compile(r"`(GET|POST|PATCH|PUT|DELETE)\s+(/[^\s`]+)`")
FILE = re.compile(r"`((?:src|tests|web|docs|scripts|changelog)/[\w./-]+\.\w+)`")
NAME = re.compile(r"^[\w.@/-]+")
REASON = re.compile(r"^- `([^`]+)`: \S+", re.MULTILINE)


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_variable_and_file_that_a_page_names_exists(page: Path):
    known = {variable_of(field) for field in Settings.model_fields} | OF_THE_PAGE
    assert set(VARIABLE.findall(read(page))) <= known
    for file in FILE.findall(read(page)):
        assert (ROOT / file).is_file(), file


def test_every_address_that_a_page_names_is_served():
    served = {
        (method.upper(), path)
        for path, operations in openapi_document()["paths"].items()
        for method in operations
    }
    named = {found for page in all_pages() for found in ADDRESS.findall(read(page))}
    assert named <= served


def test_every_media_state_has_a_section():
    headings = re.findall(r"^## (\w+)$", read(CONCEPTS / "media-states.md"), re.MULTILINE)
    assert set(MEDIA_STATES) <= set(headings)


def test_every_state_of_a_generation_is_in_its_drawing():
    drawings = " ".join(blocks(read(CONCEPTS / "money-and-retries.md"), "text"))
    assert set(GENERATION_STATES) <= set(re.findall(r"\w+", drawings))


@pytest.mark.parametrize("page", [CONCEPTS / "architecture.md", ROOT / "CONTRIBUTING.md"])
def test_the_layers_on_a_page_are_those_that_the_linter_holds(page: Path):
    (contract,) = [
        one for one in PROJECT["tool"]["importlinter"]["contracts"] if one["type"] == "layers"
    ]
    drawing = next(blocks(read(page), "text"))
    drawn = [line.split("   ")[0].strip() for line in drawing.splitlines()]
    assert drawn == contract["layers"]


def test_architecture_says_what_each_folder_is_for():
    folders = {path.stem for path in (ROOT / "src" / "rushes").iterdir() if path.name[0] != "_"}
    rows = re.findall(r"^\| `(\w+)` \|", read(CONCEPTS / "architecture.md"), re.MULTILINE)
    assert set(rows) == folders - {"settings", "key_store", "access_token", "py"}


def test_every_dependency_has_one_reason_and_every_reason_a_dependency():
    wanted = {
        "To run": names(PROJECT["project"]["dependencies"]),
        "To test": names(PROJECT["project"]["optional-dependencies"]["test"]),
        "To build": names(PROJECT["build-system"]["requires"]),
        "Of the page, to run": sorted(PAGE["dependencies"]),
        "Of the page, to build and test": sorted(PAGE["devDependencies"]),
    }
    assert sections(DECISIONS / "dependencies.md") == wanted


def names(requirements: list[str]) -> list[str]:
    return sorted(NAME.match(one)[0].rstrip(".") for one in requirements)


def sections(page: Path) -> dict[str, list[str]]:
    parts: list[Any] = re.split(r"^## (.+)$", read(page), flags=re.MULTILINE)[1:]
    return {
        heading: REASON.findall(body)
        for at, (heading, body) in enumerate(pairwise(parts))
        if at % 2 == 0
    }


@pytest.mark.parametrize("record", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda path: path.stem)
def test_every_decision_says_why_and_what_would_change_it(record: Path):
    text = read(record)
    number, heading = int(record.name[:4]), text.splitlines()[0]
    assert heading.startswith(f"# {number}. ")
    for part in ("Context", "Choice", "Why", "What would change our mind"):
        assert f"**{part}.**" in text, part


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in sorted(DECISIONS.glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
