"""Every reason why a clip does not play, made to happen for real: the right one is named."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import assert_accessible
from tests.browser.linked import (
    ANYONE,
    EMBEDDERS,
    MOVES,
    NONE,
    Afar,
    Case,
    clips_afar,
    host_in_a_thread,
    link_to,
)
from tests.media_host import Answer, Asked, ranged, raw, whole
from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_clip

pytestmark = pytest.mark.browser

SOON = 20_000


@pytest.fixture(scope="module")
def down() -> str:
    """A host that is on the list, and down."""
    return f"127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def relayed(tmp_path_factory: pytest.TempPathFactory, down: str) -> Iterator[Afar]:
    with clips_afar(tmp_path_factory.mktemp("relay"), "relay", down) as afar:
        yield afar


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Afar]:
    with clips_afar(tmp_path_factory.mktemp("direct"), "direct") as afar:
        yield afar


def each_is_named(
    afar: Afar,
    browser: Browser,
    subtests: pytest.Subtests,
    rows: Mapping[str, tuple[Callable[[bytes], Answer], str, str]],
) -> None:
    """A clip for each row, whose host answers like this: what is reported of it, and its words."""
    clips = {row: afar.put(answer=answer) for row, (answer, _, _) in rows.items()}
    with afar.page(browser) as page:
        for row, (_, cause, words) in rows.items():
            with subtests.test(row=row):
                one = Case(clips[row], page)
                one.open_clip()
                named = one.named("unclear" if " or " in cause else cause)
                expect(named).to_be_visible(timeout=SOON)
                expect(named).to_contain_text(words)
                assert one.linked.is_reported(cause)


# --- at the media host ------------------------------------------------------------------------


def test_a_clip_that_is_not_here_plays_through_the_studio(relayed: Afar, browser: Browser) -> None:
    with relayed.case(browser) as one:
        one.open_clip()
        one.plays()
        expect(one.page.get_by_role("button", name="Download")).to_be_visible()
        expect(one.page.get_by_role("alert")).to_have_count(0)


def test_a_clip_that_is_not_here_moves_under_the_pointer(relayed: Afar, browser: Browser) -> None:
    with relayed.case(browser) as one:
        before = one.linked.asked()
        card = one.page.get_by_role("article").first
        card.hover()
        expect(card.locator("video[data-started='true']")).to_be_attached(timeout=SOON)
        assert one.linked.asked() > before


def says_no(status: int) -> Callable[[bytes], Answer]:
    return lambda _: whole(b"no", status=status)


def test_what_the_media_host_answers_is_what_is_said(
    relayed: Afar, browser: Browser, subtests: pytest.Subtests
) -> None:
    causes = {
        401: "forbidden",
        403: "forbidden",
        404: "not_found",
        410: "gone",
        500: "host_error",
        503: "host_error",
    }
    rows = {str(status): (says_no(status), cause, "127.0.0.1") for status, cause in causes.items()}
    each_is_named(relayed, browser, subtests, rows)


def test_what_the_studio_has_heard_already_is_said_at_once_and_asked_anew(
    relayed: Afar, browser: Browser
) -> None:
    with relayed.case(browser, answer=says_no(403)) as one:
        one.told()
        asked = one.linked.asked()
        viewer = one.open_clip()
        expect(one.named("forbidden")).to_contain_text("127.0.0.1")
        expect(viewer.locator("video")).to_have_count(0)
        assert one.linked.asked() == asked
        assert one.linked.is_reported("forbidden")
        one.linked.answer(ranged(relayed.clip.read_bytes()))
        assert one.told(check=False)["source"] == "none"
        # A refusal for good is not asked anew by the player: the doctor asks.
        viewer.get_by_role("button", name="Why?").click()
        expect(one.page.get_by_role("dialog")).to_contain_text("Through the studio")


def test_a_host_that_is_down_is_not_called_anything_else(
    relayed: Afar, browser: Browser, down: str
) -> None:
    with relayed.case(browser, url=f"http://{down}/clip.mp4") as one:
        one.open_clip()
        expect(one.named("host_silent")).to_be_visible(timeout=SOON)
        expect(one.named("host_silent")).to_contain_text("from here the two look the same")


def test_a_host_that_is_not_listed_is_not_called(relayed: Afar, browser: Browser) -> None:
    with relayed.case(browser, url=f"http://127.0.0.1:{free_port()}/clip.mp4") as one:
        one.open_clip()
        expect(one.named("host_refused")).to_be_visible(timeout=SOON)


def test_what_comes_of_what_the_media_host_does(
    relayed: Afar, browser: Browser, subtests: pytest.Subtests
) -> None:
    a_page = whole(b"<html></html>", headers={"Content-Type": "text/html"})
    rows: dict[str, tuple[Callable[[bytes], Answer], str, str]] = {
        "hangs up": (lambda _: raw(), "host_silent", ""),
        "a page": (lambda _: a_page, "not_media", ""),
        "zeros": (lambda _: whole(bytes(5000)), "damaged or codec", ""),
        "half": (lambda clip: ranged(clip[: len(clip) // 2]), "damaged or codec", ""),
    }
    each_is_named(relayed, browser, subtests, rows)


async def _stays_on_the_line(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def test_a_host_that_says_nothing_is_waited_for_and_trying_again_is_at_once(
    relayed: Afar, browser: Browser
) -> None:
    with relayed.case(browser, answer=lambda _: _stays_on_the_line) as one:
        one.open_clip()
        expect(one.named("slow")).to_be_visible(timeout=SOON)
        one.linked.answer(ranged(relayed.clip.read_bytes()))
        one.page.get_by_role("button", name="Try again").click()
        one.plays()
        expect(one.page.get_by_role("alert")).to_have_count(0)


def test_where_only_local_bytes_are_played_that_is_the_reason(
    tmp_path: Path, browser: Browser
) -> None:
    with clips_afar(tmp_path, "local") as local, local.case(browser) as one:
        told = one.told()
        assert (told["source"], told["reason"]["code"]) == ("none", "remote_playback_off")
        assert not one.load(f"/media/{one.linked.asset}")["plays"]
        viewer = one.open_clip()
        expect(one.named("no_source")).to_be_visible()
        expect(viewer.locator("video")).to_have_count(0)
        assert local.host.asked == []


# --- the page's policies ----------------------------------------------------------------------


def test_directly_it_plays_in_the_mode_that_the_host_allows(direct: Afar, browser: Browser) -> None:
    with direct.case(browser, headers=ANYONE) as one:
        viewer = one.open_clip()
        one.plays()
        video = viewer.locator("video")
        assert video.evaluate("video => [video.currentSrc, video.crossOrigin]") == [
            one.linked.url,
            "anonymous",
        ]


def test_a_host_that_allows_embedding_only_is_asked_without_cors(
    direct: Afar, browser: Browser
) -> None:
    with direct.case(browser, headers=EMBEDDERS) as one:
        one.told()
        viewer = one.open_clip()
        one.plays()
        video = viewer.locator("video")
        assert video.evaluate("video => [video.currentSrc, video.crossOrigin]") == [
            one.linked.url,
            None,
        ]


def test_without_any_header_it_goes_through_the_studio_by_itself_and_the_doctor_knows_why(
    direct: Afar, browser: Browser
) -> None:
    """The seeds' failing case, as a person meets it: the clip plays."""
    with direct.case(browser) as one:
        viewer = one.open_clip()
        expect(viewer.locator("video")).to_have_attribute("src", f"/media/{one.linked.asset}")
        one.plays()
        expect(one.page.get_by_role("alert")).to_have_count(0)
        assert one.linked.is_reported("cross_origin")


def only_to_programs(headers: dict[str, str]) -> Callable[[bytes], Answer]:
    """A host that sends these headers to the studio, and not to a browser."""

    def answer_of(clip: bytes) -> Answer:
        async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
            is_browser = "sec-fetch-mode" in asked.headers
            await ranged(clip, headers={} if is_browser else headers)(asked, writer)

        return answer

    return answer_of


def test_what_the_embedder_policy_refuses_is_named_and_can_go_the_other_way(
    direct: Afar, browser: Browser
) -> None:
    with direct.case(browser, answer=only_to_programs(EMBEDDERS)) as one:
        assert one.told()["crossorigin"] is None
        one.open_clip()
        expect(one.named("embedder_policy")).to_be_visible(timeout=SOON)
        expect(one.named("embedder_policy")).to_contain_text("Cross-Origin-Resource-Policy")
        one.page.get_by_role("button", name="Play it through the studio").click()
        one.plays()
        assert one.linked.is_reported("embedder_policy")


def test_where_studio_and_browser_hear_different_things_neither_is_believed(
    direct: Afar, browser: Browser
) -> None:
    with direct.case(browser, answer=only_to_programs(ANYONE)) as one:
        one.open_clip()
        expect(one.named("unclear")).to_be_visible(timeout=SOON)
        expect(one.named("unclear")).to_contain_text("two causes look the same")


def moved(headers: Mapping[str, str]) -> Callable[[bytes], Answer]:
    """The host sends on to another one, which the page's policy does not name."""
    location = {"Location": "http://localhost:9/clip.mp4"}
    return lambda _: whole(b"", status=302, headers={**location, **headers})


def test_a_redirect_to_a_host_that_is_not_listed_is_refused_by_whom_it_was(
    direct: Afar, browser: Browser, subtests: pytest.Subtests
) -> None:
    rows = {
        "to the studio": (moved(NONE), "host_refused", ""),
        "to anyone": (moved(ANYONE), "content_policy", ""),
    }
    each_is_named(direct, browser, subtests, rows)


def test_a_page_from_before_a_host_was_listed_refuses_it_and_says_so(
    tmp_path: Path, browser: Browser
) -> None:
    """Its content policy is that of the studio which sent it."""
    clip = make_clip(tmp_path / "clip.mp4", frames=48, width=320, height=180)
    home = tmp_path / "lib"
    port = free_port()
    with host_in_a_thread() as host:
        url = host.put("/clip.mp4", ranged(clip.read_bytes(), headers=ANYONE))
        after = environment_for(
            home, None, RUSHES_MEDIA_HOSTS=host.authority, RUSHES_REMOTE_PLAYBACK="direct"
        )
        before = after | {"RUSHES_MEDIA_HOSTS": "media.example"}
        page = browser.new_context().new_page()
        with open_studio(before, port) as studio:
            link_to(studio, clip, home, url)
            page.goto(studio.way_in)
            page.get_by_role("article").first.wait_for()
        with open_studio(after, port):
            page.get_by_role("button", name=re.compile("^Open clip")).click()
            viewer = page.get_by_role("dialog")
            cause = viewer.locator("[data-cause='content_policy']")
            expect(cause).to_contain_text("media-src", timeout=SOON)
            viewer.get_by_role("button", name="Play it through the studio").click()
            viewer.locator("video").evaluate(MOVES)
        page.context.close()


# --- the studio and its files -----------------------------------------------------------------


@dataclass(frozen=True)
class Bench:
    home: Path
    studio: OpenStudio
    http: httpx.Client
    project: str
    page: Page

    def bring(self, path: Path) -> str:
        files = {"files": (path.name, path.read_bytes())}
        answer = self.http.post(f"/api/projects/{self.project}/imports", files=files)
        assert answer.is_success, answer.text
        return str(answer.json()["assets"][0]["id"])

    def file(self, asset_id: str) -> Path:
        asset = self.http.get(f"/api/assets/{asset_id}").json()
        return self.home / str(asset["media"]["path"])

    def open_clip(self, asset_id: str) -> Locator:
        self.page.goto(f"{self.studio.url}/?card={asset_id}")
        return self.page.get_by_role("dialog")

    def named(self, cause: str) -> Locator:
        return self.page.get_by_role("dialog").locator(f"[data-cause='{cause}']")


@contextmanager
def bench_in(folder: Path, browser: Browser) -> Iterator[Bench]:
    home = folder / "library"
    with open_studio(environment_for(home, None)) as studio:
        headers = {"Authorization": f"Bearer {studio.token}"}
        with httpx.Client(base_url=studio.url, headers=headers, timeout=60) as http:
            [project] = http.get("/api/projects").json()["items"]
            page = browser.new_context().new_page()
            page.goto(studio.way_in)
            yield Bench(home, studio, http, project["id"], page)
            page.context.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Bench]:
    with bench_in(tmp_path_factory.mktemp("bench"), browser) as bench:
        yield bench


@pytest.fixture
def bench(opened: Bench, browser: Browser) -> Iterator[Bench]:
    """With a page of its own, which knows nothing of what was told at another."""
    page = browser.new_context().new_page()
    page.goto(opened.studio.way_in)
    yield replace(opened, page=page)
    page.context.close()


def plain_clip(tmp_path: Path, name: str = "plain.mp4") -> Path:
    return make_clip(tmp_path / name, frames=72, width=320, height=180, first_index=True)


def test_a_saved_clip_is_loaded_without_a_question_first(bench: Bench, tmp_path: Path) -> None:
    asset = bench.bring(plain_clip(tmp_path))
    asked: list[str] = []
    bench.page.on("request", lambda request: asked.append(request.url))
    bench.open_clip(asset).locator("video").evaluate(MOVES)
    assert f"{bench.studio.url}/media/{asset}" in asked
    assert not [address for address in asked if "/playback" in address]
    expect(bench.page.get_by_role("alert")).to_have_count(0)


CODECS = [
    ("hevc.mp4", "libx265", "yuv420p", True, "codec_of_picture"),
    ("hevc-silent.mp4", "libx265", "yuv420p", False, "codec"),
    ("prores.mov", "prores_ks", "yuv422p10le", True, "codec_of_picture"),
]


def test_a_codec_that_the_browser_does_not_know_is_named(
    bench: Bench, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for name, codec, pixels, audio, cause in CODECS:
        with subtests.test(name=name):
            clip = make_clip(
                tmp_path / name,
                frames=24,
                width=320,
                height=180,
                codec=codec,
                pixel_format=pixels,
                audio=audio,
            )
            viewer = bench.open_clip(bench.bring(clip))
            expect(bench.named(cause)).to_be_visible(timeout=SOON)
            expect(bench.named(cause)).to_contain_text(Path(name).stem.removesuffix("-silent"))
            expect(viewer.get_by_role("button", name="Make a playable copy")).to_be_visible()


def test_a_copy_that_plays_is_made_once_and_taken_by_itself_later(
    bench: Bench, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "hevc.mp4", frames=24, width=320, height=180, codec="libx265")
    asset = bench.bring(clip)
    viewer = bench.open_clip(asset)
    viewer.get_by_role("button", name="Make a playable copy").click()
    copy = f"/media/{asset}/proxy"
    expect(viewer.locator("video")).to_have_attribute("src", copy, timeout=60_000)
    viewer.locator("video").evaluate(MOVES)
    expect(bench.page.get_by_role("alert")).to_have_count(0)
    viewer = bench.open_clip(asset)
    expect(viewer.locator("video")).to_have_attribute("src", f"/media/{asset}/proxy", timeout=SOON)
    viewer.locator("video").evaluate(MOVES)


def halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


def garbled(data: bytes) -> bytes:
    third = len(data) // 3
    return data[:third] + bytes(b ^ 0x5A for b in data[third : 2 * third]) + data[2 * third :]


def zeroed(data: bytes) -> bytes:
    return bytes(len(data))


def emptied(_: bytes) -> bytes:
    return b""


def test_a_file_that_is_not_what_was_saved_is_called_damaged(
    bench: Bench, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    clip = plain_clip(tmp_path)
    for spoil in (halved, garbled, zeroed, emptied):
        with subtests.test(spoil=spoil.__name__):
            asset = bench.bring(clip)
            file = bench.file(asset)
            file.write_bytes(spoil(file.read_bytes()))
            bench.open_clip(asset)
            expect(bench.named("damaged")).to_be_visible(timeout=SOON)


def test_a_file_that_has_left_is_missing_at_once(bench: Bench, tmp_path: Path) -> None:
    asset = bench.bring(plain_clip(tmp_path))
    bench.file(asset).unlink()
    bench.open_clip(asset)
    # A toast tells of it, too.
    viewer = bench.page.get_by_role("dialog", name="plain.mp4")
    expect(viewer).to_contain_text("Missing", timeout=SOON)
    expect(viewer).to_contain_text("Relink")
    viewer.get_by_role("button", name="Why?").click()
    expect(bench.page.get_by_role("heading", name="plain.mp4", level=1)).to_be_visible()
    expect(bench.page.locator("[data-code='media_missing']")).to_be_visible()
    assert_accessible(bench.page)


def test_a_studio_that_has_ended_is_named(tmp_path: Path, browser: Browser) -> None:
    with bench_in(tmp_path, browser) as bench:
        asset = bench.bring(plain_clip(tmp_path))
        card = bench.page.get_by_role("button", name=re.compile("^Open plain"))
        card.wait_for()
        bench.studio.process.kill()
        bench.studio.process.wait()
        card.click()
        expect(bench.named("studio_gone")).to_be_visible(timeout=SOON)
        assert asset in str(bench.page.url)


def test_a_browser_that_is_no_longer_known_is_told_so(bench: Bench, tmp_path: Path) -> None:
    bench.bring(plain_clip(tmp_path, "unknown.mp4"))
    card = bench.page.get_by_role("button", name=re.compile("^Open unknown"))
    card.wait_for()
    bench.page.context.clear_cookies()
    card.click()
    expect(bench.page.get_by_role("dialog")).to_contain_text("The access token is missing")


def test_side_by_side_each_says_its_own(bench: Bench, tmp_path: Path) -> None:
    good = bench.bring(plain_clip(tmp_path))
    other = bench.bring(
        make_clip(tmp_path / "hevc.mp4", frames=24, width=320, height=180, codec="libx265")
    )
    bench.page.goto(f"{bench.studio.url}/?compare={good},{other}")
    expect(bench.named("codec_of_picture")).to_have_count(1, timeout=SOON)
    bench.page.keyboard.press("Space")
    bench.page.get_by_role("dialog").locator("video").first.evaluate(MOVES)


def test_a_device_without_a_network_is_told_so_and_plays_when_it_has_one(
    bench: Bench, tmp_path: Path
) -> None:
    bench.bring(plain_clip(tmp_path, "afar.mp4"))
    card = bench.page.get_by_role("button", name=re.compile("^Open afar"))
    card.wait_for()
    bench.page.context.set_offline(True)
    card.click()
    offline = bench.named("offline")
    expect(offline).to_contain_text("This device is offline.", timeout=SOON)
    expect(offline).to_contain_text("the studio does not answer")
    bench.page.context.set_offline(False)
    offline.get_by_role("button", name="Try again").click()
    bench.page.get_by_role("dialog").locator("video").evaluate(MOVES)
    expect(offline).to_have_count(0)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
