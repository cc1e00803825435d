"""The tests use fakes and real things: nothing of ours is mocked or replaced while it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("*.py"))
MOCKS = ("mock", "unittest.mock", "pytest_mock", "asynctest")
NAMES = {"MagicMock", "AsyncMock", "Mock", "PropertyMock", "mocker", "create_autospec"}
ALLOWED_PATCHES = {"setenv", "delenv", "chdir", "syspath_prepend"}
"""What a test may set of its surroundings. Attributes of modules and classes are not among it."""


def offences(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names) if any(_is_mock(alias.name) for alias in names):
                yield f"line {node.lineno} imports a mock"
            case ast.ImportFrom(module=str(module), names=names) if _is_mock(module) or any(
                _is_mock(f"{module}.{alias.name}") for alias in names
            ):
                yield f"line {node.lineno} imports from a mock"
            case ast.Name(id=name) | ast.arg(arg=name) if name in NAMES:
                yield f"line {node.lineno} uses {name}"
            case ast.Attribute(value=ast.Name(id="monkeypatch"), attr=attribute) if (
                attribute not in ALLOWED_PATCHES
            ):
                yield f"line {node.lineno} uses monkeypatch.{attribute}"
            case ast.Attribute(value=ast.Name(id="pytest"), attr="MonkeyPatch"):
                yield f"line {node.lineno} makes its own MonkeyPatch"


def _is_mock(module: str) -> bool:
    return any(module == mock or module.startswith(f"{mock}.") for mock in MOCKS)


def test_there_are_tests_to_read():
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_mocks_or_replaces_our_own_code(path):
    assert list(offences(path.read_text())) == []


@pytest.mark.parametrize(
    "source",
    [
        "import unittest.mock",
        "from unittest import mock",
        "from unittest.mock import patch",
        "import mock as m",
        "def test_x(mocker): ...",
        "thing = MagicMock()",
        "monkeypatch.setattr('rushes.studio.open_studio', None)",
        "monkeypatch.setitem(table, 'a', 1)",
        "patch = pytest.MonkeyPatch()",
    ],
)
def test_each_way_to_mock_is_noticed(source):
    assert list(offences(source))


@pytest.mark.parametrize(
    "source", ["monkeypatch.setenv('A', 'b')", "monkeypatch.chdir(path)", "import unittest"]
)
def test_what_only_sets_the_surroundings_is_let_through(source):
    assert not list(offences(source))
