"""Every screen that is looked at: by axe in a test, and by a person in ``test-results/gallery``.

Each screen is a name and the way to it from the page as it opens. Add yours to ``SCREENS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from playwright.sync_api import Page

from tests.browser.form import choose_models

Way = Callable[[Page], None]


def _press(name: str) -> Way:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def _home(page: Page) -> None:
    page.get_by_role("article").first.wait_for()


def _form(page: Page) -> None:
    show = page.get_by_role("button", name="Show the form")
    if show.count():
        show.click()


def _models(page: Page) -> None:
    _form(page)
    page.get_by_role("button", name="Choose models").click()
    page.get_by_role("checkbox", name="Animatic", exact=True).wait_for()


def _several_models(page: Page) -> None:
    _form(page)
    choose_models(page, "LTX-2.5 Pro", "LTX-2.3 Fast")
    page.get_by_label("Duration").select_option(label="20 s")
    page.get_by_text("Duration 10 s instead of 20 s.").wait_for()


def _from_an_image(page: Page) -> None:
    _form(page)
    page.get_by_role("tab", name="From an image").click()
    page.get_by_role("button", name="Choose from the project").wait_for()


def _form_aside(page: Page) -> None:
    hide = page.get_by_role("button", name="Hide the form")
    if hide.count():
        hide.click()


def _search(page: Page, words: str) -> None:
    page.goto(f"{page.url.partition('?')[0]}?q={words}")
    page.get_by_role("article").first.wait_for()


def _open(words: str) -> Way:
    def way(page: Page) -> None:
        _search(page, words)
        page.get_by_role("button", name=re.compile("^Open")).first.click()
        page.get_by_role("dialog").wait_for()

    return way


def _clip(page: Page) -> None:
    _open("heron")(page)
    page.get_by_role("dialog").locator("video").wait_for()


def _more_of_a_clip(page: Page) -> None:
    _clip(page)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menu").wait_for()


def _facts_of_a_clip(page: Page) -> None:
    _clip(page)
    page.get_by_role("heading", name="Steps").scroll_into_view_if_needed()


def _told(page: Page) -> None:
    _search(page, "refused")
    page.get_by_role("button", name=re.compile("^Open")).first.focus()


def _notices(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Notices")).click()


def _filter(title: str) -> Way:
    def way(page: Page) -> None:
        page.get_by_role("button", name=title, exact=True).click()
        page.get_by_role("dialog").wait_for()

    return way


def _at(query: str) -> Way:
    def way(page: Page) -> None:
        page.goto(f"{page.url.partition('?')[0]}?{query}")
        page.get_by_role("article").first.or_(page.get_by_role("heading", name="empty")).wait_for()

    return way


def _nothing_fits(page: Page) -> None:
    page.goto(f"{page.url.partition('?')[0]}?q=zeppelin&rating=4")
    page.get_by_role("heading", name="Nothing fits").wait_for()


def _selected(page: Page) -> None:
    _search(page, TAKES)
    page.get_by_role("button", name=re.compile("^Open")).first.focus()
    page.keyboard.press("Control+KeyA")
    page.get_by_role("region", name="Selection").wait_for()


def _side_by_side(count: int) -> Way:
    def way(page: Page) -> None:
        here = page.url.partition("?")[0]
        found = page.request.get(f"{here}api/library?q={TAKES}&limit={count}").json()["items"]
        page.goto(f"{here}?compare={','.join(item['id'] for item in found)}")
        page.get_by_role("dialog").locator("video").nth(count - 1).wait_for()

    return way


def _menu_item(name: str) -> Way:
    def way(page: Page) -> None:
        page.get_by_role("button", name="Project", exact=True).click()
        page.get_by_role("menuitem", name=name).click()

    return way


def _shortcuts(page: Page) -> None:
    page.keyboard.press("Shift+Slash")


def _changing_a_shortcut(page: Page) -> None:
    _shortcuts(page)
    page.get_by_role("button", name="Change: Write a prompt").click()
    page.keyboard.press("KeyP")


def _doctor(page: Page) -> None:
    page.keyboard.press("KeyD")
    page.get_by_role("heading", name="In order").wait_for()


def _doctor_about_one(page: Page) -> None:
    _open("neon")(page)
    page.keyboard.press("KeyD")
    page.get_by_text("Are its bytes here?").wait_for()


TAKES = "dunes"
"""What the takes are called that stand side by side."""

SCREENS: Mapping[str, Way] = MappingProxyType(
    {
        "library": _home,
        "form": _form,
        "found": lambda page: _search(page, "train"),
        "nothing-fits": _nothing_fits,
        "by-shot": _at("group=shots"),
        "trash": _at("trashed=true"),
        "selected": _selected,
        "failure-told": _told,
        "filter-state": _filter("State"),
        "filter-rating": _filter("Rating"),
        "filter-details": _filter("Details"),
        "form-models": _models,
        "form-several-models": _several_models,
        "form-from-an-image": _from_an_image,
        "one-clip": _clip,
        "one-clip-more": _more_of_a_clip,
        "one-clip-facts": _facts_of_a_clip,
        "one-image": _open("still"),
        "one-sound": _open("tone"),
        "one-of-several-takes": _open(TAKES),
        "one-failure": _open("refused"),
        "one-missing": _open("neon"),
        "one-expired": _open("late"),
        "one-unsaved": _open("room"),
        "one-url-only": _open("provider"),
        "one-unconfirmed": _open("arrive"),
        "one-running": _open("being"),
        "one-hostile": _open("onerror"),
        "compare-2": _side_by_side(2),
        "compare-3": _side_by_side(3),
        "compare-4": _side_by_side(4),
        "doctor": _doctor,
        "doctor-about-one": _doctor_about_one,
        "notices": _notices,
        "projects": lambda page: page.get_by_role("combobox", name="Project").click(),
        "project-menu": _press("Project"),
        "project-new": _menu_item("New project…"),
        "project-settings": _menu_item("Name and settings…"),
        "project-trash": _menu_item("Projects in the trash…"),
        "settings": _press("Settings"),
        "shortcuts": _shortcuts,
        "shortcut-conflict": _changing_a_shortcut,
        "form-aside": _form_aside,  # the last, because it is remembered
    }
)
