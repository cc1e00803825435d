"""The reference pages and the OpenAPI document are what the code makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from rushes.settings import Settings
from scripts.reference.command_page import command_table
from scripts.reference.documents import COMMAND, OPENAPI, REFERENCE, documents
from scripts.reference.error_page import documented_errors
from scripts.reference.openapi import openapi_document
from scripts.reference.settings_page import variable_of
from tests.docs.pages import ROOT, read

REFERENCE_FOLDER = ROOT / REFERENCE
PAGE_TYPES = ROOT / "web" / "src" / "api" / "schema.d.ts"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return openapi_document()


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_generated_document_equals_what_the_code_makes_now():
    made = {str(path): text for path, text in documents().items()}
    stale = [path for path, text in made.items() if not _is_same(path, text)]
    assert not stale, f"run `{COMMAND}` to write {', '.join(stale)} again"


def _is_same(path: str, text: str) -> bool:
    target = ROOT / path
    return target.is_file() and read(target) == text


def test_no_page_of_the_reference_is_written_by_hand():
    made = {path.name for path in documents() if path.parent == REFERENCE}
    assert {path.name for path in REFERENCE_FOLDER.iterdir()} == made


def test_every_command_and_option_is_documented():
    text = read(REFERENCE_FOLDER / "cli.md")
    for name, command in command_table().items():
        _, _, section = text.partition(f"## rushes {name}\n")
        section = section.partition("\n## ")[0]
        for parameter in command.params:
            names = parameter.opts if parameter.param_type_name == "option" else []
            assert all(f"`{one}`" in section for one in names), (name, names)
            assert parameter.help, f"{parameter.name} of {name} says nothing"


def test_every_setting_is_documented_with_its_meaning():
    text = read(REFERENCE_FOLDER / "settings.md")
    for field in Settings.model_fields:
        (row,) = [
            line for line in text.splitlines() if line.startswith(f"| `{variable_of(field)}`")
        ]
        assert len(row.strip(" |").split(" | ")[-1]) > len("| "), field


def test_every_error_code_is_documented_once():
    rows = re.findall(r"^\| `(\w+)` \|", read(REFERENCE_FOLDER / "errors.md"), re.MULTILINE)
    assert sorted(rows) == sorted(kind.code for kind in documented_errors())


def test_every_address_is_documented(description: dict[str, Any]):
    text = read(REFERENCE_FOLDER / "http-api.md")
    for method, path, _ in operations(description):
        assert f"### {method} {path}\n" in text


def test_every_shape_and_field_is_documented(description: dict[str, Any]):
    text = read(REFERENCE_FOLDER / "http-api.md")
    for name, schema in description["components"]["schemas"].items():
        _, found, section = text.partition(f"### {name}\n")
        assert found, name
        section = section.partition("\n### ")[0]
        assert all(f"| `{field}` |" in section for field in schema.get("properties", ())), name


def test_the_types_of_the_page_know_every_address_shape_and_field(description: dict[str, Any]):
    types = read(PAGE_TYPES)
    lacking = [path for path in description["paths"] if f'"{path}": {{' not in types]
    for name, schema in description["components"]["schemas"].items():
        _, found, section = types.partition(f"\n        {name}: ")
        section = section.partition("\n        };")[0]
        fields = [
            field
            for field in schema.get("properties", ())
            if not re.search(rf"\n            {field}\??: ", section)
        ]
        lacking += [f"{name}.{field}" for field in fields] if found else [name]
    _, _, section = types.partition("export interface operations {\n")
    named = re.findall(r"^    (\w+): \{", section, re.MULTILINE)
    wanted = [operation["operationId"] for _, _, operation in operations(description)]
    assert (lacking, sorted(named)) == ([], sorted(wanted)), (
        f"{PAGE_TYPES.name} is not made from {OPENAPI}: run `python -m scripts.npm run types`"
    )
