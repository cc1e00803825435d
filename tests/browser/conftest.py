"""A real Chromium. Whatever the page says on its console or its policy refuses fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.asking import Asking
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)
WATCH = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

# What is waited for comes in its own time; how quick it is, is measured elsewhere.
expect.set_options(timeout=30_000)

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# A menu stands outside the landmarks, as a dialog may: the button that opened it says what it is.
OUTSIDE = "dialog, [role=dialog], [role=alertdialog], [role=menu], [role=listbox], svg"
LOOK_FOR_BARRIERS = """async ([outside, rules]) => {
  axe.configure({ checks: [{ id: "region", options: { regionMatcher: outside } }] });
  const ending = document.getAnimations().filter(
    (animation) => Number.isFinite(animation.effect.getComputedTiming().endTime));
  const ends = ending.map((animation) => animation.finished.catch(() => null));
  await Promise.all(ends);
  const { violations } = await axe.run(document,
    { resultTypes: ["violations"], preload: false,
      ...(rules.length > 0 && { runOnly: { type: "rule", values: rules } }) });
  return violations;
}"""


def assert_accessible(page: Page, rules: Sequence[str] = ()) -> None:
    """axe finds nothing on the page as it stands: none of WCAG's rules, none of good practice.

    With ``rules`` only those are tried.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(LOOK_FOR_BARRIERS, [OUTSIDE, list(rules)])
    said = [
        f"{rule['id']}: {node['html'][:200]}\n    {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
    assert not said, "\n".join(said)


# For a module only: while Playwright runs, its event loop keeps any other from starting.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "no Chromium: scripts/prepare-chromium.sh installs one"
    # Chromium cannot put root into its sandbox.
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=[*QUIET, *as_root])
        yield launched
        launched.close()


@dataclass
class Watched:
    """A page, and everything it said that a person would see on the console."""

    page: Page
    said: list[str] = field(default_factory=list)


def watch(page: Page) -> Watched:
    watched = Watched(page)
    page.add_init_script(WATCH)
    page.on("console", lambda message: watched.said.append(message.text))
    page.on("pageerror", lambda error: watched.said.append(str(error)))
    return watched


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    watched = watch(context.new_page())
    yield watched
    context.close()
    assert not watched.said


@pytest.fixture
def fal(fal: FalEmulator) -> FalEmulator:
    """With clips that are long enough to be watched."""
    fal.settings.clip_seconds = 3
    return fal


@pytest.fixture
def studio(tmp_path: Path, fal: FalEmulator) -> Iterator[OpenStudio]:
    with open_studio(environment_for(tmp_path / "library", fal)) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_studio(
    tmp_path_factory: pytest.TempPathFactory, running_emulator: FalEmulator
) -> Iterator[OpenStudio]:
    """One for all tests of a module: for those that change nothing but a project of their own.

    What they order they see end, because the emulator is as new for the next.
    """
    home = tmp_path_factory.mktemp("shared") / "library"
    with open_studio(environment_for(home, running_emulator)) as opened:
        yield opened


@pytest.fixture
def own_project(shared_studio: OpenStudio) -> str:
    """A new project, as its id."""
    return Asking(shared_studio).make_project("A new project")


@pytest.fixture
def page(shared_studio: OpenStudio, own_project: str, watched: Watched) -> Page:
    """At that project."""
    page = watched.page
    page.request.get(shared_studio.way_in)
    page.goto(f"{shared_studio.url}/?project={own_project}")
    expect(page.get_by_role("heading", level=1)).to_have_text("A new project")
    return page
