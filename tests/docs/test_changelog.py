"""Each change has a fragment that says something, and the changelog says where they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, read

UNRELEASED = ROOT / "changelog" / "unreleased"
TEMPLATE = UNRELEASED / "TEMPLATE.md"
FRAGMENTS = sorted(set(UNRELEASED.iterdir()) - {TEMPLATE})
PART = re.compile(r"^### (.+)\n\n((?:.+\n?)+)", re.MULTILINE)


def parts(fragment: Path) -> dict[str, str]:
    return dict(PART.findall(read(fragment)))


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda path: path.name)
def test_every_fragment_says_something_under_a_known_heading(fragment: Path):
    said, offered = parts(fragment), parts(TEMPLATE)
    assert fragment.suffix == ".md"
    assert said
    assert set(said) <= set(offered)
    for heading, lines in said.items():
        assert lines.startswith("- ")
        assert lines != offered[heading], "the words of the template are still there"


def test_there_is_a_fragment():
    assert FRAGMENTS


def test_the_changelog_points_at_the_fragments():
    text = read(ROOT / "CHANGELOG.md")
    assert "## Unreleased" in text
    assert "(changelog/unreleased)" in text
