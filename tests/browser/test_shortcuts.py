"""Keys: by their place, listed, changed, put back, switched off; and the main job by keys alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.form import price
from tests.emulator import FalEmulator
from tests.programs import OpenStudio

pytestmark = pytest.mark.browser

SAVES = 60_000


def come_in(page: Page, studio: OpenStudio) -> None:
    page.goto(studio.way_in)
    expect(page.get_by_role("textbox", name="Prompt")).to_be_visible()


def open_list(page: Page) -> None:
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def close_list(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def press_elsewhere(page: Page, key: str) -> None:
    page.get_by_role("button", name="Settings").focus()
    page.keyboard.press(key)


def focuses_the_prompt(page: Page, key: str) -> None:
    press_elsewhere(page, key)
    expect(page.get_by_role("textbox", name="Prompt")).to_be_focused()


def does_nothing(page: Page, key: str) -> None:
    press_elsewhere(page, key)
    # The focus would be moved with the next frame; two are waited for.
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    expect(page.get_by_role("button", name="Settings")).to_be_focused()


def test_the_list_is_found_by_its_key_and_searched(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    come_in(page, shared_studio)
    open_list(page)
    listed = page.get_by_role("dialog").get_by_role("listitem")
    expect(listed.filter(has_text="Write a prompt")).to_be_visible()
    page.get_by_role("searchbox", name="Find a shortcut").fill("prompt")
    expect(listed).to_have_count(1)
    page.get_by_role("searchbox", name="Find a shortcut").fill("nonsense")
    expect(page.get_by_text("No shortcut is called that.")).to_be_visible()
    close_list(page)


def test_a_key_is_changed_by_pressing_another_and_a_conflict_is_said(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    come_in(page, shared_studio)
    focuses_the_prompt(page, "KeyG")
    page.get_by_role("button", name="Settings").focus()
    open_list(page)
    row = page.get_by_role("listitem").filter(has_text="Write a prompt")
    row.get_by_role("button", name="Change").click()
    page.keyboard.press("KeyP")
    expect(row.get_by_role("status")).to_contain_text("already for “Pick”")
    row.get_by_role("button", name="Another key").click()
    page.keyboard.press("KeyB")
    row.get_by_role("button", name="Use it").click()
    expect(row).to_contain_text("B")
    close_list(page)
    page.reload()
    expect(page.get_by_role("textbox", name="Prompt")).to_be_visible()
    focuses_the_prompt(page, "KeyB")
    does_nothing(page, "KeyG")

    open_list(page)
    row.get_by_role("button", name="Reset").click()
    close_list(page)
    focuses_the_prompt(page, "KeyG")
    does_nothing(page, "KeyB")


def test_a_key_taken_from_another_command_leaves_it_without(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    come_in(page, shared_studio)
    open_list(page)
    row = page.get_by_role("listitem").filter(has_text="Write a prompt")
    row.get_by_role("button", name="Change").click()
    page.keyboard.press("KeyP")
    row.get_by_role("button", name="Use it here instead").click()
    pick = page.get_by_role("listitem").filter(has_text=re.compile("^Pick"))
    expect(pick).to_contain_text("None")
    page.get_by_role("button", name="Reset all").click()
    expect(pick).to_contain_text("P")
    expect(pick).not_to_contain_text("None")


def test_single_characters_are_switched_off_and_the_rest_still_works(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    come_in(page, shared_studio)
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("checkbox", name="Shortcuts of a single character").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("textbox", name="Prompt")).to_be_visible()
    does_nothing(page, "KeyG")
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog")).to_contain_text("Ctrl")


def test_what_is_written_is_no_shortcut(shared_studio: OpenStudio, watched: Watched) -> None:
    page = watched.page
    come_in(page, shared_studio)
    prompt = page.get_by_role("textbox", name="Prompt")
    prompt.press_sequentially("gap? /p")
    expect(prompt).to_have_value("gap? /p")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_main_job_is_done_by_keys_alone(
    shared_studio: OpenStudio, watched: Watched, fal: FalEmulator
) -> None:
    page = watched.page
    come_in(page, shared_studio)
    keys = page.keyboard
    keys.press("KeyG")
    expect(page.get_by_role("textbox", name="Prompt")).to_be_focused()
    keys.type("Neon rain over a sleeping city")
    keys.press("Tab")
    expect(page.get_by_role("button", name="Choose models")).to_be_focused()
    keys.press("Enter")
    page.get_by_role("checkbox", name="LTX-2.3 Fast", exact=True).wait_for()
    for title, is_wanted in (("LTX-2.3 Fast", True), ("Animatic", False)):
        box = page.get_by_role("checkbox", name=title, exact=True)
        box.focus()
        keys.press("Space")
        expect(box).to_be_checked(checked=is_wanted)
    keys.press("Escape")
    expect(page.get_by_role("button", name="Choose models")).to_be_focused()
    keys.press("Tab")
    keys.press("ArrowRight")
    expect(page.get_by_role("radio", name="8 s", exact=True)).to_be_checked()
    expect(price(page)).to_have_text("$0.32")
    keys.press("Control+Enter")
    card = page.get_by_role("article", name="Neon rain")
    expect(card).to_contain_text("Saved", timeout=SAVES)
    assert [one.payload["duration"] for one in fal.ledger] == [8]
    tab_to(page, "main article button, main article a, main article [tabindex='0']")
    keys.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("video")).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    # The focus is where it was.
    expect(card.locator(":focus")).to_have_count(1)


# Something around the focus is drawn: on the element, on what it draws itself, or around it.
IS_SEEN = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const isDrawn = (element, part) => getComputedStyle(element, part).outlineStyle !== "none";
  const around = [at, at.parentElement, at.closest("label"), at.closest("article")];
  return at === document.body || (box.bottom > 0 && box.top < innerHeight &&
    around.some((element) => element && [null, "::before", "::after"]
      .some((part) => isDrawn(element, part))));
}"""


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is on such an element; it is seen wherever it goes."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.locator(":focus")
        assert page.evaluate(IS_SEEN), at.evaluate("element => element.outerHTML")
        if at.count() and at.evaluate("(at, selector) => at.matches(selector)", selector):
            return
    raise AssertionError(selector)
