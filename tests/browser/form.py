"""The order form, as a person fills it."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect


def no_key(environment: Mapping[str, str]) -> dict[str, str]:
    """The same, where no key is to be found."""
    kept = {name: value for name, value in environment.items() if name != "FAL_KEY"}
    return kept | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


def choose_model(page: Page, title: str) -> None:
    """Only this one."""
    choose_models(page, title)


def choose_models(page: Page, *titles: str) -> None:
    """Only these."""
    page.get_by_role("button", name="Choose models").click()
    boxes = page.get_by_role("dialog").get_by_role("checkbox")
    for title in titles:
        page.get_by_role("checkbox", name=title, exact=True).check()
    for box in boxes.all():
        # The last one that is checked stays; so those that are wanted come first.
        if box.is_checked() and _name(box) not in titles:
            box.uncheck()
    page.keyboard.press("Escape")
    expect(boxes).to_have_count(0)


def _name(box: Locator) -> str:
    return str(box.evaluate("box => box.closest('div').querySelector('label').innerText")).strip()


def price(page: Page) -> Locator:
    return page.get_by_role("status", name="Price")


def generate_button(page: Page) -> Locator:
    return page.get_by_role("form", name="Generate").get_by_role("button", name="Generate")
