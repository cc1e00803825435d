"""What a person does in the library, and what comes of it: each by its real cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.every_state import Library, eventually, open_library
from tests.browser.linked import until
from tests.emulator import FalEmulator
from tests.sample_media import make_clip, make_image

pytestmark = pytest.mark.browser

LONG = 30_000
REFUSED = re.compile("the server responded with a status of (409|422|502)")


@pytest.fixture
def library(tmp_path: Path, fal: FalEmulator) -> Iterator[Library]:
    with open_library(tmp_path, fal) as opened:
        yield opened


@pytest.fixture
def page(library: Library, watched: Watched) -> Iterator[Page]:
    watched.page.goto(library.studio.way_in)
    yield watched.page
    # Before the studio ends: it would be missed on the console.
    watched.page.close()
    # Chromium itself reports an answer that refuses, which some of these tests ask for.
    watched.said[:] = [text for text in watched.said if not REFUSED.search(text)]


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=re.compile("^" + re.escape(name)))


def toast(page: Page, text: str) -> Locator:
    return page.get_by_role("dialog").filter(has_text=text)


def test_what_could_not_be_saved_is_retried_one_by_one_and_all_at_once(
    library: Library, page: Page
) -> None:
    library.fill_disk()
    for name in ("First", "Second", "Third"):
        library.until(library.ask(name), "unsaved")
    expect(page.get_by_text("3 unsaved.", exact=True)).to_be_visible()
    card(page, "First").get_by_role("button", name="Retry").click()
    expect(toast(page, "It is still not saved.")).to_contain_text("The disk")
    library.filler.unlink()
    card(page, "First").get_by_role("button", name="Retry").click()
    expect(card(page, "First")).to_contain_text("Saved", timeout=LONG)
    page.get_by_role("button", name="Retry all").click()
    expect(page.get_by_role("button", name="Retry all")).to_have_count(0, timeout=LONG)
    for name in ("Second", "Third"):
        expect(card(page, name)).to_contain_text("Saved")


def test_what_only_memory_holds_plays_and_is_saved_from_there(
    tmp_path: Path, fal: FalEmulator, watched: Watched
) -> None:
    (tmp_path / "library-spool").write_text("a file in the place of the folder")
    page = watched.page
    with open_library(tmp_path, fal) as library:
        page.goto(library.studio.way_in)
        library.fill_disk()
        item = library.until(library.ask("Held in memory"), "unsaved")
        assert item["asset"]["media"]["held"] == "memory"
        held = card(page, "Held in memory")
        expect(held).to_contain_text("Unsaved")
        held.get_by_role("button", name=re.compile("^Open")).click()
        video = page.get_by_role("dialog").locator("video")
        expect(video).to_be_visible(timeout=LONG)
        video.evaluate("video => video.play()")
        eventually(
            lambda: float(video.evaluate("video => video.currentTime")),
            lambda seconds: seconds > 0.5,
            what="played",
        )
        page.keyboard.press("Escape")
        came = served(fal)
        library.filler.unlink()
        held.get_by_role("button", name="Retry").click()
        expect(held).to_contain_text("Saved", timeout=LONG)
        assert served(fal) == came
        page.close()


def served(fal: FalEmulator) -> int:
    """How often the media host was asked."""
    return sum(one.host == "media" for one in fal.seen)


def test_what_is_at_the_provider_only_is_downloaded(library: Library, page: Page) -> None:
    library.client.patch(f"/api/projects/{library.project}", json={"keep": "links"})
    for name in ("Far away", "Farther"):
        library.until(library.ask(name), "url_only")
    expect(page.get_by_text("2 at the provider only.")).to_be_visible()
    card(page, "Far away").get_by_role("button", name="Download").click()
    expect(card(page, "Far away")).to_contain_text("Saved", timeout=LONG)
    page.get_by_role("button", name="Download all").click()
    expect(card(page, "Farther")).to_contain_text("Saved", timeout=LONG)
    expect(page.get_by_text("at the provider only")).to_have_count(0)


def test_a_missing_file_is_relinked_and_another_one_only_if_one_says_so(
    library: Library, page: Page, tmp_path: Path
) -> None:
    item = library.until(library.ask("Lost on the disk"), "saved")
    kept = tmp_path / "kept.mp4"
    kept.write_bytes((library.home / item["asset"]["media"]["path"]).read_bytes())
    other = make_clip(tmp_path / "other.mp4")
    lost = card(page, "Lost on the disk")
    for file in (kept, other):
        library.lose_file(library.item(item["id"]))
        expect(lost).to_contain_text("Missing")
        with page.expect_file_chooser() as choosing:
            lost.get_by_role("button", name="Relink").click()
        choosing.value.set_files(file)
        if file == other:
            refused = toast(page, "not the file that was saved")
            refused.get_by_role("button", name="Use it anyway").click()
        expect(toast(page, "Relinked.").first).to_be_visible()
        expect(lost).to_contain_text("Saved")


def test_a_damaged_file_is_relinked_from_the_player_and_then_it_plays(
    library: Library, page: Page, tmp_path: Path
) -> None:
    item = library.until(library.ask("Scratched on the disk"), "saved")
    file = library.home / item["asset"]["media"]["path"]
    kept = tmp_path / "kept.mp4"
    kept.write_bytes(file.read_bytes())
    half = file.read_bytes()[: file.stat().st_size // 2]
    file.write_bytes(half)
    card(page, "Scratched on the disk").get_by_role("button", name=re.compile("^Open")).click()
    damaged = page.get_by_role("dialog").locator("[data-cause='damaged']")
    expect(damaged).to_contain_text("or relink a file that you have", timeout=LONG)
    with page.expect_file_chooser() as choosing:
        damaged.get_by_role("button", name="Relink").click()
    choosing.value.set_files(kept)
    # The element is another one by then, so that none can be waited for.
    video = page.get_by_role("dialog").locator("video")
    assert until(lambda: video.evaluate_all("all => all.some((one) => one.currentTime > 0)"))
    expect(damaged).to_have_count(0)
    assert file.read_bytes() == half


def test_what_did_not_play_from_its_media_host_plays_once_it_is_downloaded(
    library: Library, page: Page
) -> None:
    library.client.patch(f"/api/projects/{library.project}", json={"keep": "links"})
    # The first error is for the element, the second for the question after it.
    item = library.until(library.ask("Far away [fault:media-500-once*2]"), "url_only")
    page.goto(f"{library.studio.url}/?card={item['asset']['id']}")
    trouble = page.get_by_role("dialog").locator("[data-cause='host_error']")
    expect(trouble).to_be_visible(timeout=LONG)
    trouble.get_by_role("button", name="Download").click()
    video = page.get_by_role("dialog").locator("video")
    assert until(lambda: video.evaluate_all("all => all.some((one) => one.currentTime > 0)"))
    expect(trouble).to_have_count(0)


def test_an_expired_clip_takes_a_file_that_one_has(
    library: Library, page: Page, tmp_path: Path
) -> None:
    library.until(library.ask("Gone over there [fault:media-410]"), "expired")
    expired = card(page, "Gone over there")
    expired.hover()
    expect(expired).to_contain_text("410")
    with page.expect_file_chooser() as choosing:
        expired.get_by_role("button", name="Relink").click()
    choosing.value.set_files(make_clip(tmp_path / "mine.mp4"))
    expect(expired).to_contain_text("Saved")


def test_a_lost_answer_is_settled_by_looking_and_not_given_up_too_early(
    library: Library, page: Page
) -> None:
    library.until(library.ask("Did it arrive? [fault:submit-lost]"), "unconfirmed")
    card(page, "Did it arrive?").get_by_role("button", name="Settle").click()
    asking = page.get_by_role("dialog", name="Was it ordered?")
    asking.get_by_role("button", name="Give up").click()
    expect(asking).to_contain_text(re.compile("half an hour|30 minutes|looked", re.IGNORECASE))
    asking.get_by_role("button", name="Look again").click()
    expect(toast(page, "The provider does not list it.")).to_be_visible()
    expect(card(page, "Did it arrive?")).to_contain_text("Unconfirmed")


def test_what_waits_can_be_called_off(library: Library, page: Page) -> None:
    library.ask("Not after all [fault:stuck-in-queue]")
    waiting = card(page, "Not after all")
    expect(waiting).to_contain_text("In the queue")
    waiting.hover()
    waiting.get_by_role("button", name="Cancel").click()
    expect(toast(page, "Cancelled.")).to_be_visible()
    expect(waiting).to_contain_text("Cancelled")


def test_what_is_selected_or_has_the_focus_while_it_runs_is_judged_when_it_is_there(
    library: Library, page: Page, fal: FalEmulator
) -> None:
    ids = [library.ask(f"{name} [fault:stuck-running]") for name in ("One", "Two")]
    for name in ("One", "Two"):
        expect(card(page, name)).to_contain_text("Running")
    card(page, "Two").get_by_role("button", name=re.compile("^Open")).focus()
    page.keyboard.press("Control+KeyA")
    selection = page.get_by_role("region", name="Selection")
    expect(selection).to_contain_text("2 selected")
    for item in ids:
        fal.afflict(library.item(item)["generation"]["request_id"])
    for name in ("One", "Two"):
        expect(card(page, name)).to_contain_text("Saved", timeout=LONG)

    def flags(*wanted: str | None) -> None:
        eventually(
            lambda: [library.item(item)["asset"]["flag"] for item in ids],
            lambda kept: kept == list(wanted),
            what=f"flagged {wanted}",
        )

    expect(selection.get_by_role("button", name="Compare")).to_be_enabled()
    page.keyboard.press("KeyP")
    flags("pick", "pick")
    page.keyboard.press("Escape")
    expect(selection).to_have_count(0)
    page.keyboard.press("KeyX")
    flags("pick", "reject")


def test_the_trash_takes_gives_back_and_is_emptied_knowing_what_that_frees(
    library: Library, page: Page
) -> None:
    for name in ("Keep this", "Not this"):
        library.until(library.ask(name), "saved")
    unwanted = card(page, "Not this")
    unwanted.get_by_role("button", name=re.compile("^Open")).focus()
    page.keyboard.press("Delete")
    expect(unwanted).to_have_count(0)
    expect(page.get_by_text("1 in the trash.")).to_be_visible()
    toast(page, "Moved to the trash").get_by_role("button", name="Undo").click()
    expect(unwanted).to_be_visible()
    unwanted.hover()
    unwanted.get_by_role("button", name="More to do").click()
    page.get_by_role("menuitem", name="Move to the trash").click()
    expect(unwanted).to_have_count(0)
    page.get_by_role("button", name="Show the trash").click()
    unwanted.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    toast(page, "Restored").get_by_role("button", name="Undo").first.click()
    expect(unwanted).to_be_visible()
    page.get_by_role("button", name="Empty the trash").click()
    asking = page.get_by_role("dialog", name="Empty the trash?")
    expect(asking).to_contain_text(re.compile(r"1 item .* This frees \d+(\.\d+)? kB"))
    asking.get_by_role("button", name="Delete for good").click()
    expect(toast(page, "Deleted 1 item. Freed")).to_be_visible()
    page.get_by_role("button", name="Back to the library").first.click()
    expect(card(page, "Keep this")).to_be_visible()
    expect(unwanted).to_have_count(0)


def test_what_has_no_clip_stays_listed_and_that_is_said(library: Library, page: Page) -> None:
    library.until(library.ask("Kept"), "saved")
    library.until(library.ask("Refused [fault:result-422-content]"), "failed")
    opens = re.compile("^Open")
    selection = page.get_by_role("region", name="Selection")
    card(page, "Refused").get_by_role("button", name=opens).focus()
    page.keyboard.press("Delete")
    expect(toast(page, "Nothing was moved.")).to_contain_text("what was asked for stays listed")
    page.keyboard.press("KeyP")
    expect(toast(page, "There is no clip to judge yet.")).to_be_visible()
    page.keyboard.press("Space")
    expect(selection).to_contain_text("1 card has no clip")
    expect(selection.get_by_role("button", name="Move to the trash")).to_be_disabled()
    page.keyboard.press("Control+KeyA")
    expect(selection).to_contain_text("2 selected")
    selection.get_by_role("button", name="Move to the trash").click()
    expect(toast(page, "Moved to the trash: “Kept”.")).to_contain_text("1 card has no clip")
    expect(card(page, "Kept")).to_have_count(0)
    expect(card(page, "Refused")).to_be_visible()


def test_takes_of_one_prompt_are_told_apart_also_where_one_card_stands_for_all(
    library: Library, page: Page
) -> None:
    [first, _] = [library.until(library.ask("The same words"), "saved") for _ in range(2)]
    frames = f"/api/assets/{first['asset']['id']}/frames"
    library.client.post(frames, json={"at": "first"}).raise_for_status()
    facts = page.locator("[role=row]").get_by_role("paragraph")
    expect(facts.filter(has_text=re.compile("^Take 1 · "))).to_have_count(1)
    expect(facts.filter(has_text=re.compile("^Take 2 · "))).to_have_count(1)
    expect(facts.filter(has_text=re.compile("^Frame$"))).to_have_count(1)
    page.get_by_role("button", name="Group by shot").click()
    shown = card(page, "The same words")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("2 takes")
    shown.get_by_role("button", name=re.compile("^Open")).focus()
    page.keyboard.press("KeyP")
    expect(page.get_by_role("status").filter(has_text="Picked. Take 2 of 2.")).to_have_count(1)
    shown.get_by_role("button", name="More to do").click()
    page.get_by_role("menuitem", name="Move to the trash").click()
    expect(toast(page, "Moved to the trash: take 2 of 2, “The same words”.")).to_be_visible()


def test_a_refused_file_loses_no_other(library: Library, page: Page, tmp_path: Path) -> None:
    image = make_image(tmp_path / "lake.png", width=64, height=48)
    text = tmp_path / "<b>notes.mp4"
    text.write_text("these are no pictures")
    clip = make_clip(tmp_path / "waves.mp4")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Import files").click()
    # While one looks for the files, the page around the button becomes another.
    library.until(library.ask("Meanwhile"), "saved")
    expect(card(page, "Meanwhile")).to_be_visible()
    choosing.value.set_files([image, text, clip])
    imports = page.get_by_role("region", name="Imports")
    expect(imports).to_contain_text("Imported 2 files, 1 refused.")
    expect(imports.get_by_role("listitem").filter(has_text="<b>notes")).to_contain_text("Refused")
    for name in ("lake", "waves"):
        expect(card(page, name)).to_be_visible()
    imports.get_by_role("button", name="Close the list of imports").click()
    expect(imports).to_have_count(0)


def test_files_dropped_on_the_page_are_imported(library: Library, page: Page) -> None:
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    dropped = page.evaluate_handle(
        """async () => {
            const canvas = new OffscreenCanvas(64, 48);
            canvas.getContext("2d").fillRect(8, 8, 20, 20);
            const transfer = new DataTransfer();
            const picture = await canvas.convertToBlob({ type: "image/png" });
            transfer.items.add(new File([picture], "dropped.png", { type: "image/png" }));
            return transfer;
        }"""
    )
    page.dispatch_event("main", "dragenter", {"dataTransfer": dropped})
    expect(page.get_by_text("Drop to import into First project")).to_be_visible()
    page.dispatch_event("main", "drop", {"dataTransfer": dropped})
    expect(card(page, "dropped")).to_be_visible()
    expect(page.get_by_text("Drop to import")).to_have_count(0)


def test_an_example_is_filled_in_only_when_asked_and_can_be_taken_back(page: Page) -> None:
    prompt = page.get_by_role("textbox", name="Prompt")
    prompt.fill("My own words")
    page.get_by_role("button", name="Try an example prompt").click()
    expect(prompt).to_have_value(re.compile("heron"))
    toast(page, "The example is in the form.").get_by_role("button", name="Undo").click()
    expect(prompt).to_have_value("My own words")


def test_one_clip_moves_under_the_pointer_and_none_where_calm_is_asked_for(
    library: Library, page: Page
) -> None:
    for name in ("Here", "There"):
        library.until(library.ask(name), "saved")
    video = page.locator("article video")
    card(page, "Here").hover()
    expect(video).to_have_count(1)
    eventually(
        lambda: float(video.evaluate("video => video.currentTime")),
        lambda time: time > 0.1,
        what="moving",
    )
    assert video.evaluate("video => video.muted")
    card(page, "There").hover()
    expect(card(page, "There").locator("video")).to_have_count(1)
    expect(video).to_have_count(1)
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    card(page, "Here").hover()
    expect(card(page, "Here").get_by_role("button", name="More to do")).to_be_visible()
    expect(video).to_have_count(0)
