"""Every screen with every state, at three widths and in both schemes, looked at by axe.

The pictures are in ``test-results/gallery``, for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.asking import Asking
from tests.browser.conftest import Watched, assert_accessible, watch
from tests.browser.screens import SCREENS
from tests.browser.states import make_every_state
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio_program

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PICTURES = Path(__file__).parents[2] / "test-results" / "gallery"
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES = {"phone": (390, 844), "tablet": (820, 1100), "desk": (1440, 900)}


@dataclass(frozen=True)
class Look:
    scheme: Scheme
    size: str


LOOKS = [Look(scheme, size) for scheme in SCHEMES for size in SIZES]


@pytest.fixture(scope="module")
def full_studio(
    tmp_path_factory: pytest.TempPathFactory, running_emulator: FalEmulator
) -> Iterator[OpenStudio]:
    """With every state in it, on a full disk."""
    running_emulator.settings.clip_seconds = 3
    library = tmp_path_factory.mktemp("gallery") / "library"
    with (
        small_disk(library / "media", "64m"),
        open_studio_program(environment_for(library, running_emulator)) as studio,
    ):
        make_every_state(Asking(studio), library)
        yield studio


@contextmanager
def looking(browser: Browser, studio: OpenStudio, look: Look) -> Iterator[Watched]:
    width, height = SIZES[look.size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=look.scheme,
        reduced_motion="reduce",
    )
    watched = watch(context.new_page())
    watched.page.goto(studio.way_in)
    expect(watched.page.get_by_role("heading", level=1)).to_be_attached()
    yield watched
    context.close()


def take_picture(page: Page, screen: str, look: Look) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{screen}-{look.scheme}-{look.size}.png")


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.size}")
def test_every_screen_is_open_to_everybody(
    full_studio: OpenStudio, browser: Browser, look: Look
) -> None:
    with looking(browser, full_studio, look) as watched:
        for screen, go in SCREENS.items():
            watched.page.goto(full_studio.url)
            watched.page.get_by_role("article").first.wait_for()
            go(watched.page)
            take_picture(watched.page, screen, look)
            assert_accessible(watched.page)
        assert not watched.said


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.size}")
def test_what_is_seen_before_and_after_everything(
    studio: OpenStudio, browser: Browser, look: Look
) -> None:
    """The door, the empty page, a toast, and the page of a studio that has gone."""
    with looking(browser, studio, look) as watched:
        page = watched.page
        take_picture(page, "empty", look)
        assert_accessible(page)
        page.get_by_role("button", name="Project", exact=True).click()
        page.get_by_role("menuitem", name="Move to the trash").click()
        expect(page.get_by_role("heading", name="Start with a project")).to_be_visible()
        take_picture(page, "no-project-and-toast", look)
        assert_accessible(page)
        page.get_by_role("button", name="Restore").click()
        page.context.clear_cookies()
        page.reload()
        take_picture(page, "locked", look)
        page.goto(studio.way_in)
        expect(
            page.get_by_role("textbox", name="Prompt").or_(
                page.get_by_role("button", name="Show the form")
            )
        ).to_be_visible()
        studio.process.kill()
        expect(page.get_by_text("The studio does not answer.")).to_be_visible(timeout=15_000)
        take_picture(page, "away", look)
