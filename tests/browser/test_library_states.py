"""The library as it stands: every state in words, what is hidden, and names that mean harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.every_state import Library, eventually, fill_every_state, open_library
from tests.emulator import FalEmulator

pytestmark = pytest.mark.browser

WORDS = {
    "saved": ("A heron lifts off a misty lake at dawn", "Saved", None),
    "missing": ("Neon rain over a sleeping city", "Missing", "Relink"),
    "failed": ("Something refused", "Failed", None),
    "expired": ("Too late for this one", "Expired", "Relink"),
    "unconfirmed": ("Did this one arrive?", "Unconfirmed", "Settle"),
    "queued": ("Waiting for its turn", "In the queue", None),
    "running": ("Being made right now", "Running", None),
    "cancelled": ("Called off", "Cancelled", None),
    "url_only": ("Kept at the provider for now", "URL only", "Download"),
    "unsaved": ("No room left for this one", "Unsaved", "Retry"),
}
"""The name of the item, the word for its state, and the button that is always there."""


@dataclass(frozen=True)
class Filled:
    library: Library
    ids: dict[str, str]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with FalEmulator() as fal:
        fal.settings.clip_seconds = 2
        with open_library(tmp_path_factory.mktemp("states"), fal) as library:
            yield Filled(library, fill_every_state(library, fal))


@pytest.fixture
def page(filled: Filled, watched: Watched) -> Page:
    watched.page.goto(filled.library.studio.way_in)
    expect(watched.page.get_by_role("article").first).to_be_visible()
    return watched.page


def card(page: Page, name: str):
    return page.get_by_role("article", name=re.compile("^" + re.escape(name)))


def height(element: Locator) -> float:
    box = element.bounding_box()
    return box["height"] if box else 0


def test_every_state_has_its_word_and_what_helps_in_it(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 2000})
    for name, word, button in WORDS.values():
        expect(card(page, name)).to_contain_text(word)
        if button:
            expect(card(page, name).get_by_role("button", name=button)).to_be_visible()
    refused, _, _ = WORDS["failed"]
    expect(card(page, refused)).to_contain_text("The provider refused the content")


def test_an_error_is_told_whole_with_its_time_at_the_pointer_and_at_the_focus(page: Page) -> None:
    unsaved = card(page, "No room left")
    unsaved.hover()
    expect(unsaved).to_contain_text("The disk that holds the library is full")
    expect(unsaved.get_by_text(re.compile(r"20\d\d.*\d:\d\d"))).to_have_count(2)
    told = unsaved.locator("[class*=_told_]")
    expect(told).to_be_visible()
    told.hover()
    expect(told).to_be_visible()
    page.mouse.move(5, 5)
    expect(told).to_have_count(0)
    unsaved.get_by_role("button", name=re.compile("^Open")).focus()
    expect(told).to_be_visible()
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    expect(unsaved.get_by_role("button", name=re.compile("^Open"))).to_be_focused()


def test_markup_other_directions_and_endless_words_are_text(page: Page) -> None:
    hostile = card(page, "<img src=x onerror=alert(1)>")
    expect(hostile).to_contain_text("<img src=x onerror=alert(1)> שלום עולם 🎬")
    expect(hostile).to_contain_text("Saved")
    expect(page.locator("img[src=x]")).to_have_count(0)
    place = hostile.locator("xpath=ancestor::*[@role='row']")
    # The room for a row is measured after it was drawn.
    eventually(
        lambda: (height(hostile), height(place)),
        lambda heights: 0 < heights[0] <= heights[1] + 1,
        what="within its place",
    )
    page.get_by_role("searchbox").fill("<img src=x onerror=alert(1)>")
    expect(page.get_by_text("1 item", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Remove filter: “<img src=x")).to_be_visible()


def test_filters_stand_in_the_address_and_say_what_they_hide(page: Page, filled: Filled) -> None:
    total = filled.library.client.get("/api/library").json()["total"]
    page.get_by_role("button", name="State", exact=True).click()
    page.get_by_role("button", name=re.compile("^Unsaved")).click()
    page.get_by_role("button", name=re.compile("^Failed")).click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("2 items", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{total - 2} hidden by filters.")).to_be_visible()
    expect(page).to_have_url(re.compile("state=unsaved"))
    page.reload()
    expect(page.get_by_text("2 items", exact=True)).to_be_visible()
    page.get_by_role("button", name="Remove filter: Failed").click()
    expect(page.get_by_text("1 item", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_text("2 items", exact=True)).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.get_by_text(f"{total} items", exact=True)).to_be_visible()
    expect(page).not_to_have_url(re.compile("state="))


def test_a_search_is_typed_after_a_slash_and_what_fits_elsewhere_is_said(
    page: Page, filled: Filled
) -> None:
    library = filled.library
    teaser = library.new_project("Teaser <b>", keep="links")
    library.until(library.ask("A whale breathes out", teaser), "url_only")
    page.keyboard.press("/")
    page.keyboard.type("whale")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    expect(page.get_by_text("1 in project Teaser <b>.")).to_be_visible()
    expect(page).to_have_url(re.compile("q=whale"))
    page.get_by_role("button", name="Open project Teaser").click()
    expect(card(page, "A whale breathes out")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("article").first).to_be_visible()


def test_every_filter_and_order_is_answered(page: Page) -> None:
    """The page never asks for what the studio refuses."""
    page.get_by_role("button", name="Rating", exact=True).click()
    page.get_by_role("button", name="No flag").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Type", exact=True).click()
    page.get_by_role("button", name="Video", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Details", exact=True).click()
    page.get_by_label("At least", exact=True).fill("1")
    page.get_by_label("At most", exact=True).fill("60")
    page.get_by_label("From", exact=True).fill("2020-01-01")
    page.get_by_role("button", name=re.compile("^With(out)? sound$")).first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("list", name="Filters that are on")).to_contain_text("1 to 60 s")
    for order in ("Longest first", "Best rated first", "By name", "Largest file first"):
        page.get_by_role("combobox", name="Order").click()
        page.get_by_role("option", name=order).click()
        expect(page.get_by_role("status").filter(has_text="item")).to_be_visible()
    page.get_by_role("button", name="Group by shot").click()
    expect(page.get_by_role("status").filter(has_text="shot")).to_be_visible()
    expect(page).to_have_url(re.compile("group=shots"))
    expect(page).to_have_url(re.compile("sort=largest"))
