"""A clip of another origin, no CORP header, an embedder policy on the page: does it play?

It is served by a real host to a real Chromium, and must play in each mode in which it can, and say
the true reason in each in which it cannot.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.studios import OpenStudio, open_studio
from tests.media_host import MediaHost, media_host, ranged
from tests.programs import environment_for
from tests.sample_media import make_clip

pytestmark = pytest.mark.browser

NONE: Mapping[str, str] = {}
ANYONE = {"Access-Control-Allow-Origin": "*"}
EMBEDDERS = {"Cross-Origin-Resource-Policy": "cross-origin"}
LOAD = """
([address, crossorigin]) => new Promise((resolve) => {
  const seen = { plays: false, error: null, violations: [], embedder: [] };
  addEventListener("securitypolicyviolation", (e) => seen.violations.push(e.effectiveDirective));
  new ReportingObserver((list) => list.forEach((one) => {
    if (one.type === "coep") seen.embedder.push(one.body.toJSON().blockedURL);
  })).observe();
  const video = document.createElement("video");
  video.muted = true;
  if (crossorigin !== null) video.crossOrigin = crossorigin;
  const end = () => setTimeout(() => resolve(seen), 50);
  video.addEventListener("error", () => { seen.error = video.error.message; end(); });
  video.addEventListener("timeupdate", () => {
    if (video.currentTime > 0) { seen.plays = true; end(); }
  });
  video.src = address;
  document.body.append(video);
  video.play().catch(() => {});
})
"""


@contextmanager
def host_in_a_thread(answer: Any) -> Iterator[tuple[MediaHost, str]]:
    """Playwright keeps this thread's loop, so the host has one of its own."""
    ready, stop = threading.Event(), asyncio.Event()
    found: list[tuple[MediaHost, str, asyncio.AbstractEventLoop]] = []

    async def run() -> None:
        async with media_host() as host:
            found.append((host, host.put("/clip.mp4", answer), asyncio.get_running_loop()))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert ready.wait(20)
    host, url, loop = found[0]
    try:
        yield host, url
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)


@dataclass(frozen=True)
class Case:
    studio: OpenStudio
    page: Page
    host: MediaHost
    url: str
    asset: str

    def told(self, *, check: bool = True) -> dict[str, Any]:
        """What the studio says of the clip, asked as the page asks."""
        path = f"/api/assets/{self.asset}/playback?check={'true' if check else 'false'}"
        told: dict[str, Any] = self.page.evaluate(
            "path => fetch(path).then((answer) => answer.json())", path
        )
        return told

    def load(self, address: str, crossorigin: str | None = None) -> dict[str, Any]:
        seen: dict[str, Any] = self.page.evaluate(LOAD, [address, crossorigin])
        return seen

    def doctor(self) -> str:
        bearer = {"Authorization": f"Bearer {self.studio.token}"}
        findings = httpx.get(f"{self.studio.url}/api/doctor", headers=bearer).json()["findings"]
        return next(str(one["message"]) for one in findings if one["check"] == "playback")


@contextmanager
def case(
    tmp_path: Path, browser: Browser, mode: str, headers: Mapping[str, str] = NONE
) -> Iterator[Case]:
    clip = make_clip(tmp_path / "clip.mp4", frames=48, width=320, height=180).read_bytes()
    with host_in_a_thread(ranged(clip, headers=headers)) as (host, url):
        home = tmp_path / "library"
        environment = environment_for(
            home, None, RUSHES_MEDIA_HOSTS=host.authority, RUSHES_REMOTE_PLAYBACK=mode
        )
        with open_studio(environment) as studio:
            asset = link_to(studio, tmp_path / "clip.mp4", home, url)
            page = browser.new_context().new_page()
            page.goto(studio.way_in)
            yield Case(studio, page, host, url, asset)
            page.context.close()


def link_to(studio: OpenStudio, clip: Path, home: Path, url: str) -> str:
    """Import the clip, then take its bytes away: what is left is measured, and only an address."""
    bearer = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=bearer, timeout=30) as client:
        [project] = client.get("/api/projects").json()["items"]
        files = {"files": ("clip.mp4", clip.read_bytes())}
        answer = client.post(f"/api/projects/{project['id']}/imports", files=files)
        [asset] = answer.json()["assets"]
        (home / asset["media"]["path"]).unlink()
        with sqlite3.connect(home / "catalogue.sqlite", timeout=10) as catalogue:
            catalogue.execute("UPDATE assets SET url = ? WHERE id = ?", (url, asset["id"]))
        # The next look finds that the file is gone.
        client.get(f"/media/{asset['id']}")
    return str(asset["id"])


@pytest.mark.parametrize("headers", [NONE, ANYONE, EMBEDDERS], ids=["nothing", "cors", "corp"])
def test_through_the_relay_the_clip_plays_whatever_its_host_says(
    tmp_path: Path, browser: Browser, headers: Mapping[str, str]
) -> None:
    with case(tmp_path, browser, "relay", headers) as one:
        told = one.told()
        assert (told["source"], told["crossorigin"]) == ("relay", None)
        assert told["playable_in_browser"] is True
        seen = one.load(told["address"])
        assert seen == {"plays": True, "error": None, "violations": [], "embedder": []}


def test_under_the_strict_policy_the_hosts_own_address_is_refused_and_reported(
    tmp_path: Path, browser: Browser
) -> None:
    """What the seeds believed had happened to them."""
    with case(tmp_path, browser, "relay") as one:
        before = len(one.host.asked)
        seen = one.load(one.url)
        assert (seen["plays"], seen["violations"], seen["embedder"]) == (False, ["media-src"], [])
        assert "URL safety check" in seen["error"]
        assert len(one.host.asked) == before
        assert until(lambda: f"csp: media-src enforce {one.url}" in one.doctor())


@pytest.mark.parametrize(
    ("headers", "crossorigin"), [(ANYONE, "anonymous"), (EMBEDDERS, None)], ids=["cors", "corp"]
)
def test_directly_the_clip_plays_in_the_mode_that_its_host_allows(
    tmp_path: Path, browser: Browser, headers: Mapping[str, str], crossorigin: str | None
) -> None:
    with case(tmp_path, browser, "direct", headers) as one:
        told = one.told()
        assert (told["source"], told["address"]) == ("direct", one.url)
        assert told["crossorigin"] == crossorigin
        seen = one.load(told["address"], told["crossorigin"])
        assert (seen["plays"], seen["violations"], seen["embedder"]) == (True, [], [])


def test_directly_without_any_header_the_embedder_policy_refuses_it_and_the_reason_is_that(
    tmp_path: Path, browser: Browser
) -> None:
    """What had really happened: no CORP, COEP on, and no word of the content policy."""
    with case(tmp_path, browser, "direct") as one:
        seen = one.load(one.url)
        assert (seen["plays"], seen["violations"], seen["embedder"]) == (False, [], [one.url])
        # Asked as a page that reads, the host does not let it either.
        again = one.load(one.url, "anonymous")
        assert (again["plays"], again["violations"], again["embedder"]) == (False, [], [])
        told = one.told()
        assert told["source"] == "relay"
        assert told["reason"]["code"] == "direct_playback_refused"
        assert "no Cross-Origin-Resource-Policy" in told["reason"]["detail"]
        assert "require-corp" in told["reason"]["detail"]
        # So it is taken the other way, and plays.
        assert one.load(told["address"], told["crossorigin"])["plays"]
        assert until(lambda: f"embedder: video enforce {one.url}" in one.doctor())


def test_where_remote_playback_is_off_nothing_plays_and_the_reason_is_that(
    tmp_path: Path, browser: Browser
) -> None:
    with case(tmp_path, browser, "local") as one:
        told = one.told()
        assert (told["source"], told["reason"]["code"]) == ("none", "remote_playback_off")
        assert not one.load(f"/media/{one.asset}")["plays"]
        assert one.host.asked == []


def until(holds: Any) -> bool:
    """The page waits a second before it reports."""
    latest = time.monotonic() + 20
    while not holds():
        if time.monotonic() > latest:
            return False
        time.sleep(0.1)
    return True
