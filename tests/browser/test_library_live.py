"""Two windows, a reload, and a studio that is killed: the library stays right by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WATCH, Watched
from tests.browser.every_state import MODEL, Library, client_of, open_library
from tests.emulator import FalEmulator
from tests.programs import environment_for, open_studio

pytestmark = pytest.mark.browser

LONG = 30_000


@pytest.fixture
def library(tmp_path: Path, fal: FalEmulator) -> Iterator[Library]:
    with open_library(tmp_path, fal) as opened:
        yield opened


def card(page: Page, name: str):
    return page.get_by_role("article", name=re.compile("^" + re.escape(name)))


def test_two_windows_agree(library: Library, watched: Watched, browser: Browser) -> None:
    """Windows of two browsers that know nothing of each other."""
    first = watched.page
    context = browser.new_context()
    second = context.new_page()
    second.add_init_script(WATCH)
    second.on("console", lambda message: watched.said.append(message.text))
    for page in (first, second):
        page.goto(library.studio.way_in)
        expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    item = library.ask("Seen by both [fault:stuck-in-queue]")
    for page in (first, second):
        expect(card(page, "Seen by both")).to_contain_text("In the queue")
        expect(page.get_by_text("1 item", exact=True)).to_be_visible()
    first.reload()
    expect(card(first, "Seen by both")).to_contain_text("In the queue")
    card(first, "Seen by both").hover()
    card(first, "Seen by both").get_by_role("button", name="Cancel").click()
    expect(card(second, "Seen by both")).to_contain_text("Cancelled")
    saved = library.until(library.ask("Rated in the one"), "saved")
    library.client.patch(f"/api/assets/{saved['asset']['id']}", json={"rating": 5})
    for page in (first, second):
        expect(card(page, "Rated in the one")).to_contain_text("5 stars")
    card(second, "Rated in the one").get_by_role("button", name=re.compile("^Open")).focus()
    second.keyboard.press("Delete")
    expect(card(first, "Rated in the one")).to_have_count(0)
    expect(first.get_by_text("1 in the trash.")).to_be_visible()
    assert library.item(item)["state"] == "cancelled"
    context.close()
    first.close()


def test_a_killed_studio_comes_back_and_nothing_is_missing(
    tmp_path: Path, fal: FalEmulator, watched: Watched
) -> None:
    """Killed without a word while it works, then started on the same port."""
    environment = environment_for(tmp_path / "library", fal)
    page = watched.page
    with open_studio(environment) as studio:
        page.goto(studio.way_in)
        port = int(studio.url.rsplit(":", 1)[1])
        expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
        fal.settings.slow_piece_seconds = 0.3
        with client_of(studio) as client:
            project = client.get("/api/projects").json()["items"][0]["id"]
            order = {"prompt": "Survives the kill [fault:media-slow]", "models": [MODEL]}
            client.post(f"/api/projects/{project}/generations", json=order).raise_for_status()
        expect(card(page, "Survives the kill")).to_contain_text(
            re.compile("Downloading|Delivered|Saving"), timeout=LONG
        )
        studio.process.kill()
        studio.process.wait()
    expect(page.get_by_text("The studio does not answer")).to_be_visible(timeout=LONG)
    expect(card(page, "Survives the kill")).to_be_visible()
    with open_studio(environment, port):
        expect(page.get_by_text("The studio does not answer")).to_have_count(0, timeout=LONG)
        expect(card(page, "Survives the kill")).to_contain_text("Saved", timeout=LONG)
        assert len(fal.ledger) == 1
        page.reload()
        expect(card(page, "Survives the kill")).to_contain_text("Saved")
        # Chromium itself reports each connection that was cut or refused while it was away.
        watched.said[:] = [text for text in watched.said if "net::ERR_" not in text]
        page.close()
