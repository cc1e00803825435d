"""The frame of the page: projects, colours, room, and whether everybody can use it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.asking import Asking
from tests.browser.conftest import Watched, assert_accessible
from tests.programs import OpenStudio

pytestmark = pytest.mark.browser

DARK = "rgb(17, 17, 16)"
LIGHT = "rgb(246, 246, 244)"
ROOMS = {"200 %": (640, 360), "400 %": (320, 256), "phone": (390, 844)}
SCREENS = ("home", "settings", "shortcuts", "notices", "project menu", "new project", "trash")


def show(page: Page, screen: str) -> None:
    """From the home screen to another, until it is there."""
    if screen == "settings":
        page.get_by_role("button", name="Settings").click()
    if screen == "shortcuts":
        page.keyboard.press("Shift+Slash")
    if screen == "notices":
        page.get_by_role("button", name="Notices").click()
    if screen in {"project menu", "new project", "trash"}:
        page.get_by_role("button", name="Project", exact=True).click()
    if screen == "new project":
        page.get_by_role("menuitem", name="New project").click()
    if screen == "trash":
        page.get_by_role("menuitem", name="Projects in the trash").click()
    expect(opened(page)).to_have_count(0 if screen == "home" else 1)


def opened(page: Page) -> Locator:
    """What stands over the page. A toast is a dialog, too, and stands beside it."""
    return page.locator("[role=menu], [role=dialog]:not([data-level])")


def open_home(page: Page, studio: OpenStudio) -> None:
    page.goto(studio.way_in)
    expect(page.get_by_role("heading", level=1)).to_be_attached()


def stands_on(page: Page, colour: str) -> None:
    expect(page.locator("html")).to_have_css("background-color", colour)


# --- for everyone ---------------------------------------------------------------------------------


def test_the_page_has_landmarks_one_heading_and_a_way_to_the_library(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    open_home(page, shared_studio)
    for landmark in ("banner", "main", "complementary"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_text("First project")
    expect(page).to_have_title("First project · Rushes")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the library")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_nothing_runs_off_the_side(
    shared_studio: OpenStudio, watched: Watched, subtests: pytest.Subtests
) -> None:
    page = watched.page
    for room, (width, height) in ROOMS.items():
        page.set_viewport_size({"width": width, "height": height})
        open_home(page, shared_studio)
        for screen in SCREENS:
            with subtests.test(room=room, screen=screen):
                show(page, screen)
                over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert over <= 0
                page.keyboard.press("Escape")
                expect(opened(page)).to_have_count(0)


def test_every_target_of_the_frame_is_large_enough(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    open_home(page, shared_studio)
    show(page, "shortcuts")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], input, [role=combobox]")]
            .filter((element) => element.checkVisibility({ opacityProperty: true }))
            .map((element) => [element, element.getBoundingClientRect()])
            .filter(([element, box]) =>
              box.width > 1 && Math.round(Math.min(box.width, box.height)) < 24
              && !element.closest("label"))
            .map(([element]) => element.outerHTML)"""
    )
    assert small == []


def test_with_forced_colours_every_control_has_an_edge(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    page.emulate_media(forced_colors="active")
    open_home(page, shared_studio)
    assert_accessible(page)
    generate = page.get_by_role("button", name="Generate")
    assert generate.evaluate("button => getComputedStyle(button).borderTopStyle") == "solid"


# --- projects -------------------------------------------------------------------------------------


def test_projects_are_made_renamed_trashed_and_restored(
    studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    open_home(page, studio)
    show(page, "new project")
    page.get_by_role("textbox", name="Project name").fill("Teaser <b>1</b>")
    page.get_by_role("button", name="Create").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Teaser <b>1</b>")

    show(page, "project menu")
    page.get_by_role("menuitem", name="Name and settings").click()
    page.get_by_role("textbox", name="Project name").fill("Trailer")
    page.get_by_role("radio", name=re.compile("Only where they are")).check()
    page.get_by_role("button", name="Save").click()
    expect(heading).to_have_text("Trailer")

    show(page, "project menu")
    page.get_by_role("menuitem", name="Move to the trash").click()
    expect(heading).to_have_text("First project")
    show(page, "trash")
    page.get_by_role("button", name="Restore Trailer").click()
    expect(page.get_by_text("There is no project in the trash.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Project").click()
    page.get_by_role("option", name=re.compile("Trailer")).click()
    expect(heading).to_have_text("Trailer")
    [_, trailer] = Asking(studio).projects()
    assert trailer["keep"] == "links"


def test_an_open_project_that_goes_is_told_and_comes_back_from_the_toast(
    studio: OpenStudio, watched: Watched
) -> None:
    page, asking = watched.page, Asking(studio)
    project = asking.make_project("Teaser")
    page.goto(studio.way_in)
    page.goto(f"{studio.url}/?project={project}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Teaser")
    asking.ask("DELETE", f"/api/projects/{project}")
    expect(heading).to_have_text("First project")
    told = page.get_by_role("region", name="Notifications")
    expect(told).to_contain_text("Teaser is in the trash.")
    told.get_by_role("button", name="Restore").click()
    expect(heading).to_have_text("Teaser")


def test_back_returns_to_the_project_before(studio: OpenStudio, watched: Watched) -> None:
    page, asking = watched.page, Asking(studio)
    asking.make_project("Teaser")
    open_home(page, studio)
    heading = page.get_by_role("heading", level=1)
    for name in ("Teaser", "All projects"):
        page.get_by_role("combobox", name="Project").click()
        page.get_by_role("option", name=re.compile(name)).click()
        expect(heading).to_have_text(name)
        expect(page).to_have_title(f"{name} · Rushes")
    page.go_back()
    expect(heading).to_have_text("Teaser")
    page.reload()
    expect(heading).to_have_text("Teaser")


# --- room and colours -----------------------------------------------------------------------------


def test_the_form_is_put_aside_and_stays_so(shared_studio: OpenStudio, watched: Watched) -> None:
    page = watched.page
    open_home(page, shared_studio)
    prompt = page.get_by_role("textbox", name="Prompt")
    page.get_by_role("button", name="Hide the form").click()
    expect(prompt).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Show the form")).to_be_visible()
    expect(prompt).to_be_hidden()
    page.keyboard.press("g")
    expect(prompt).to_be_focused()


def test_on_a_phone_the_form_is_behind_a_button(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 390, "height": 844})
    open_home(page, shared_studio)
    prompt = page.get_by_role("textbox", name="Prompt")
    expect(prompt).to_be_hidden()
    page.get_by_role("button", name="Show the form").click()
    expect(prompt).to_be_visible()


def test_the_chosen_colours_hold_in_every_window_and_after_a_reload(
    shared_studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    page.emulate_media(color_scheme="light")
    open_home(page, shared_studio)
    second = page.context.new_page()
    second.emulate_media(color_scheme="light")
    second.goto(shared_studio.url)
    stands_on(page, LIGHT)
    show(page, "settings")
    page.get_by_role("radio", name="Dark").check()
    stands_on(page, DARK)
    expect(second.locator("html")).to_have_attribute("data-scheme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    for window in (page, second):
        stands_on(window, DARK)


# --- the door, and a window of its own ------------------------------------------------------------


def test_the_locked_page_tells_the_way_in(shared_studio: OpenStudio, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(shared_studio.url)
    expect(page.get_by_role("heading", name="This studio is locked")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("rushes studio")
    stands_on(page, DARK)  # the stylesheet is let through
    assert_accessible(page)
    context.close()


def test_the_page_can_be_installed(shared_studio: OpenStudio, watched: Watched) -> None:
    page = watched.page
    open_home(page, shared_studio)
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert '"Rushes"' in manifest["data"]
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A test's window keeps nothing, so nothing is installed from it.
    assert [error["errorId"] for error in errors] == ["in-incognito"]
