"""A large library by the keyboard alone: one Tab stop, every card within reach, no focus lost."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched, assert_accessible
from tests.browser.every_state import client_of, eventually
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio, run

pytestmark = pytest.mark.browser

TAKES = 400
A_ROW = 200
"""Pixels, less than the height of a row."""
MODEL = "ltx-2.3-fast"
FOCUSED = """() => {
    const row = document.activeElement.closest("[role=row]");
    return row && document.activeElement.matches("[data-main]")
        ? Number(row.getAttribute("aria-rowindex")) : null;
}"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("keys") / "library"
    filled = run("benchmarks.filled_page", str(home), str(TAKES), environment=os.environ)
    assert filled.returncode == 0, filled.stderr
    return home


@pytest.fixture(scope="module")
def studio(home: Path, running_emulator: FalEmulator) -> Iterator[OpenStudio]:
    with open_studio(environment_for(home, running_emulator)) as opened:
        yield opened


@pytest.fixture
def page(studio: OpenStudio, watched: Watched) -> Page:
    watched.page.goto(studio.way_in)
    expect(watched.page.get_by_role("article").first).to_be_visible()
    return watched.page


def focused(page: Page, row: int) -> None:
    """The focus is on the card at this place, and the card is in view."""
    target = page.locator(f"[role=row][aria-rowindex='{row}'] [data-main]")
    expect(target).to_be_focused()
    expect(target).to_be_in_viewport()


def columns(page: Page) -> int:
    return int(
        page.evaluate(
            """() => {
                const tops = [...document.querySelectorAll("[role=row]")]
                    .map((row) => Math.round(row.getBoundingClientRect().top));
                return tops.filter((top) => top === tops[0]).length;
            }"""
        )
    )


def test_every_card_is_within_reach_of_the_keyboard(page: Page) -> None:
    grid = page.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", str(TAKES))
    expect(page.locator("[role=grid] [data-main][tabindex='0']")).to_have_count(1)
    page.locator("[role=grid] [data-main][tabindex='0']").focus()
    focused(page, 1)
    page.keyboard.press("ArrowRight")
    focused(page, 2)
    page.keyboard.press("ArrowDown")
    focused(page, 2 + columns(page))
    page.keyboard.press("Home")
    focused(page, 1 + columns(page))
    page.keyboard.press("Control+End")
    focused(page, TAKES)
    page.keyboard.press("ArrowRight")
    focused(page, TAKES)
    page.keyboard.press("Control+Home")
    focused(page, 1)
    for _ in range(5):
        page.keyboard.press("PageDown")
    eventually(
        lambda: page.evaluate(FOCUSED) or 0,
        lambda place: place > 5 * columns(page),
        what="five pages further",
    )
    page.keyboard.press("Tab")
    expect(page.locator("[role=grid] [data-main][tabindex='0']")).to_have_count(1)
    assert_accessible(page)


def test_enter_opens_and_the_focus_comes_back(page: Page) -> None:
    page.locator("[role=grid] [data-main][tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page).to_have_url(re.compile("card="))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("card="))
    focused(page, 2)


def test_the_focus_stays_on_its_card_when_others_arrive_or_it_goes(
    page: Page, studio: OpenStudio
) -> None:
    page.locator("[role=grid] [data-main][tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    focused(page, 1 + columns(page))
    at_focus = page.locator(":focus")
    name = at_focus.text_content() or ""
    with client_of(studio) as client:
        project = client.get("/api/projects").json()["items"][0]["id"]
        total = client.get("/api/library", params={"limit": 1}).json()["total"]
        order = {"prompt": "Arriving [fault:stuck-in-queue]", "models": [MODEL]}
        started = client.post(f"/api/projects/{project}/generations", json=order).json()
        expect(page.get_by_text(f"{total + 1:,} items")).to_be_visible()
        # The cards are drawn a moment after the number.
        focused(page, 2 + columns(page))
        expect(at_focus).to_have_text(name)
        page.keyboard.press("Delete")
        expect(page.get_by_text(f"{total:,} items")).to_be_visible()
        focused(page, 2 + columns(page))
        expect(at_focus).not_to_have_text(name)
        # Nothing goes on when the emulator is as new for the next test.
        [arriving] = started["generations"]
        client.post(f"/api/generations/{arriving['id']}/cancel").raise_for_status()


def test_the_focus_is_not_lost_by_scrolling_far_away(page: Page) -> None:
    page.locator("[role=grid] [data-main][tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.mouse.move(900, 600)
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight / 2)")
    middle = page.get_by_role("article", name=re.compile(r"Shot 1\d\d"))
    expect(middle.first).to_be_visible()
    page.keyboard.press("ArrowRight")
    focused(page, 3)


def test_cards_are_selected_by_keys_and_by_clicks(page: Page) -> None:
    page.locator("[role=grid] [data-main][tabindex='0']").focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    selection = page.get_by_role("region", name="Selection")
    expect(selection).to_contain_text("4 selected")
    expect(page.locator("[role=row][aria-selected=true]")).to_have_count(4)
    card = page.locator("[role=row][aria-rowindex='6'] article")
    card.click(modifiers=["Control"])
    expect(selection).to_contain_text("5 selected")
    card.get_by_role("checkbox").uncheck()
    expect(selection).to_contain_text("4 selected")
    assert "card=" not in page.url
    page.keyboard.press("Escape")
    expect(selection).to_have_count(0)


def test_a_reload_and_going_back_lead_to_the_same_place(page: Page) -> None:
    def at(place: int) -> None:
        eventually(
            lambda: float(page.evaluate("scrollY")),
            lambda scrolled: abs(scrolled - place) < A_ROW,
            what=f"at {place}",
        )

    page.evaluate("window.scrollTo(0, 9000)")
    at(9000)
    eventually(
        lambda: page.evaluate("history.state?.scroll"),
        lambda kept: kept == 9000,
        what="kept in the history",
    )
    page.reload()
    expect(page.get_by_role("article").first).to_be_visible()
    at(9000)
    page.get_by_role("searchbox").fill("Shot 14")
    expect(page.get_by_role("button", name="Remove filter")).to_be_visible()
    at(0)
    page.go_back()
    at(9000)
