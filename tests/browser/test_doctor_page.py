"""The doctor's page: what is wrong, what helps, and how far the reading of everything is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
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
    lost: str
    """Its file is gone."""

    @property
    def doctor(self) -> Locator:
        return self.page.get_by_role("dialog", name="Doctor")


@contextmanager
def hurt_in(folder: Path) -> Iterator[tuple[OpenStudio, str]]:
    home = folder / "library"
    with open_studio(environment_for(home, None)) as studio:
        yield studio, fill(studio, folder, home)


@contextmanager
def ward_of(studio: OpenStudio, lost: str, watched: Watched) -> Iterator[Ward]:
    watched.page.goto(studio.way_in)
    watched.page.get_by_role("article").first.wait_for()
    yield Ward(watched.page, lost)
    # A studio of one test ends before its page does.
    watched.page.goto("about:blank")
    # What has left the disk is asked for, and the browser itself notes the answer.
    watched.said[:] = [said for said in watched.said if "status of 404" not in said]


@pytest.fixture(scope="module")
def hurt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenStudio, str]]:
    with hurt_in(tmp_path_factory.mktemp("doctor")) as opened:
        yield opened


@pytest.fixture
def ward(hurt: tuple[OpenStudio, str], watched: Watched) -> Iterator[Ward]:
    """For who only looks: once the lost clip is opened, it is known to be missing."""
    with ward_of(*hurt, watched) as ward:
        yield ward


@pytest.fixture
def own_ward(tmp_path: Path, watched: Watched) -> Iterator[Ward]:
    with hurt_in(tmp_path) as hurt, ward_of(*hurt, watched) as ward:
        yield ward


def fill(studio: OpenStudio, folder: Path, home: Path) -> str:
    """One file holds something else, and one is gone; returns the id of that one."""
    headers = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=headers, timeout=60) as http:
        [project] = http.get("/api/projects").json()["items"]
        ids = {}
        for name in ("spoiled", "lost", "whole"):
            clip = make_clip(folder / f"{name}.mp4")
            files = {"files": (clip.name, clip.read_bytes())}
            answer = http.post(f"/api/projects/{project['id']}/imports", files=files)
            [asset] = answer.json()["assets"]
            http.get(f"/media/{asset['id']}/poster").raise_for_status()
            ids[name] = str(asset["id"])
            file = home / asset["media"]["path"]
            if name == "spoiled":
                file.write_bytes(bytes(file.stat().st_size))
            if name == "lost":
                file.unlink()
    return ids["lost"]


def test_it_opens_by_a_key_and_says_the_worst_first(ward: Ward) -> None:
    ward.page.keyboard.press("KeyD")
    expect(ward.page).to_have_url(re.compile("doctor=all"))
    gone = ward.doctor.locator("[data-code='files_gone']")
    expect(gone).to_contain_text("rushes repair")
    last = ward.doctor.get_by_role("heading", level=2).last
    expect(last).to_have_text(re.compile("^In order"))
    assert_accessible(ward.page)
    ward.page.keyboard.press("Escape")
    expect(ward.doctor).to_have_count(0)
    expect(ward.page).not_to_have_url(re.compile("doctor"))


def test_what_a_finding_is_about_can_be_asked_about_and_opened(own_ward: Ward) -> None:
    ward = own_ward
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


def test_ways_lead_to_it(ward: Ward, subtests: pytest.Subtests) -> None:
    for way in ("Settings", "Notices", "Keyboard shortcuts"):
        with subtests.test(way=way):
            ward.page.get_by_role("button", name=way).click()
            ward.page.get_by_role("button", name="Ask the doctor", exact=True).click()
            heading = ward.doctor.get_by_role("heading", level=1)
            expect(heading).to_have_text("Is everything in order?")
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
