"""A clip whose bytes are only at a media host, in a real studio, looked at by a real Chromium."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Locator, Page

from tests.media_host import Answer, MediaHost, media_host, ranged
from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_clip

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
    home: Path

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

    def move_to(self, url: str) -> None:
        """Have the clip lie at another address."""
        with sqlite3.connect(self.home / "catalogue.sqlite", timeout=10) as catalogue:
            catalogue.execute("UPDATE assets SET url = ? WHERE id = ?", (url, self.asset))

    def open_clip(self) -> Locator:
        """Open it as a person does, with the address of its card; the viewer."""
        self.page.goto(f"{self.studio.url}/?card={self.asset}")
        return self.page.get_by_role("dialog")

    def named(self, cause: str) -> Locator:
        """The words of the viewer for a cause, when it has named this one."""
        return self.page.get_by_role("dialog").locator(f"[data-cause='{cause}']")

    def plays(self) -> None:
        """Its picture moves."""
        video = self.page.get_by_role("dialog").locator("video")
        video.wait_for()
        video.evaluate(MOVES)


MOVES = """video => new Promise((resolve) => {
  const look = () => video.videoWidth > 0 && video.currentTime > 0
    ? resolve() : requestAnimationFrame(look);
  look();
})"""


@contextmanager
def case(
    tmp_path: Path,
    browser: Browser,
    mode: str = "relay",
    headers: Mapping[str, str] = NONE,
    answer: Callable[[bytes], Answer] | None = None,
    other_host: str = "",
) -> Iterator[Case]:
    """One clip that is only at its media host, which sends these headers, or answers like this."""
    clip = make_clip(tmp_path / "clip.mp4", frames=48, width=320, height=180).read_bytes()
    with host_in_a_thread(ranged(clip, headers=headers)) as (host, url):
        home = tmp_path / "library"
        environment = environment_for(
            home,
            None,
            RUSHES_MEDIA_HOSTS=",".join(filter(None, (host.authority, other_host))),
            RUSHES_REMOTE_PLAYBACK=mode,
        )
        with open_studio(environment) as studio:
            asset = link_to(studio, tmp_path / "clip.mp4", home, url)
            if answer is not None:
                # From now on: the studio still believes what it heard before.
                host.put("/clip.mp4", answer(clip))
            page = browser.new_context().new_page()
            page.goto(studio.way_in)
            yield Case(studio, page, host, url, asset, home)
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


def until(holds: Any) -> bool:
    """The page waits a second before it reports."""
    latest = time.monotonic() + 20
    while not holds():
        if time.monotonic() > latest:
            return False
        time.sleep(0.1)
    return True
