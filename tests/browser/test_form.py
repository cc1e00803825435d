"""What fills the form, what it keeps, and every button that spends money: one press, one order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import Asking
from tests.browser.conftest import Watched, assert_accessible
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio

pytestmark = pytest.mark.browser

FAILS = "[fault:result-422-content]"
"""A take that costs no time: nothing is downloaded and saved."""
CLICK_TWICE = """button => new Promise((resolve) => {
  button.click();
  setTimeout(() => { button.click(); setTimeout(resolve, 300); }, 150);
})"""


@pytest.fixture(scope="module")
def studio(
    tmp_path_factory: pytest.TempPathFactory, running_emulator: FalEmulator
) -> Iterator[OpenStudio]:
    """One for all tests: each has a project of its own."""
    running_emulator.settings.clip_seconds = 1
    home = tmp_path_factory.mktemp("studio") / "library"
    with open_studio(environment_for(home, running_emulator)) as opened:
        yield opened


@pytest.fixture
def asking(studio: OpenStudio) -> Asking:
    return Asking(studio)


@pytest.fixture
def project(asking: Asking, request: pytest.FixtureRequest) -> str:
    return asking.make_project(request.node.name[-80:])


@pytest.fixture
def page(watched: Watched, studio: OpenStudio, project: str) -> Page:
    watched.page.goto(studio.way_in)
    expect(watched.page.get_by_role("heading", level=1)).to_be_attached()
    watched.page.goto(f"{studio.url}/?project={project}")
    expect(watched.page.get_by_role("heading", level=1)).to_be_attached()
    return watched.page


def failed_take(asking: Asking, project: str, prompt: str) -> str:
    return asking.order(f"{prompt} {FAILS}", project)


def viewer(page: Page) -> Locator:
    """The open card; a toast is a dialog, too."""
    return page.get_by_role("dialog").filter(has=page.locator("[data-stage]"))


def open_card(page: Page, studio: OpenStudio, project: str, card: str) -> Locator:
    page.goto(f"{studio.url}/?project={project}&card={card}")
    expect(viewer(page)).to_be_visible()
    return viewer(page)


def orders_in(asking: Asking, project: str) -> int:
    return int(asking.ask("GET", f"/api/library?project={project}")["total"])


def test_two_quick_presses_of_another_take_are_one_order(
    page: Page, studio: OpenStudio, asking: Asking, project: str
) -> None:
    card = failed_take(asking, project, "Pressed twice")
    dialog = open_card(page, studio, project, card)
    another = dialog.get_by_role("button", name="Another take · $0.24")
    expect(another).to_be_enabled()
    another.evaluate(CLICK_TWICE)
    expect(page.get_by_text("Asked for another take.")).to_be_visible()
    expect(another).to_be_enabled()
    assert orders_in(asking, project) == 2
    # A rest later it is another order.
    page.keyboard.press("KeyT")
    takes = dialog.get_by_role("region", name="Takes of this shot").get_by_role("listitem")
    expect(takes).to_have_count(3)


def test_another_take_without_room_is_told_in_its_place_and_can_be_ordered_all_the_same(
    tmp_path: Path, watched: Watched, fal: FalEmulator
) -> None:
    page = watched.page
    with small_disk(tmp_path / "disk", "64m") as disk:
        environment = environment_for(disk / "library", fal)
        environment["RUSHES_SPOOL"] = str(tmp_path / "spool")
        with open_studio(environment) as studio:
            asking = Asking(studio)
            [project] = asking.projects()
            order = {"prompt": FAILS, "models": ["ltx-2.3-fast"], "ignore_room": True}
            address = f"/api/projects/{project['id']}/generations"
            [first] = asking.ask("POST", address, order)["generations"]
            page.goto(studio.way_in)
            dialog = open_card(page, studio, project["id"], first["id"])
            another = dialog.get_by_role("button", name="Another take · $0.24")
            anyway = dialog.get_by_role("button", name="Order anyway · $0.24")
            for _ in range(2):
                another.click()
                expect(anyway).to_be_enabled()
            expect(dialog).to_contain_text("are free at")
            assert_accessible(page)
            corner = page.get_by_role("region", name="Notifications")
            expect(corner.get_by_role("alertdialog")).to_have_count(0)
            assert orders_in(asking, project["id"]) == 1
            anyway.click()
            expect(page.get_by_text("Asked for another take.")).to_be_visible()
            expect(anyway).to_have_count(0)
            assert orders_in(asking, project["id"]) == 2
            page.close()
    watched.said[:] = [said for said in watched.said if "507" not in said]
