"""A person's way: type a prompt, watch it progress, see it play."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.form import choose_model
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_image

pytestmark = pytest.mark.browser

PLAYS = 15_000
SAVES = 30_000


@pytest.fixture
def studio(tmp_path: Path, fal: FalEmulator) -> Iterator[OpenStudio]:
    with open_studio(environment_for(tmp_path / "library", fal)) as opened:
        yield opened


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
    expect(card).to_be_visible(timeout=2_000)
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


def test_a_reload_and_a_second_window_lose_nothing(studio: OpenStudio, watched: Watched) -> None:
    page = watched.page
    page.goto(studio.way_in)
    second = page.context.new_page()
    second.goto(studio.url)
    choose_model(page, "LTX-2.3 Fast")
    prompt = "Two windows [fault:stuck-in-queue]"
    ask(page, prompt)
    expect(second.get_by_role("article", name=prompt)).to_be_visible()
    page.reload()
    card = page.get_by_role("article", name=prompt)
    expect(card).to_contain_text("In the queue", timeout=PLAYS)
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_contain_text("Cancelled")
    expect(second.get_by_role("article", name=prompt)).to_contain_text("Cancelled")


def test_a_refusal_of_the_provider_is_told_on_the_card(
    studio: OpenStudio, watched: Watched
) -> None:
    page = watched.page
    page.goto(studio.way_in)
    choose_model(page, "LTX-2.3 Fast")
    card = ask(page, "Refused [fault:result-422-content]")
    expect(card).to_contain_text("The provider refused the content", timeout=SAVES)


def test_an_empty_prompt_is_refused_beside_its_field(
    studio: OpenStudio, watched: Watched, fal: FalEmulator
) -> None:
    page = watched.page
    page.goto(studio.way_in)
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_text("The prompt is empty")).to_be_visible()
    assert not fal.ledger


def test_names_and_prompts_are_shown_as_text(studio: OpenStudio, watched: Watched) -> None:
    page = watched.page
    page.goto(studio.way_in)
    choose_model(page, "LTX-2.3 Fast")
    prompt = "<img src=x onerror=alert(1)> שלום 🎬"
    card = ask(page, prompt)
    expect(card).to_contain_text("<img src=x", timeout=SAVES)
    expect(card).to_contain_text("Saved", timeout=SAVES)


def test_an_uploaded_image_becomes_a_clip(
    studio: OpenStudio, watched: Watched, fal: FalEmulator, tmp_path: Path
) -> None:
    image = make_image(tmp_path / "lake.png", width=640, height=360)
    page = watched.page
    page.goto(studio.way_in)
    choose_model(page, "LTX-2.3 Fast")
    page.get_by_role("tab", name="From an image").click()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Upload").click()
    choosing.value.set_files(image)
    expect(page.get_by_role("group", name="Image").first).to_contain_text("lake.png")
    card = ask(page, "The lake wakes up")
    expect(card).to_contain_text("Saved", timeout=SAVES)
    [bought] = fal.ledger
    assert bought.endpoint == "fal-ai/ltx-2.3/image-to-video/fast"
    assert bought.payload["image_url"].startswith("data:image/png;base64,")


def test_a_studio_that_ends_and_comes_back_heals_without_a_reload(
    tmp_path: Path, fal: FalEmulator, watched: Watched
) -> None:
    environment = environment_for(tmp_path / "library", fal)
    page = watched.page
    with open_studio(environment) as studio:
        page.goto(studio.way_in)
        expect(page.get_by_role("button", name="Generate")).to_be_visible()
        port = int(studio.url.rsplit(":", 1)[1])
    expect(page.get_by_text("The studio does not answer")).to_be_visible(timeout=PLAYS)
    with open_studio(environment, port):
        expect(page.get_by_text("The studio does not answer")).to_have_count(0, timeout=PLAYS)
        choose_model(page, "LTX-2.3 Fast")
        expect(ask(page, "After the break")).to_contain_text("Saved", timeout=SAVES)
        # Chromium itself reports each connection that was cut or refused while the studio was away.
        watched.said[:] = [text for text in watched.said if "net::ERR_CONNECTION_" not in text]
        page.close()
