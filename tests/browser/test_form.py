"""What fills the form, what it keeps, and every button that spends money: one press, one order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import Asking
from tests.browser.conftest import Watched, assert_accessible
from tests.browser.form import choose_model, generate_button, price
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio

pytestmark = pytest.mark.browser

FAILS = "[fault:result-422-validation]"
REFUSED = "[fault:result-422-content]"
"""A take that costs no time: nothing is downloaded and saved."""
FILE = """() => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(["x"], "x.png", { type: "image/png" }));
  return transfer;
}"""
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


def prompt(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Prompt")


BACK = "Bring back what I had"


def test_a_filled_form_is_shown_where_it_was_put_aside_and_gives_back_what_was_typed(
    page: Page, studio: OpenStudio, asking: Asking, project: str
) -> None:
    prompt(page).fill("My own words")
    back = page.get_by_role("button", name=BACK)
    expect(back).to_have_count(0)
    page.get_by_role("button", name="Hide the form").click()
    expect(prompt(page)).to_be_hidden()
    page.get_by_role("button", name="Try an example prompt").click()
    expect(prompt(page)).to_be_focused()

    card = failed_take(asking, project, "Filled from the viewer")
    page.get_by_role("button", name="Hide the form").click()
    dialog = open_card(page, studio, project, card)
    dialog.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Use only its prompt").click()
    expect(dialog).to_be_hidden()
    expect(prompt(page)).to_be_focused()
    expect(prompt(page)).to_have_value(f"Filled from the viewer {FAILS}")
    # Nothing of one's own was in the example; and a reload loses nothing.
    page.reload()
    back.click()
    expect(prompt(page)).to_have_value("My own words")
    expect(prompt(page)).to_be_focused()
    expect(back).to_have_count(0)


def test_another_model_is_chosen_before_anything_can_be_ordered_and_an_order_ends_the_way_back(
    page: Page, studio: OpenStudio, asking: Asking, project: str
) -> None:
    prompt(page).fill("My own words")
    card = failed_take(asking, project, "Other model")
    dialog = open_card(page, studio, project, card)
    dialog.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Same settings, other model").click()
    models = page.get_by_role("dialog", name="One or several models")
    expect(models).to_be_visible()
    expect(models.locator(":focus")).to_have_count(1)
    assert_accessible(page)
    expect(generate_button(page)).to_be_disabled()
    expect(price(page)).to_have_text("Choose a model first")
    form = page.get_by_role("form", name="Generate")
    expect(form.get_by_text("Choose a model.", exact=True)).to_be_visible()
    models.get_by_role("checkbox", name="LTX-2.3 Pro", exact=True).check()
    page.keyboard.press("Escape")
    expect(form.get_by_text("Choose a model.", exact=True)).to_have_count(0)
    expect(form.get_by_role("button", name=BACK)).to_be_visible()
    generate_button(page).click()
    expect(form.get_by_text("Asked for 1 take.")).to_be_visible()
    expect(form.get_by_role("button", name=BACK)).to_have_count(0)


def test_each_window_keeps_its_own_words_and_a_new_one_begins_with_the_last(page: Page) -> None:
    prompt(page).fill("Written here")
    second = page.context.new_page()
    second.goto(page.url)
    expect(prompt(second)).to_have_value("Written here")
    prompt(second).fill("Written there")
    page.reload()
    expect(prompt(page)).to_have_value("Written here")
    second.reload()
    expect(prompt(second)).to_have_value("Written there")


def test_on_a_phone_an_example_opens_the_form(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(prompt(page)).to_be_hidden()
    page.get_by_role("button", name="Try an example prompt").click()
    expect(prompt(page)).to_be_focused()
    expect(prompt(page)).to_be_in_viewport()


def test_where_all_projects_are_shown_it_is_said_where_things_go(
    page: Page, studio: OpenStudio, asking: Asking, project: str
) -> None:
    other = asking.make_project("Another place")
    card = failed_take(asking, other, "Lies elsewhere")
    form = page.get_by_role("form", name="Generate")
    expect(form.get_by_text("Into: ")).to_have_count(0)
    page.goto(f"{studio.url}/?project={project}&in=all&q=elsewhere")
    name = "test_where_all_projects"
    expect(form.get_by_text(f"Into: {name}")).to_be_visible()
    expect(page.get_by_role("button", name=f"Import into {name}")).to_be_visible()
    page.dispatch_event(
        "main",
        "dragenter",
        {"dataTransfer": page.evaluate_handle(FILE)},
    )
    expect(page.get_by_text(f"Drop to import into {name}")).to_be_visible()
    page.dispatch_event(
        "main", "drop", {"dataTransfer": page.evaluate_handle("new DataTransfer()")}
    )
    page.reload()
    page.get_by_role("button", name="Project", exact=True).click()
    expect(page.get_by_role("menuitem")).to_have_text(["New project…", "Projects in the trash…"])
    page.goto(f"{studio.url}/?project={project}&in=all&card={card}")
    expect(viewer(page)).to_contain_text("Another place")


def test_of_what_was_refused_the_prompt_is_edited_first_and_a_seed_that_is_left_shows_no_number(
    page: Page, studio: OpenStudio, asking: Asking, project: str
) -> None:
    card = asking.order(f"Not allowed {REFUSED}", project)
    dialog = open_card(page, studio, project, card)
    edit = dialog.get_by_role("button", name="Edit its prompt")
    expect(edit).to_be_visible()
    expect(dialog.get_by_role("button", name="Another take")).to_have_count(0)
    dialog.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("menuitem", name="Another take · $0.24")).to_be_enabled()
    page.keyboard.press("Escape")
    edit.click()
    expect(prompt(page)).to_be_focused()
    expect(prompt(page)).to_have_value(f"Not allowed {REFUSED}")
    choose_model(page, "Animatic")
    seed = page.get_by_role("textbox", name="Seed")
    expect(seed).to_have_value("")
    seed.fill("7")
    expect(page.get_by_text("each take gets its own")).to_have_count(0)
    expect(seed).to_have_value("7")
