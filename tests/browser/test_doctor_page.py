"""The doctor's page: what is wrong, what helps, and how far the reading of everything is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched, assert_accessible
from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_clip

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Ward:
    page: Page
    spoiled: str
    """Its file is there and holds something else."""
    lost: str
    """Its file is gone."""

    @property
    def doctor(self) -> Locator:
        return self.page.get_by_role("dialog", name="Doctor")


@pytest.fixture
def ward(tmp_path: Path, watched: Watched) -> Iterator[Ward]:
    home = tmp_path / "library"
    with open_studio(environment_for(home, None)) as studio:
        spoiled, lost = fill(studio, tmp_path, home)
        watched.page.goto(studio.way_in)
        watched.page.get_by_role("article").first.wait_for()
        yield Ward(watched.page, spoiled, lost)
        # The studio ends before the page does.
        watched.page.goto("about:blank")
        # What has left the disk is asked for, and the browser itself notes the answer.
        watched.said[:] = [said for said in watched.said if "status of 404" not in said]


def fill(studio: OpenStudio, tmp_path: Path, home: Path) -> tuple[str, str]:
    headers = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=headers, timeout=60) as http:
        [project] = http.get("/api/projects").json()["items"]
        ids = []
        for name in ("spoiled", "lost", "whole"):
            clip = make_clip(tmp_path / f"{name}.mp4")
            files = {"files": (clip.name, clip.read_bytes())}
            answer = http.post(f"/api/projects/{project['id']}/imports", files=files)
            [asset] = answer.json()["assets"]
            http.get(f"/media/{asset['id']}/poster").raise_for_status()
            ids.append(asset["id"])
            file = home / asset["media"]["path"]
            if name == "spoiled":
                file.write_bytes(bytes(file.stat().st_size))
            if name == "lost":
                file.unlink()
    return ids[0], ids[1]


def test_it_opens_by_a_key_and_says_the_worst_first(ward: Ward) -> None:
    ward.page.keyboard.press("KeyD")
    expect(ward.page).to_have_url(re.compile("doctor=all"))
    gone = ward.doctor.locator("[data-code='files_gone']")
    expect(gone).to_contain_text("rushes repair")
    headings = ward.doctor.get_by_role("heading", level=2).all_inner_texts()
    assert headings[-1].startswith("In order")
    assert_accessible(ward.page)
    ward.page.keyboard.press("Escape")
    expect(ward.doctor).to_have_count(0)
    expect(ward.page).not_to_have_url(re.compile("doctor"))


def test_what_a_finding_is_about_can_be_asked_about_and_opened(ward: Ward) -> None:
    ward.page.keyboard.press("KeyD")
    gone = ward.doctor.locator("[data-code='files_gone']")
    gone.get_by_role("button", name=ward.lost).click()
    expect(ward.doctor.get_by_role("heading", level=1)).to_have_text("lost.mp4")
    expect(ward.doctor).to_contain_text("From nowhere.")
    assert_accessible(ward.page)
    ward.page.go_back()
    expect(gone).to_be_visible()
    ward.page.go_forward()
    ward.doctor.get_by_role("button", name="Open it").click()
    expect(ward.page.get_by_role("dialog", name="lost.mp4")).to_contain_text("Missing")


def test_reading_everything_finds_what_a_look_does_not(ward: Ward) -> None:
    ward.page.keyboard.press("KeyD")
    ward.doctor.locator("[data-code='files_gone']").wait_for()
    changed = ward.doctor.locator("[data-code='file_changed']")
    expect(changed).to_have_count(0)
    ward.doctor.get_by_role("button", name="Read everything").click()
    expect(changed).to_be_visible()
    expect(ward.doctor).to_contain_text("That was all.")
    ward.doctor.get_by_role("button", name="Check again").click()
    expect(changed).to_have_count(0)


def test_all_of_it_is_copied_as_text(ward: Ward) -> None:
    ward.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ward.page.keyboard.press("KeyD")
    ward.doctor.locator("[data-code='files_gone']").wait_for()
    ward.doctor.get_by_role("button", name="Copy as text").click()
    expect(ward.page.get_by_text("Copied.")).to_be_attached()
    text = str(ward.page.evaluate("navigator.clipboard.readText()"))
    assert "[WARNING] files (files_gone): 1 saved file is not on the disk" in text
    assert "[ok] versions" in text


@pytest.mark.parametrize("way", ["Settings", "Notices", "Keyboard shortcuts"])
def test_ways_lead_to_it(ward: Ward, way: str) -> None:
    ward.page.get_by_role("button", name=way).click()
    ward.page.get_by_role("button", name="Ask the doctor", exact=True).click()
    expect(ward.doctor.get_by_role("heading", level=1)).to_have_text("Is everything in order?")
    ward.page.keyboard.press("Escape")
    expect(ward.doctor).to_have_count(0)


def test_a_card_asks_why(ward: Ward) -> None:
    card = ward.page.get_by_role("article", name="lost")
    card.hover()
    card.get_by_role("button", name="More to do").click()
    ward.page.get_by_role("menuitem", name="Why?").click()
    expect(ward.doctor.get_by_role("heading", level=1)).to_have_text("lost.mp4")
    expect(ward.doctor.locator("[data-code='media_missing']")).to_be_visible()


def test_an_id_that_nobody_knows_is_said_to_be_so(ward: Ward) -> None:
    ward.page.evaluate("history.replaceState(null, '', '?doctor=nothing-has-this-id')")
    ward.page.evaluate("dispatchEvent(new Event('rushes:address'))")
    expect(ward.doctor).to_contain_text("No asset and no generation has the id")
