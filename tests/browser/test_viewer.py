"""The open card: what is said there is kept, and what is known of it is shown."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import Asking
from tests.browser.conftest import Watched, assert_accessible
from tests.browser.form import generate_button
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_image

pytestmark = pytest.mark.browser

SOON = 20_000
FAILS = "[fault:result-422-content]"
IS_SEEN = "([x, y]) => document.elementFromPoint(x, y).closest('[role=status]') !== null"
AWAY = "The studio does not answer."
# Chromium itself reports what could not be loaded while the studio is away.
OF_THE_BROWSER = re.compile(r"net::ERR_|Failed to load resource")


def viewer(page: Page) -> Locator:
    """The open card; a toast is a dialog, too."""
    return page.get_by_role("dialog").filter(has=page.locator("[data-stage]"))


def toasts(page: Page) -> Locator:
    corner = page.get_by_role("region", name="Notifications")
    return corner.get_by_role("alertdialog").locator("visible=true")


def bring(studio: OpenStudio, path: Path, project: str | None = None) -> str:
    """Import a file; returns the asset's id."""
    wanted = project or Asking(studio).projects()[0]["id"]
    answer = httpx.post(
        f"{studio.url}/api/projects/{wanted}/imports",
        files=[("files", (path.name, path.read_bytes()))],
        headers={"authorization": f"Bearer {studio.token}"},
        timeout=30,
        trust_env=False,
    )
    return str(answer.json()["assets"][0]["id"])


def test_what_is_noted_while_the_studio_is_away_is_kept_as_soon_as_it_is_back(
    tmp_path: Path, fal: FalEmulator, watched: Watched
) -> None:
    environment = environment_for(tmp_path / "library", fal)
    page = watched.page
    with open_studio(environment) as studio:
        for name in ("first.png", "second.png"):
            bring(studio, make_image(tmp_path / name))
        page.goto(studio.way_in)
        page.get_by_role("button", name="Open second").click()
        notes = viewer(page).get_by_role("textbox", name="Notes")
        expect(notes).to_be_visible()
        port = int(studio.url.rsplit(":", 1)[1])
        studio.process.kill()
        studio.process.wait(SOON / 1000)
    notes.fill("Typed while it is away")
    bar = page.get_by_role("status").filter(has_text=AWAY)
    expect(bar).to_be_visible(timeout=SOON)
    # It can be read over the open card, which begins below it.
    words = bar.bounding_box()
    close = viewer(page).get_by_role("button", name="Close", exact=True).bounding_box()
    assert words
    assert close
    assert close["y"] >= words["y"] + words["height"]
    assert page.evaluate(IS_SEEN, [words["x"] + 200, words["y"] + 10])
    expect(viewer(page)).to_contain_text("Not kept yet")
    page.keyboard.press("Tab")
    for key in ("Digit3", "Digit4", "KeyP"):
        viewer(page).locator("[data-stage]").focus()
        page.keyboard.press(key)
    expect(toasts(page)).to_have_count(1)
    expect(toasts(page)).to_contain_text(AWAY)
    assert_accessible(page)
    # What was typed goes nowhere when another card is looked at.
    page.keyboard.press("ArrowRight")
    expect(viewer(page)).to_contain_text("2 of 2")
    expect(notes).to_have_value("")
    page.keyboard.press("ArrowLeft")
    expect(notes).to_have_value("Typed while it is away")
    page.keyboard.press("Escape")
    expect(viewer(page)).to_be_hidden()
    expect(generate_button(page)).to_be_in_viewport(ratio=1)
    with open_studio(environment, port) as studio:
        expect(bar).to_have_count(0, timeout=SOON)
        expect(toasts(page)).to_have_count(0)
        expect(page.get_by_role("status").filter(has_text="Notes kept.")).to_be_attached()
        items = Asking(studio).ask("GET", "/api/library")["items"]
        assert [item["asset"]["notes"] for item in items] == ["Typed while it is away", ""]
        watched.said[:] = [said for said in watched.said if not OF_THE_BROWSER.search(said)]
        page.close()


def test_both_images_of_a_take_are_named_and_lead_to_their_cards(
    studio: OpenStudio, watched: Watched, tmp_path: Path
) -> None:
    asking, page = Asking(studio), watched.page
    [project] = asking.projects()
    first, last = (bring(studio, make_image(tmp_path / name)) for name in ("one.png", "two.png"))
    order = {"prompt": FAILS, "models": ["ltx-2.3-fast"], "image": first, "end_image": last}
    address = f"/api/projects/{project['id']}/generations"
    [take] = asking.ask("POST", address, order)["generations"]
    page.goto(studio.way_in)
    page.goto(f"{studio.url}/?project={project['id']}&card={take['id']}")
    origin = viewer(page).get_by_role("definition")
    expect(origin.filter(has_text="one")).to_be_visible()
    viewer(page).locator("dd", has_text="two").get_by_role("button").click()
    expect(page).to_have_url(re.compile(last))
