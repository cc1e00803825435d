"""A large library by the keyboard alone: one Tab stop, every card within reach, no focus lost."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched, assert_accessible
from tests.browser.every_state import client_of, eventually, open_library
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio, run

pytestmark = pytest.mark.browser

TAKES = 520
A_ROW = 200
"""Pixels, less than the height of a row."""
MODEL = "ltx-2.3-fast"
HAS_FOCUS = """() => {
    const at = document.activeElement;
    const name = (at.getAttribute("aria-label") ?? at.innerText).trim();
    const row = at.closest("[role=row]");
    return [row ? Number(row.getAttribute("aria-rowindex")) : null, name.split(/\\s*\\n/)[0]];
}"""
TWO_FRAMES = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done)))"""
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


def tabbed(page: Page, row: int | None, name: str, key: str = "Tab") -> None:
    """Where the focus stays after this key: on a thing of this card, or outside of all cards."""
    page.keyboard.press(key)
    eventually(
        lambda: page.evaluate(HAS_FOCUS),
        lambda at: at[0] == row and str(at[1]).startswith(name),
        what=f"at {name} of {row} by {key}",
    )
    # It does not come back from there either.
    page.evaluate(TWO_FRAMES)
    assert page.evaluate(HAS_FOCUS)[0] == row


def test_tab_leads_through_the_buttons_of_a_card_and_out_of_the_grid_both_ways(
    tmp_path: Path, fal: FalEmulator, watched: Watched
) -> None:
    page = watched.page
    with open_library(tmp_path, fal) as library:
        library.until(library.ask("It is here"), "saved")
        library.until(library.ask("Refused [fault:result-422-content]"), "failed")
        library.fill_disk()
        library.until(library.ask("No room"), "unsaved")
        page.goto(library.studio.way_in)
        # The newest stands first.
        for row, name, buttons, behind in (
            (1, "No room", ["Retry", "More to do"], "Move to the trash"),
            (2, "Refused", ["More to do"], "Clear the selection"),
            (3, "It is here", ["More to do"], "Move to the trash"),
        ):
            card = page.get_by_role("article", name=re.compile(f"^{name}"))
            opens = card.get_by_role("button", name=re.compile("^Open"))
            way = [f"Select {name}", *buttons]
            opens.focus()
            # The words of the trouble come up over its picture: nobody stops there.
            tabbed(page, None, "Retry all", "Shift+Tab")
            tabbed(page, row, "Open")
            for there in way:
                tabbed(page, row, there)
            for there in [*reversed(way[:-1]), "Open"]:
                tabbed(page, row, there, "Shift+Tab")
            page.keyboard.press("Space")
            for there in way:
                tabbed(page, row, there)
            tabbed(page, None, behind)
            tabbed(page, row, "", "Shift+Tab")
            page.keyboard.press("Escape")
            expect(page.get_by_role("region", name="Selection")).to_have_count(0)
        page.get_by_role("button", name=re.compile("^Open No room")).focus()
        tabbed(page, 1, "Select")
        tabbed(page, 1, "Retry")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").filter(has_text="It is still not saved")).to_be_visible()
        # The button was off meanwhile, which takes the focus from it: it stays at the card.
        eventually(lambda: page.evaluate(HAS_FOCUS), lambda at: at[0] == 1, what="at the card")
        page.get_by_role("button", name=re.compile("^Open It is here")).focus()
        tabbed(page, 3, "Select")
        tabbed(page, 3, "More to do")
        page.keyboard.press("Enter")
        expect(page.get_by_role("menu")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu")).to_have_count(0)
        eventually(
            lambda: page.evaluate(HAS_FOCUS), lambda at: at == [3, "More to do"], what="back"
        )
        page.close()


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
    middle = page.get_by_role("article", name=re.compile(r"Shot 2\d\d"))
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


def test_the_first_ones_of_all_are_selected_and_none_that_a_search_hides(page: Page) -> None:
    selection = page.get_by_role("region", name="Selection")
    page.locator("[role=grid] [data-main][tabindex='0']").focus()
    page.keyboard.press("Control+KeyA")
    expect(selection.get_by_role("status")).to_have_text(
        re.compile(r"^The first 500 of 52\d are selected$")
    )
    expect(selection.get_by_role("button", name="Compare")).to_be_disabled()
    expect(selection).to_contain_text("Four clips at most stand side by side.")
    assert_accessible(page)
    page.get_by_role("searchbox").fill("nothing is called that")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    expect(selection).to_have_count(0)
    page.get_by_role("searchbox").fill("")
    expect(page.locator("[role=row][aria-selected=false]").first).to_be_visible()
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
