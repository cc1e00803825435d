"""Looking at takes and judging them: by keys alone, one beside the other, and going on from one."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import assert_accessible
from tests.browser.every_state import eventually
from tests.browser.form import choose_model, generate_button
from tests.emulator import FalEmulator
from tests.emulator.clips import number_in
from tests.programs import OpenStudio
from tests.sample_media import make_numbered_clip

pytestmark = pytest.mark.browser

SOON = 20_000
SAVES = 40_000

READ_NUMBERS = """videos => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [96, 54];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return videos.map((video) => {
    context.drawImage(video, 0, 0, 96, 54);
    const row = context.getImageData(0, 3, 96, 1).data;
    let number = 0;
    for (let bit = 0; bit < 12; bit += 1)
      if (row[4 * Math.floor(((2 * bit + 1) * 96) / 24)] > 127) number |= 1 << bit;
    return number;
  });
}"""
STAND_STILL = """videos => Promise.all(videos.map((video) => new Promise((resolve) => {
  const look = () => video.paused && !video.seeking && video.readyState >= 2
    ? requestAnimationFrame(() => requestAnimationFrame(resolve)) : requestAnimationFrame(look);
  look();
})))"""
PLAY_UNTIL = """(videos, moment) => new Promise((resolve) => {
  const look = () => videos[0].currentTime >= moment ? resolve() : requestAnimationFrame(look);
  look();
})"""


@dataclass(frozen=True)
class Library:
    """An open studio, asked over HTTP as another window would."""

    studio: OpenStudio
    http: httpx.Client
    project: str

    def bring(self, path: Path) -> str:
        files = [("files", (path.name, path.read_bytes()))]
        answer = self.http.post(f"/api/projects/{self.project}/imports", files=files)
        return str(answer.json()["assets"][0]["id"])

    def asset(self, asset_id: str) -> dict:
        return dict(self.http.get(f"/api/assets/{asset_id}").json())

    def keeps(self, ids: Sequence[str], verdicts: Sequence[tuple[int, str | None]]) -> None:
        """The page shows what is said of them before the studio has it: so in the end."""
        eventually(
            lambda: [(one["rating"], one["flag"]) for one in map(self.asset, ids)],
            lambda kept: kept == list(verdicts),
            what=f"kept as {verdicts}",
        )

    def keeps_in_trash(self, asset_id: str, *, is_in: bool = True) -> None:
        eventually(
            lambda: self.asset(asset_id)["trashed_at"],
            lambda at: (at is not None) is is_in,
            what=f"in the trash: {is_in}",
        )

    def say(self, asset_id: str, **verdict: object) -> None:
        assert self.http.patch(f"/api/assets/{asset_id}", json=verdict).status_code == 200

    def address(self, query: str) -> str:
        return f"{self.studio.url}/?project={self.project}&{query}"


@pytest.fixture
def library(shared_studio: OpenStudio, own_project: str, fal: FalEmulator) -> Iterator[Library]:
    bearer = {"Authorization": f"Bearer {shared_studio.token}"}
    with httpx.Client(base_url=shared_studio.url, headers=bearer, timeout=60) as http:
        yield Library(shared_studio, http, own_project)


@pytest.fixture
def page(page: Page) -> Page:
    page.set_default_timeout(SOON)
    return page


def clips(page: Page, library: Library, folder: Path, count: int, **made: object) -> list[str]:
    """The ids of so many clips, the one imported last first: as the library lists them."""
    ids = []
    for number in range(count):
        path = folder / f"take-{number}.mp4"
        ids.append(library.bring(make_numbered_clip(path, **{"frames": 50, **made})))
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(count), timeout=SOON)
    return ids[::-1]


def numbers(dialog: Locator) -> list[int]:
    """The frame that each clip shows, read from its pixels."""
    found: list[int] = dialog.locator("video").evaluate_all(READ_NUMBERS)
    return found


def still(dialog: Locator) -> list[int]:
    dialog.locator("video").evaluate_all(STAND_STILL)
    return numbers(dialog)


def stands_at(dialog: Locator, frames: list[int]) -> None:
    """In the end: a seek may not have begun yet, or its picture be on its way to the screen."""
    eventually(lambda: still(dialog), lambda shown: shown == frames, what=f"at {frames}")


def shown_frame(dialog: Locator) -> int:
    return int(dialog.locator("[data-frame]").get_attribute("data-frame") or "-1")


def viewer(page: Page) -> Locator:
    """The open card; a toast is a dialog, too."""
    return page.get_by_role("dialog").filter(has=page.locator("[data-stage]"))


def open_first_by_keys(page: Page) -> Locator:
    page.locator("[data-main]").first.focus()
    page.keyboard.press("Enter")
    dialog = viewer(page)
    expect(dialog.locator("video")).to_be_visible()
    return dialog


def test_ten_takes_are_judged_by_keys_alone_and_the_next_comes_by_itself(
    library: Library, page: Page, tmp_path: Path
) -> None:
    ids = clips(page, library, tmp_path, 10)
    dialog = open_first_by_keys(page)
    expect(dialog).to_contain_text("1 of 10")
    page.keyboard.press("KeyA")
    expect(dialog.get_by_role("checkbox", name="Go on by itself")).to_be_checked()
    keys = ["5", "p", "x", "3", "u", "1", "p", "4", "x", "2"]
    for place, key in enumerate(keys):
        expect(dialog).to_contain_text(f"{place + 1} of 10")
        page.keyboard.press(f"Digit{key}" if key.isdigit() else f"Key{key.upper()}")
    expect(page.get_by_role("status").filter(has_text="That was the last one.")).to_have_count(1)
    verdicts = [
        (5, None),
        (0, "pick"),
        (0, "reject"),
        (3, None),
        (0, None),
        (1, None),
        (0, "pick"),
        (4, None),
        (0, "reject"),
        (2, None),
    ]
    library.keeps(ids, verdicts)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    # Where it was left, not where it began.
    expect(page.locator('[data-place="9"] [data-main]')).to_be_focused()


def test_in_the_library_the_keys_judge_the_card_that_has_the_focus(
    library: Library, page: Page, tmp_path: Path
) -> None:
    ids = clips(page, library, tmp_path, 2)
    page.locator("[data-main]").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Digit4")
    page.keyboard.press("KeyP")
    card = page.locator('[data-place="1"]')
    expect(card).to_contain_text("Picked.")
    expect(card).to_contain_text("4 stars.")
    library.keeps(ids, [(0, None), (4, "pick")])


def test_rating_and_flag_are_apart_and_the_same_again_takes_it_off(
    library: Library, page: Page, tmp_path: Path
) -> None:
    [asset_id] = clips(page, library, tmp_path, 1)
    dialog = open_first_by_keys(page)
    page.keyboard.press("Digit4")
    page.keyboard.press("KeyX")
    stars = dialog.get_by_role("group", name="Rating")
    expect(stars.get_by_role("button", name="4 stars")).to_have_attribute("aria-pressed", "true")
    reject = dialog.get_by_role("button", name="Reject")
    expect(reject).to_have_attribute("aria-pressed", "true")
    stars.get_by_role("button", name="4 stars").click()
    reject.click()
    expect(reject).to_have_attribute("aria-pressed", "false")
    expect(stars).to_have_attribute("data-rating", "0")
    # A click leaves the keys where they were: Space plays, and does not press the button again.
    page.keyboard.press("Digit2")
    expect(stars).to_have_attribute("data-rating", "2")
    library.keeps([asset_id], [(2, None)])


def test_a_clip_is_stepped_through_frame_by_frame(
    library: Library, page: Page, tmp_path: Path
) -> None:
    clips(page, library, tmp_path, 1, rate=24, options={"bf": "3", "g": "250"})
    dialog = open_first_by_keys(page)
    dialog.locator("video").evaluate("video => video.pause()")
    slider = dialog.get_by_role("slider", name="Position")
    slider.fill("10")
    stands_at(dialog, [10])
    dialog.locator("[data-stage]").focus()
    for key, frame in (("Period", 11), ("Period", 12), ("Comma", 11)):
        page.keyboard.press(key)
        stands_at(dialog, [frame])
        expect(dialog.locator("[data-frame]")).to_have_attribute("data-frame", str(frame))
    expect(slider).to_have_attribute("aria-valuetext", "00:00:00:11, frame 11 of 50")
    slider.fill("49")
    stands_at(dialog, [49])
    page.keyboard.press("Space")
    expect(dialog.get_by_role("button", name="Pause")).to_be_visible()


def test_a_reload_keeps_the_card_open_and_back_closes_it(
    library: Library, page: Page, tmp_path: Path
) -> None:
    ids = clips(page, library, tmp_path, 3)
    dialog = open_first_by_keys(page)
    page.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("2 of 3")
    page.reload()
    expect(dialog).to_contain_text("2 of 3")
    expect(page).to_have_url(re.compile(ids[1]))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator('[data-place="1"] [data-main]')).to_be_focused()
    page.go_back()
    expect(dialog).to_be_visible()


def test_what_another_window_says_is_seen_and_what_is_noted_is_kept(
    library: Library, page: Page, tmp_path: Path
) -> None:
    [asset_id] = clips(page, library, tmp_path, 1)
    dialog = open_first_by_keys(page)
    library.say(asset_id, rating=3, flag="reject", notes="Not this one.")
    expect(dialog.get_by_role("group", name="Rating")).to_have_attribute("data-rating", "3")
    notes = dialog.get_by_role("textbox", name="Notes")
    expect(notes).to_have_value("Not this one.")
    notes.fill("px 5 after all: letters here are no commands")
    page.keyboard.press("Tab")
    expect(page.get_by_role("status").filter(has_text="Notes kept.")).to_have_count(1)
    page.reload()
    expect(notes).to_have_value("px 5 after all: letters here are no commands")
    kept = library.asset(asset_id)
    assert (kept["rating"], kept["flag"]) == (3, "reject")


def test_all_that_is_known_of_a_take_is_there_and_nobody_is_kept_out(
    library: Library, page: Page, fal: FalEmulator
) -> None:
    fal.settings.clip_seconds = 3
    card = ordered(library, page, "A heron lifts off <img src=x onerror=alert(1)>")
    page.goto(library.address(f"card={card['id']}"))
    dialog = viewer(page)
    expect(dialog).to_contain_text("A heron lifts off <img src=x onerror=alert(1)>")
    for said in ("LTX-2.3 Fast", "320", "Estimated", "$0.24", "Actual cost", "$0.12"):
        expect(dialog).to_contain_text(said)
    generation, asset = card["generation"], card["asset"]
    for said in (generation["request_id"], asset["media"]["url"], asset["media"]["sha256"]):
        expect(dialog).to_contain_text(said)
    expect(dialog).to_contain_text(str(Path(asset["media"]["path"]).name))
    steps = dialog.get_by_role("table", name="Steps").get_by_role("row")
    expect(steps.filter(has_text="delivered")).to_have_count(1)
    expect(steps.filter(has_text="saved")).to_have_count(1)
    expect(dialog.get_by_role("button", name="Another take · $0.24")).to_be_enabled()
    assert_accessible(page)


def test_the_trash_takes_a_card_and_gives_it_back(
    library: Library, page: Page, tmp_path: Path
) -> None:
    ids = clips(page, library, tmp_path, 2)
    dialog = open_first_by_keys(page)
    page.keyboard.press("Delete")
    expect(dialog).to_contain_text("take-0")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    library.keeps_in_trash(ids[0])
    undo.click()
    expect(page.get_by_text("Restored")).to_be_visible()
    library.keeps_in_trash(ids[0], is_in=False)


def ordered(library: Library, page: Page, prompt: str) -> dict:
    """A take that is saved, as the library lists it."""
    order = {"prompt": prompt, "models": ["ltx-2.3-fast"]}
    address = f"/api/projects/{library.project}/generations"
    [started] = library.http.post(address, json=order).json()["generations"]
    page.goto(library.address(""))
    card = page.get_by_role("article").filter(has_text=prompt)
    expect(card).to_contain_text("Saved", timeout=SAVES)
    return dict(library.http.get(f"/api/library/{started['id']}").json())


def test_continuing_from_the_last_frame_orders_with_exactly_that_picture(
    library: Library, page: Page, fal: FalEmulator
) -> None:
    fal.settings.clip_seconds = 2
    card = ordered(library, page, "A heron lifts off")
    page.goto(library.address(f"card={card['id']}"))
    dialog = viewer(page)
    expect(dialog.locator("video")).to_be_visible()
    page.keyboard.press("KeyF")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("The frame is in the form")).to_be_visible()
    expect(page.get_by_role("tab", name="Image")).to_have_attribute("aria-selected", "true")
    choose_model(page, "LTX-2.3 Fast")
    generate_button(page).click()
    [_, entry] = eventually(
        lambda: list(fal.ledger), lambda orders: len(orders) == 2, what="ordered"
    )
    assert "image-to-video" in entry.endpoint
    sent = base64.b64decode(str(entry.payload["image_url"]).partition(",")[2])
    frames = card["asset"]["frames"]
    assert number_in(np.asarray(Image.open(io.BytesIO(sent)).convert("L"))) == frames - 1
    images = {"project": library.project, "kind": "image"}
    listed = library.http.get("/api/library", params=images).json()["items"]
    [picture] = [item["asset"] for item in listed]
    assert picture["origin"] == {
        "type": "frame",
        "asset_id": card["asset"]["id"],
        "number": frames - 1,
    }
    assert library.http.get(f"/media/{picture['id']}").content == sent


def test_another_take_costs_what_its_button_says_and_stands_beside_the_first(
    library: Library, page: Page, fal: FalEmulator
) -> None:
    card = ordered(library, page, "A heron lifts off")
    page.goto(library.address(f"card={card['id']}"))
    dialog = viewer(page)
    expect(dialog.get_by_role("button", name="Another take · $0.24")).to_be_enabled()
    page.keyboard.press("KeyT")
    takes = dialog.get_by_role("region", name="Takes of this shot").get_by_role("listitem")
    expect(takes).to_have_count(2)
    expect(takes.nth(1).locator("img")).to_be_visible(timeout=SAVES)
    page.keyboard.press("ArrowDown")
    expect(takes.nth(1).get_by_role("button")).to_have_attribute("aria-current", "true")
    assert [entry.payload["prompt"] for entry in fal.ledger] == ["A heron lifts off"] * 2
    page.keyboard.press("KeyC")
    expect(page.get_by_role("dialog", name="Compare takes").locator("video")).to_have_count(2)


def test_keys_that_were_changed_move_open_and_close_and_where_one_is_is_said(
    library: Library, page: Page, tmp_path: Path
) -> None:
    clips(page, library, tmp_path, 3)
    keys = {"view.next": ["KeyJ"], "view.open": ["KeyO"], "view.close": ["KeyQ"]}
    kept = json.dumps({"keys": keys, "areCharactersOff": False})
    page.evaluate("kept => localStorage.setItem('rushes.shortcuts', kept)", kept)
    page.reload()

    def said(words: re.Pattern[str]) -> None:
        expect(page.get_by_role("status").filter(has_text=words)).to_have_count(1)

    page.locator("[data-main]").first.focus()
    page.keyboard.press("KeyJ")
    expect(page.locator('[data-place="1"] [data-main]')).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("KeyO")
    dialog = viewer(page)
    expect(dialog).to_contain_text("2 of 3")
    page.keyboard.press("KeyJ")
    expect(dialog).to_contain_text("3 of 3")
    said(re.compile(r"take-0.*, 3 of 3"))
    page.keyboard.press("KeyQ")
    expect(dialog).to_be_hidden()
    expect(page.locator('[data-place="2"] [data-main]')).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_role("region", name="Selection")).to_contain_text("2 selected")
    page.keyboard.press("KeyC")
    side_by_side = page.get_by_role("dialog", name="Compare takes")
    expect(side_by_side.locator("video")).to_have_count(2)
    page.keyboard.press("KeyJ")
    expect(side_by_side.get_by_role("article").nth(1)).to_have_attribute("aria-current", "true")
    said(re.compile(r"take-.*, 2 of 2"))
    page.keyboard.press("KeyQ")
    expect(side_by_side).to_be_hidden()
    page.keyboard.press("KeyQ")
    expect(page.get_by_role("region", name="Selection")).to_have_count(0)


# --- side by side ---------------------------------------------------------------------------------


def comparing(page: Page, library: Library, ids: list[str]) -> Locator:
    page.goto(library.address(f"compare={','.join(ids)}"))
    dialog = page.get_by_role("dialog", name="Compare takes")
    expect(dialog.locator("video")).to_have_count(len(ids))
    expect(dialog.get_by_role("slider", name="Position")).to_be_visible()
    return dialog


@pytest.mark.parametrize("count", [2, 4])
def test_takes_side_by_side_stand_on_the_same_frame_however_they_got_there(
    library: Library, page: Page, tmp_path: Path, count: int
) -> None:
    ids = clips(page, library, tmp_path, count, options={"bf": "3", "g": "250"}, audio=True)
    dialog = comparing(page, library, ids)
    stands_at(dialog, [0] * count)
    page.keyboard.press("Period")
    page.keyboard.press("Period")
    stands_at(dialog, [2] * count)
    dialog.get_by_role("slider", name="Position").fill("31")
    stands_at(dialog, [31] * count)
    page.keyboard.press("Comma")
    stands_at(dialog, [30] * count)
    dialog.get_by_role("slider", name="Position").fill("0")
    dialog.locator("[data-stage]").focus()
    page.keyboard.press("Space")
    dialog.locator("video").evaluate_all(PLAY_UNTIL, 0.6)
    page.keyboard.press("Space")
    still(dialog)
    paused = shown_frame(dialog)
    assert paused > 10
    stands_at(dialog, [paused] * count)


def test_takes_of_other_rates_and_lengths_are_in_step_by_time_and_that_is_said(
    library: Library, page: Page, tmp_path: Path
) -> None:
    film = library.bring(make_numbered_clip(tmp_path / "film.mp4", frames=48, rate=24))
    fast = library.bring(make_numbered_clip(tmp_path / "fast.mp4", frames=150, rate=50))
    dialog = comparing(page, library, [film, fast])
    expect(dialog).to_contain_text("different rates")
    expect(dialog).to_contain_text("different lengths")
    slider = dialog.get_by_role("slider", name="Position")
    for frame, at_film in ((75, 36), (149, 47)):
        slider.fill(str(frame))
        stands_at(dialog, [at_film, frame])


def test_one_is_promoted_over_the_others_and_that_can_be_undone(
    library: Library, page: Page, tmp_path: Path
) -> None:
    ids = clips(page, library, tmp_path, 3)
    library.say(ids[0], flag="reject")
    dialog = comparing(page, library, ids)
    dialog.get_by_role("article").nth(1).get_by_role("button", name="Pick only this").click()
    picks = dialog.get_by_role("button", name="Pick", exact=True)
    expect(picks.nth(1)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Undo").click()
    expect(picks.nth(1)).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Digit5")
    first = dialog.get_by_role("group", name="Rating").first
    expect(first).to_have_attribute("data-rating", "5")
    library.keeps(ids, [(5, "reject"), (0, None), (0, None)])


def test_one_side_is_heard_and_nobody_is_kept_out(
    library: Library, page: Page, tmp_path: Path
) -> None:
    dialog = comparing(page, library, clips(page, library, tmp_path, 2, audio=True))
    videos = dialog.locator("video")

    def are_muted(*wanted: bool) -> None:
        eventually(
            lambda: videos.evaluate_all("videos => videos.map((video) => video.muted)"),
            lambda muted: muted == list(wanted),
            what=f"muted: {wanted}",
        )

    are_muted(False, True)
    dialog.get_by_role("article").nth(1).get_by_role("button", name="Hear").click()
    expect(dialog.get_by_role("article").nth(1)).to_have_attribute("aria-current", "true")
    are_muted(True, False)
    assert videos.first.evaluate("video => video.volume") < 0.5
    assert_accessible(page)
