"""The studio goes and comes back; many windows are open: each shows what is true."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import Asking
from tests.browser.conftest import Watched, assert_accessible
from tests.browser.every_state import eventually
from tests.browser.form import choose_model, generate_button
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio

pytestmark = pytest.mark.browser

BACK = 20_000
SAVES = 30_000
AWAY = "The studio does not answer."
LOCKED = "The studio no longer knows this browser."
# Chromium itself reports what could not be loaded while the studio is away or locked.
OF_THE_BROWSER = re.compile(r"net::ERR_|status of 401|Failed to load resource")
COUNT_STREAMS = """
  window.streams = new Set();
  const Real = EventSource;
  window.EventSource = class extends Real {
    constructor(address) { super(address); streams.add(this); }
    close() { super.close(); streams.delete(this); }
  };
"""


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name, timeout=BACK)


def port_of(studio: OpenStudio) -> int:
    return int(studio.url.rsplit(":", 1)[1])


def forgive_the_browser(watched: Watched) -> None:
    watched.said[:] = [said for said in watched.said if not OF_THE_BROWSER.search(said)]


def streams(pages: list[Page]) -> int:
    return sum(int(page.evaluate("streams.size")) for page in pages)


def one_stream(pages: list[Page]) -> None:
    """A window that has just handed it over may be about to close its own."""
    eventually(lambda: streams(pages), lambda count: count == 1, what="one stream")


def rename(asking: Asking, name: str) -> None:
    project = asking.projects()[0]["id"]
    asking.ask("PATCH", f"/api/projects/{project}", {"name": name})


def test_a_killed_studio_comes_back_and_nothing_was_missed(
    tmp_path: Path, fal: FalEmulator, watched: Watched
) -> None:
    environment = environment_for(tmp_path / "library", fal)
    page = watched.page
    with open_studio(environment) as studio:
        page.goto(studio.way_in)
        heading(page, "First project")
        port = port_of(studio)
        studio.process.kill()
        expect(page.get_by_text(AWAY)).to_be_visible(timeout=BACK)
        assert_accessible(page)
    with open_studio(environment) as elsewhere:
        asking = Asking(elsewhere)
        rename(asking, "Renamed meanwhile")
        asking.order("Ordered meanwhile [fault:result-422-content]")
    with open_studio(environment, port):
        heading(page, "Renamed meanwhile")
        expect(page.get_by_text(AWAY)).to_have_count(0)
        expect(page.get_by_role("article", name="Ordered meanwhile")).to_be_visible(timeout=BACK)
        expect(page.get_by_role("button", name="Notices, 1 open")).to_be_attached(timeout=BACK)
        # The same page orders again.
        choose_model(page, "LTX-2.3 Fast")
        page.get_by_role("textbox", name="Prompt").fill("After the break")
        generate_button(page).click()
        after = page.get_by_role("article", name="After the break")
        expect(after).to_contain_text("Saved", timeout=SAVES)
        forgive_the_browser(watched)
        page.close()


def another_library(
    folder: Path, fal: FalEmulator, port: int
) -> AbstractContextManager[OpenStudio]:
    return open_studio(environment_for(folder, fal), port)


def test_a_changed_token_is_said_with_the_way_in_and_heals(
    tmp_path: Path, fal: FalEmulator, watched: Watched
) -> None:
    page = watched.page
    with open_studio(environment_for(tmp_path / "library", fal)) as studio:
        page.goto(studio.way_in)
        heading(page, "First project")
        port = port_of(studio)
    with another_library(tmp_path / "other", fal, port) as other:
        rename(Asking(other), "Another library")
        expect(page.get_by_text(LOCKED)).to_be_visible(timeout=BACK)
        assert_accessible(page)
        second = page.context.new_page()
        second.goto(other.way_in)
        heading(second, "Another library")
        heading(page, "Another library")
        expect(page.get_by_text(LOCKED)).to_have_count(0)
        forgive_the_browser(watched)
        page.context.close()


def test_eight_windows_are_live_over_one_stream(studio: OpenStudio, watched: Watched) -> None:
    context = watched.page.context
    context.add_init_script(COUNT_STREAMS)
    watched.page.goto(studio.way_in)
    pages = [watched.page, *(context.new_page() for _ in range(7))]
    for page in pages[1:]:
        page.goto(studio.url)
    asking = Asking(studio)
    for page in pages:
        heading(page, "First project")
    rename(asking, "Seen by all")
    for page in pages:
        heading(page, "Seen by all")
    one_stream(pages)

    # The window that has the stream is closed; another takes it over.
    [leader] = [page for page in pages if streams([page]) == 1]
    others = [page for page in pages if page is not leader]
    leader.close()
    rename(asking, "Without the first")
    for page in others:
        heading(page, "Without the first")
    one_stream(others)
