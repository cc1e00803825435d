"""What needs a person is said where they look, and stays where they can find it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import Asking
from tests.browser.conftest import Watched, assert_accessible
from tests.disks import read_only
from tests.programs import OpenStudio

pytestmark = pytest.mark.browser

FAILS = "Refused [fault:result-422-content]"
FAILED = "A generation has failed."
SOON = 20_000


def toasts(page: Page) -> Locator:
    """Those that can be seen."""
    corner = page.get_by_role("region", name="Notifications")
    return (
        corner.get_by_role("dialog").or_(corner.get_by_role("alertdialog")).locator("visible=true")
    )


def open_bell(page: Page) -> Locator:
    page.get_by_role("button", name=re.compile("^Notices")).click()
    return page.get_by_role("dialog", name="Notices")


def media_folder(library: Path) -> Path:
    """Where the studio will put its files; it makes the folder when it needs it."""
    folder = library / "media"
    folder.mkdir(exist_ok=True)
    return folder


def come_in(page: Page, studio: OpenStudio) -> Asking:
    page.goto(studio.way_in)
    expect(page.get_by_role("heading", level=1)).to_be_attached()
    expect(page.get_by_role("button", name="Notices", exact=True)).to_be_visible()
    return Asking(studio)


def test_a_failure_is_told_with_its_action_and_kept_in_the_bell(
    studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    asking = come_in(page, studio)
    other = asking.make_project("Teaser")
    asking.order(FAILS, other)
    expect(toasts(page)).to_contain_text(FAILED, timeout=SOON)
    expect(toasts(page)).to_contain_text("In Teaser: ")
    assert_accessible(page)
    toasts(page).get_by_role("button", name="Open project").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Teaser")
    expect(toasts(page)).to_have_count(0)
    # Also from within the project something is to be seen: what has failed, and nothing else.
    page.goto(f"{studio.url}/?project={other}")
    open_bell(page).get_by_role("button", name="Open project").click()
    expect(page).to_have_url(re.compile("state=failed"))
    expect(page.get_by_role("article")).to_have_count(1)
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Notices, 1 open")).to_be_visible()
    bell = open_bell(page)
    expect(bell).to_contain_text(FAILED)
    expect(bell).to_contain_text("Teaser")
    expect(bell.get_by_role("button", name="Open project")).to_be_visible()
    assert_accessible(page)
    bell.get_by_role("button", name=f"Dismiss: {FAILED}").click()
    expect(bell).to_contain_text("Nothing needs you.")
    bell.get_by_role("button", name="Show past notices").click()
    expect(bell).to_contain_text(FAILED)
    expect(page.get_by_role("button", name="Notices", exact=True)).to_be_attached()


def test_a_toast_stays_its_time_and_waits_for_who_reads_it(
    studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    page.clock.install()
    asking = come_in(page, studio)
    asking.order(FAILS)
    expect(toasts(page)).to_contain_text(FAILED, timeout=SOON)
    page.clock.fast_forward(5_000)
    expect(toasts(page)).to_have_count(1)
    toasts(page).hover()
    page.clock.fast_forward(60_000)
    expect(toasts(page)).to_have_count(1)
    page.mouse.move(10, 300)
    toasts(page).get_by_role("button", name="Open project").focus()
    page.clock.fast_forward(60_000)
    expect(toasts(page)).to_have_count(1)
    page.get_by_role("textbox", name="Prompt").focus()
    page.clock.fast_forward(11_000)
    expect(toasts(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Notices, 1 open")).to_be_visible()


def test_never_more_than_three_at_once_and_all_in_the_bell(
    studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    asking = come_in(page, studio)
    names = [f"Project {number}" for number in range(5)]
    for name in names:
        asking.order(FAILS, asking.make_project(name))
    expect(page.get_by_role("button", name="Notices, 5 open")).to_be_visible(timeout=SOON)
    expect(toasts(page)).to_have_count(3)
    bell = open_bell(page)
    for name in names:
        expect(bell).to_contain_text(name)
    bell.get_by_role("button", name="Dismiss all").click()
    expect(bell).to_contain_text("Nothing needs you.")
    expect(toasts(page)).to_have_count(0)


def test_two_windows_agree_on_what_is_open(studio: OpenStudio, watched: Watched) -> None:
    page = watched.page
    asking = come_in(page, studio)
    second = page.context.new_page()
    second.goto(studio.url)
    expect(second.get_by_role("button", name="Notices", exact=True)).to_be_visible()
    asking.order(FAILS)
    for window in (page, second):
        expect(window.get_by_role("button", name="Notices, 1 open")).to_be_attached(timeout=SOON)
    open_bell(page).get_by_role("button", name=f"Dismiss: {FAILED}").click()
    expect(second.get_by_role("button", name="Notices", exact=True)).to_be_attached()
    expect(toasts(second)).to_have_count(0)


def test_what_was_not_saved_is_retried_from_the_toast_and_the_outcome_is_told(
    studio: OpenStudio, watched: Watched, tmp_path: Path
) -> None:
    page = watched.page
    asking = come_in(page, studio)
    with read_only(media_folder(tmp_path / "library")):
        asking.order("A heron lifts off a misty lake")
        toast = toasts(page).filter(has_text="A clip could not be saved.")
        expect(toast).to_be_visible(timeout=SOON)
        toast.get_by_role("button", name="Retry").click()
        expect(toasts(page).filter(has_text="The clip could not be saved.")).to_be_visible(
            timeout=SOON
        )
        expect(page.get_by_role("button", name="Notices, 1 open")).to_be_visible()
        assert_accessible(page)
    open_bell(page).get_by_role("button", name="Retry").click()
    expect(toasts(page).filter(has_text="The clip is saved.")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("button", name="Notices", exact=True)).to_be_attached()


def test_an_error_is_announced_at_once_and_a_warning_when_there_is_a_pause(
    studio: OpenStudio, watched: Watched, tmp_path: Path
) -> None:
    page = watched.page
    asking = come_in(page, studio)
    asking.order(FAILS)
    polite = page.get_by_role("region", name="Notifications")
    expect(polite).to_have_attribute("aria-live", "polite")
    expect(polite).to_contain_text(FAILED, timeout=SOON)
    with read_only(media_folder(tmp_path / "library")):
        asking.order("A heron lifts off a misty lake")
        assertive = page.locator('[aria-live="assertive"], [role="alert"]')
        expect(assertive.filter(has_text="A clip could not be saved.")).to_be_attached(timeout=SOON)


def test_what_came_while_a_window_was_hidden_is_told_when_it_is_seen(
    studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    page.add_init_script(
        """Object.defineProperty(document, "visibilityState", {
             get: () => window.hiddenForTest ? "hidden" : "visible" });
           window.setHidden = (isHidden) => {
             window.hiddenForTest = isHidden;
             document.dispatchEvent(new Event("visibilitychange"));
           };"""
    )
    asking = come_in(page, studio)
    page.evaluate("setHidden(true)")
    asking.order(FAILS)
    expect(page.get_by_role("button", name="Notices, 1 open")).to_be_attached(timeout=SOON)
    expect(toasts(page)).to_have_count(0)
    page.evaluate("setHidden(false)")
    expect(toasts(page)).to_contain_text(FAILED)
