"""A person's way: type a prompt, watch it progress, see it play."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.form import choose_model
from tests.programs import OpenStudio, environment_for, open_studio

pytestmark = pytest.mark.browser

SAVES = 30_000


def ask(page: Page, prompt: str) -> Locator:
    """Ask for a clip; returns its card."""
    page.get_by_role("textbox", name="Prompt").fill(prompt)
    page.get_by_role("button", name="Generate").click()
    return page.get_by_role("article", name=prompt)


def play(page: Page, card: Locator) -> None:
    card.get_by_role("button", name=re.compile("^Open")).click()
    video = page.get_by_role("dialog").locator("video")
    expect(video).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text("Measured")
    video.evaluate("video => { video.muted = true; return video.play(); }")
    video.evaluate(
        """video => new Promise((resolve, reject) => {
            const look = () => video.currentTime > 0.3 ? resolve(video.currentTime)
                : video.error ? reject(new Error(video.error.message)) : setTimeout(look, 50);
            look();
        })"""
    )


def test_a_prompt_is_typed_progresses_and_plays(studio: OpenStudio, watched: Watched) -> None:
    page = watched.page
    page.goto(studio.way_in)
    assert "token" not in page.url
    choose_model(page, "LTX-2.3 Fast")
    expect(page.get_by_role("status", name="Price")).to_contain_text("$0.24")
    card = ask(page, "A heron lifts off a misty lake")
    expect(card).to_be_visible()
    expect(card).to_contain_text("Saved", timeout=SAVES)
    play(page, card)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_a_key_the_animatic_works_and_plays(tmp_path: Path, watched: Watched) -> None:
    with open_studio(environment_for(tmp_path / "library", None)) as studio:
        page = watched.page
        page.goto(studio.way_in)
        page.get_by_role("radio", name="720p").click()
        expect(page.get_by_role("status", name="Price")).to_contain_text("Free")
        card = ask(page, "Neon rain over a sleeping city")
        expect(card).to_contain_text("Saved", timeout=60_000)
        play(page, card)
        page.close()
