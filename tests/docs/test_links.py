"""Every link between the documents leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.reference.markdown import anchor
from tests.docs.pages import ROOT, all_pages, read, without_blocks

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
INDEX = ROOT / "docs" / "README.md"
README = ROOT / "README.md"


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Where each link inside the repository leads: the file and the place in it."""
    for target in LINK.findall(without_blocks(read(page))):
        if "://" not in target:
            file, _, place = target.partition("#")
            yield (page.parent / file).resolve() if file else page, place


def places(page: Path) -> set[str]:
    return {anchor(heading) for heading in HEADING.findall(without_blocks(read(page)))}


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path):
    for target, place in links(page):
        assert target.is_relative_to(ROOT), target
        assert target.exists(), f"{target.relative_to(ROOT)} is not there"
        assert not place or place in places(target), f"{target.name} has no heading {place}"


def test_every_document_can_be_reached_from_the_readme():
    reached: set[Path] = set()
    waiting = [README]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [target for target, _ in links(page)]
    assert set((ROOT / "docs").rglob("*.md")) <= reached


def test_the_index_names_every_document():
    named = {target for target, _ in links(INDEX)}
    assert set((ROOT / "docs").rglob("*.md")) - {INDEX} == {
        path for path in named if path.is_relative_to(ROOT / "docs")
    }
