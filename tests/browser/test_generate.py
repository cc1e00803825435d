"""The order form in a real browser: several models and takes, the price, the key, one order."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watched, assert_accessible
from tests.browser.form import choose_model, choose_models, generate_button, no_key, price
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.programs import environment_for, open_studio, rushes
from tests.sample_media import make_image

pytestmark = pytest.mark.browser

SAVES = 30_000
ORDERS = re.compile(r"/api/projects/[^/]+/generations$")


def prompt(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Prompt").fill(text)


def told(page: Page, words: str) -> None:
    form = page.get_by_role("form", name="Generate")
    expect(form.get_by_text(words)).to_be_visible(timeout=SAVES)


def forgive(watched: Watched, *words: str) -> None:
    """Chromium itself reports each answer that failed; a test that has it fail expects that."""
    watched.said[:] = [text for text in watched.said if not any(word in text for word in words)]


def first_order(page: Page, handle: Callable[[Route], object]) -> None:
    """What happens to the first order.

    Playwright's own ``times`` ends the interception; a request that it holds then hangs for ever.
    """
    handlers = iter([handle])

    def answer(route: Route) -> None:
        next(handlers, Route.continue_)(route)

    page.route(ORDERS, answer)


def quiet(page: Page) -> None:
    """Let whatever was pressed have its effect: the form takes another order again."""
    expect(generate_button(page)).to_be_enabled()
    expect(generate_button(page)).to_have_attribute("aria-busy", "false")


def test_several_models_show_their_prices_what_is_fitted_and_what_only_some_take(
    page: Page, fal: FalEmulator
) -> None:
    choose_models(page, "LTX-2.5 Pro", "LTX-2.3 Fast")
    page.get_by_label("Duration").select_option(label="20 s")
    page.get_by_role("button", name="One take more").click()
    models = page.get_by_role("group", name="Models")
    expect(models).to_contain_text("$3.40")
    expect(models).to_contain_text("$1.60")
    expect(models).to_contain_text("Duration 10 s instead of 20 s.")
    expect(price(page)).to_have_text("$5.00")
    own = page.get_by_role("group", name="Only LTX-2.5 Pro")
    own.get_by_label("Camera motion").select_option(label="Dolly in")
    assert_accessible(page)
    # What no chosen model can do beside the others is closed, and says why.
    expect(page.get_by_role("radio", name="2160p")).to_be_disabled()
    expect(page.get_by_role("group", name="Resolution")).to_contain_text("over 10 s")
    prompt(page, "A heron lifts off")
    expect(generate_button(page)).to_have_text("Generate 4 takes")
    generate_button(page).click()
    told(page, "Asked for 4 takes.")
    expect(page.get_by_role("article", name="A heron lifts off")).to_have_count(4)
    expect(page.get_by_role("article").filter(has_text="Saved")).to_have_count(4, timeout=SAVES)
    sent = sorted((one.payload["duration"], one.payload.get("camera_motion")) for one in fal.ledger)
    assert sent == [(10, "dolly_in"), (10, "dolly_in"), (20, None), (20, None)]


def test_one_press_is_one_order_however_it_is_pressed(page: Page, fal: FalEmulator) -> None:
    choose_model(page, "LTX-2.3 Fast")
    prompt(page, "Pressed twice")
    generate_button(page).dblclick()
    told(page, "Asked for 1 take.")
    quiet(page)
    prompt(page, "A key is held down")
    page.keyboard.down("Control")
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.keyboard.up("Control")
    told(page, "Asked for 1 take.")
    quiet(page)
    prompt(page, "The button is held down")
    generate_button(page).focus()
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    told(page, "Asked for 1 take.")
    quiet(page)
    page.evaluate(
        """() => { const button = document.querySelector('form button[type=submit]');
                   button.click(); button.click(); button.form.requestSubmit(); }"""
    )
    told(page, "Asked for 1 take.")
    expect(page.get_by_role("article").filter(has_text="Saved")).to_have_count(4, timeout=SAVES)
    assert len(fal.ledger) == 4


def test_an_order_whose_answer_is_lost_is_found_again_and_bought_once(
    page: Page, watched: Watched, fal: FalEmulator
) -> None:
    choose_model(page, "LTX-2.3 Fast")
    page.get_by_role("button", name="One take more").click()
    prompt(page, "The answer is lost")

    def lose(route: Route) -> None:
        route.fetch()  # the studio has it, and answers
        route.abort("connectionreset")

    first_order(page, lose)
    generate_button(page).click()
    told(page, "Your last order had arrived: 2 takes, in the library.")
    expect(page.get_by_role("article", name="The answer is lost")).to_have_count(2)
    expect(page.get_by_role("article").filter(has_text="Saved")).to_have_count(2, timeout=SAVES)
    assert len(fal.ledger) == 2
    forgive(watched, "net::ERR_CONNECTION_RESET")


def test_pressing_again_while_nobody_knows_orders_nothing_twice(
    page: Page, watched: Watched, fal: FalEmulator
) -> None:
    choose_model(page, "LTX-2.3 Fast")
    prompt(page, "Pressed again")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    # Neither the answer to the order comes, nor that to the question about it.
    first_order(page, lose)
    page.route("**/api/orders/**", lambda route: route.abort("connectionreset"))
    generate_button(page).click()
    told(page, "The studio does not answer")
    generate_button(page).click()
    told(page, "This order had arrived before: 1 take. Nothing was ordered again.")
    expect(page.get_by_role("article").filter(has_text="Saved")).to_have_count(1, timeout=SAVES)
    assert len(fal.ledger) == 1
    forgive(watched, "net::ERR_CONNECTION_RESET")


def test_an_order_that_never_left_says_so_and_can_be_given_again(
    page: Page, watched: Watched, fal: FalEmulator
) -> None:
    choose_model(page, "LTX-2.3 Fast")
    prompt(page, "Never left")
    first_order(page, lambda route: route.abort("connectionreset"))
    generate_button(page).click()
    told(page, "Your last order did not arrive. Nothing was ordered.")
    generate_button(page).click()
    told(page, "Asked for 1 take.")
    expect(page.get_by_role("article").filter(has_text="Saved")).to_have_count(1, timeout=SAVES)
    assert len(fal.ledger) == 1
    forgive(watched, "net::ERR_CONNECTION_RESET", "404")


def test_a_reload_while_the_answer_is_out_tells_what_became_of_the_order(
    page: Page, fal: FalEmulator
) -> None:
    choose_model(page, "LTX-2.3 Fast")
    prompt(page, "Reloaded")
    first_order(page, lambda route: route.fetch() and None)  # and never answered
    with page.expect_request(ORDERS):
        generate_button(page).click()
    expect(page.get_by_role("article", name="Reloaded")).to_be_visible()
    page.reload()
    told(page, "Your last order had arrived: 1 take, in the library.")
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("Reloaded")
    expect(page.get_by_role("article").filter(has_text="Saved")).to_have_count(1, timeout=SAVES)
    assert len(fal.ledger) == 1


def test_without_a_key_the_animatic_is_chosen_and_a_key_opens_the_others_at_once(
    tmp_path: Path, watched: Watched, fal: FalEmulator
) -> None:
    environment = no_key(environment_for(tmp_path / "library", fal))
    page = watched.page
    with open_studio(environment) as studio:
        page.goto(studio.way_in)
        expect(page.get_by_role("group", name="Model")).to_contain_text("Animatic")
        expect(price(page)).to_have_text("Free")
        expect(generate_button(page)).to_be_enabled()
        page.get_by_role("button", name="Choose models").click()
        expect(page.get_by_role("checkbox", name="LTX-2.3 Fast", exact=True)).to_be_disabled()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Add a key").click()
        hint = page.get_by_role("dialog")
        expect(hint.get_by_text("rushes key")).to_be_visible()
        assert_accessible(page)
        given = rushes("key", environment=environment, given=fal.key)
        assert given.returncode == 0, given.stderr
        expect(hint).to_contain_text("The key is there. The models are open.")
        assert fal.key not in page.content()
        hint.get_by_role("button", name="Choose models").click()
        page.get_by_role("checkbox", name="LTX-2.3 Fast", exact=True).check()
        page.get_by_role("checkbox", name="Animatic", exact=True).uncheck()
        page.keyboard.press("Escape")
        prompt(page, "With a new key")
        generate_button(page).click()
        expect(page.get_by_role("article").filter(has_text="Saved")).to_be_visible(timeout=SAVES)
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert fal.key not in kept
        page.close()


def test_a_full_disk_is_told_with_its_figures_and_can_be_overridden_in_a_second_step(
    tmp_path: Path, watched: Watched, fal: FalEmulator
) -> None:
    page = watched.page
    with small_disk(tmp_path / "disk", "64m") as disk:
        environment = environment_for(disk / "library", fal)
        environment["RUSHES_SPOOL"] = str(tmp_path / "spool")
        with open_studio(environment) as studio:
            page.goto(studio.way_in)
            choose_model(page, "LTX-2.3 Fast")
            prompt(page, "Too large")
            generate_button(page).click()
            form = page.get_by_role("form", name="Generate")
            expect(form).to_contain_text("are free at")
            assert_accessible(page)
            assert not fal.ledger
            form.get_by_role("button", name="Order anyway · $0.24").click()
            told(page, "Asked for 1 take.")
            expect(page.get_by_role("article", name="Too large")).to_be_visible()
            expect(form.get_by_role("button", name="Order anyway")).to_have_count(0)
            expect(page.get_by_role("article").filter(has_text="aved")).to_be_visible(timeout=SAVES)
            page.close()
    assert len(fal.ledger) == 1
    forgive(watched, "507")


def test_each_tab_keeps_what_was_typed_and_all_is_there_after_a_reload(page: Page) -> None:
    choose_models(page, "Animatic", "LTX-2.5 Fast")
    page.get_by_role("radio", name="720p").click()
    page.get_by_role("button", name="One take more").click()
    prompt(page, "From words")
    page.get_by_role("tab", name="From an image").click()
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("")
    prompt(page, "From a picture")
    page.reload()
    expect(page.get_by_role("tab", name="From an image")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("From a picture")
    page.get_by_role("tab", name="From text").click()
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("From words")
    expect(page.get_by_role("radio", name="720p")).to_be_checked()
    expect(page.get_by_label("Number of takes")).to_have_text("2")
    expect(page.get_by_role("group", name="Models")).to_contain_text("LTX-2.5 Fast")


def test_looking_at_another_take_leaves_the_form_as_it_is(page: Page) -> None:
    choose_model(page, "LTX-2.3 Fast")
    page.get_by_role("radio", name="1440p").click()
    prompt(page, "The first")
    generate_button(page).click()
    card = page.get_by_role("article", name="The first")
    expect(card).to_contain_text("Saved", timeout=SAVES)
    prompt(page, "What I am writing now")
    page.get_by_role("radio", name="2160p").click()
    card.get_by_role("button", name=re.compile("^Open")).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("What I am writing now")
    expect(page.get_by_role("radio", name="2160p")).to_be_checked()


HAND_OVER = """(form, [event, data, name, type]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const target = form.querySelector(event === 'drop' ? 'fieldset' : 'textarea');
  const options = { bubbles: true, cancelable: true };
  target.dispatchEvent(event === 'drop'
    ? new DragEvent('drop', { ...options, dataTransfer: transfer })
    : new ClipboardEvent('paste', { ...options, clipboardData: transfer }));
}"""


def test_an_image_is_dropped_pasted_or_uploaded_and_becomes_a_clip(
    page: Page, fal: FalEmulator, tmp_path: Path
) -> None:
    """One after the other, and the one that is left is sent."""
    choose_model(page, "LTX-2.3 Fast")
    page.get_by_role("tab", name="From an image").click()
    form = page.get_by_role("form", name="Generate")
    image = form.get_by_role("group", name="Image").first
    for event in ("drop", "paste"):
        file = make_image(tmp_path / f"{event}.png", width=320, height=180)
        data = base64.b64encode(file.read_bytes()).decode()
        form.evaluate(HAND_OVER, [event, data, file.name, "image/png"])
        expect(image).to_contain_text(file.name)
        image.get_by_role("button", name="Remove").click()
        expect(image).not_to_contain_text(file.name)
    lake = make_image(tmp_path / "lake.png", width=640, height=360)
    with page.expect_file_chooser() as choosing:
        form.get_by_role("button", name="Upload").click()
    choosing.value.set_files(lake)
    expect(image).to_contain_text("lake.png")
    prompt(page, "The lake wakes up")
    generate_button(page).click()
    card = page.get_by_role("article", name="The lake wakes up")
    expect(card).to_contain_text("Saved", timeout=SAVES)
    [bought] = fal.ledger
    assert bought.endpoint == "fal-ai/ltx-2.3/image-to-video/fast"
    sent = "data:image/png;base64," + base64.b64encode(lake.read_bytes()).decode()
    assert bought.payload["image_url"] == sent


def test_a_dropped_file_that_is_no_image_is_refused_and_an_image_of_the_project_can_be_chosen(
    page: Page, tmp_path: Path
) -> None:
    image = make_image(tmp_path / "lake.png", width=640, height=360)
    page.get_by_role("tab", name="From an image").click()
    form = page.get_by_role("form", name="Generate")
    form.evaluate(HAND_OVER, ["drop", base64.b64encode(b"hello").decode(), "a.txt", "text/plain"])
    expect(form).to_contain_text("This is not an image that can be used.")
    generate_button(page).click()
    expect(form).to_contain_text("No image is chosen.")
    assert_accessible(page)
    with page.expect_file_chooser() as choosing:
        form.get_by_role("button", name="Upload").click()
    choosing.value.set_files(image)
    expect(form).to_contain_text("lake.png")
    form.get_by_role("button", name="Remove").click()
    form.get_by_role("button", name="Choose from the project").click()
    page.get_by_role("dialog").get_by_role("button", name="lake.png").click()
    expect(form).to_contain_text("lake.png")


def test_a_prompt_near_its_limit_is_counted(page: Page) -> None:
    prompt(page, "🎬" * 100)
    expect(page.get_by_text("of 5,000 characters")).to_be_hidden()
    prompt(page, "🎬" * 4500)
    expect(page.get_by_text("4,500 of 5,000 characters")).to_be_visible()
    prompt(page, "🎬" * 5001)
    expect(page.get_by_text("5,001 of 5,000 characters: 1 too many")).to_be_visible()
    generate_button(page).click()
    expect(page.get_by_text("The prompt is too long for this model.")).to_be_visible()
    assert_accessible(page)


def test_an_empty_prompt_is_refused_beside_its_field(page: Page, fal: FalEmulator) -> None:
    generate_button(page).click()
    expect(page.get_by_text("The prompt is empty")).to_be_visible()
    assert not fal.ledger
