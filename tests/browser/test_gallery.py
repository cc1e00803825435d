"""Every screen with every state: looked at by axe, and nothing of it stands beside the window.

``make gallery`` has them at all widths, in both schemes, in forced colours and enlarged, and leaves
pictures in ``test-results/gallery`` for a person to look at. Otherwise each is looked at twice
without being opened twice: dark and wide, and then light and narrow for what depends on that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, assert_accessible, watch
from tests.browser.every_state import Library, fill_every_state, open_library
from tests.browser.form import no_key
from tests.browser.screens import SCREENS, TAKES
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_image, make_wav

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PICTURES = Path(__file__).parents[2] / "test-results" / "gallery"
Scheme = Literal["light", "dark"]
SIZES = {"phone": (390, 844), "tablet": (820, 1100), "desk": (1440, 900), "enlarged": (720, 450)}
"""A window of 1440 by 900 in which everything is twice as large has room for 720 by 450."""


@dataclass(frozen=True)
class Look:
    scheme: Scheme
    size: str
    has_forced_colours: bool = False

    def __str__(self) -> str:
        forced = "-forced" if self.has_forced_colours else ""
        return f"{self.scheme}-{self.size}{forced}"


IS_WHOLE = "GALLERY" in os.environ
DARK, LIGHT = Look("dark", "desk"), Look("light", "phone")
OF_THE_LOOK = ("color-contrast", "link-in-text-block", "target-size")
"""The rules of axe whose outcome depends on scheme and width."""
ALL = [
    *(Look(scheme, size) for scheme in ("light", "dark") for size in ("phone", "tablet", "desk")),
    Look("light", "enlarged"),
    Look("dark", "desk", has_forced_colours=True),
]
LOOKS = ALL if IS_WHOLE else [DARK]


@pytest.fixture(scope="module")
def full_studio(
    tmp_path_factory: pytest.TempPathFactory, running_emulator: FalEmulator
) -> Iterator[OpenStudio]:
    """With every state in it, on a full disk."""
    running_emulator.settings.clip_seconds = 3
    folder = tmp_path_factory.mktemp("gallery")
    with open_library(folder, running_emulator) as library:
        _fill_with_more(library, folder)
        fill_every_state(library, running_emulator)
        yield library.studio


def _fill_with_more(library: Library, folder: Path) -> None:
    """An image, a sound, four takes of one shot, and something in the trash."""
    takes = [library.ask(f"A red kite over {TAKES}") for _ in range(4)]
    gone = library.ask("Thrown away")
    for path in (make_image(folder / "still.png"), make_wav(folder / "tone.wav")):
        files = [("files", (path.name, path.read_bytes()))]
        answer = library.client.post(f"/api/projects/{library.project}/imports", files=files)
        answer.raise_for_status()
    for take in takes:
        library.until(take, "saved")
    asset = library.until(gone, "saved")["asset"]["id"]
    library.client.patch(f"/api/assets/{asset}", json={"trashed": True}).raise_for_status()


@pytest.fixture
def new_studio(tmp_path: Path, fal: FalEmulator) -> Iterator[OpenStudio]:
    """As a newcomer finds it: empty, and without a key."""
    with open_studio(no_key(environment_for(tmp_path / "library", fal))) as opened:
        yield opened


@contextmanager
def looking(browser: Browser, studio: OpenStudio, look: Look) -> Iterator[Watched]:
    width, height = SIZES[look.size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=look.scheme,
        reduced_motion="reduce",
        forced_colors="active" if look.has_forced_colours else "none",
    )
    watched = watch(context.new_page())
    watched.page.goto(studio.way_in)
    expect(watched.page.get_by_role("heading", level=1)).to_be_attached()
    yield watched
    context.close()


# What is in sight has come, or has failed to.
PICTURES_ARE_HERE = """() => Promise.all([...document.images]
  .filter((image) => {
    const { top, bottom } = image.getBoundingClientRect();
    return !image.complete && top < innerHeight && bottom > 0;
  })
  .map((image) => new Promise((done) => { image.onload = image.onerror = done; })))"""


# What depends on the width of the window is measured when it is drawn, and drawn anew after that.
DRAWN = """() => new Promise((done) => {
  let frames = 4;
  const next = () => (frames-- > 0 ? requestAnimationFrame(next) : done());
  next();
})"""


def look_at(page: Page, screen: str, look: Look) -> None:
    assert_fits(page, screen, look)
    if IS_WHOLE:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.evaluate(PICTURES_ARE_HERE)
        page.screenshot(path=PICTURES / f"{screen}-{look}.png")
    if look in (DARK, LIGHT):
        assert_accessible(page)
    if not IS_WHOLE:
        show_as(page, LIGHT)
        assert_fits(page, screen, LIGHT)
        assert_accessible(page, rules=OF_THE_LOOK)
        show_as(page, DARK)


def show_as(page: Page, look: Look) -> None:
    width, height = SIZES[look.size]
    page.emulate_media(color_scheme=look.scheme)
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(DRAWN)


def assert_fits(page: Page, screen: str, look: Look) -> None:
    width, _ = SIZES[look.size]
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{screen} is {wide} wide where there is room for {width}"


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_screen_is_open_to_everybody(
    full_studio: OpenStudio, browser: Browser, look: Look
) -> None:
    with looking(browser, full_studio, look) as watched:
        page = watched.page
        for screen, go in SCREENS.items():
            page.goto(full_studio.url)
            page.get_by_role("article").first.wait_for()
            go(page)
            look_at(page, screen, look)
        assert not watched.said


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_is_seen_before_and_after_everything(
    new_studio: OpenStudio, browser: Browser, look: Look
) -> None:
    """The empty page without a key, a toast, the door, and the page of a studio that has gone."""
    with looking(browser, new_studio, look) as watched:
        page = watched.page
        expect(page.get_by_role("main")).to_contain_text("Nothing here yet")
        look_at(page, "empty", look)
        show = page.get_by_role("button", name="Show the form")
        if show.count():
            show.click()
        page.get_by_role("button", name="Add a key").click()
        look_at(page, "key", look)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Project", exact=True).click()
        page.get_by_role("menuitem", name="Move to the trash").click()
        expect(page.get_by_role("heading", name="Start with a project")).to_be_visible()
        look_at(page, "no-project-and-toast", look)
        page.get_by_role("button", name="Restore").click()
        page.context.clear_cookies()
        page.reload()
        expect(page.get_by_role("heading", name="This studio is locked")).to_be_visible()
        look_at(page, "locked", look)
        page.goto(new_studio.way_in)
        expect(page.get_by_role("main")).to_contain_text("Nothing here yet")
        new_studio.process.kill()
        expect(page.get_by_text("The studio does not answer.")).to_be_visible(timeout=15_000)
        look_at(page, "away", look)
