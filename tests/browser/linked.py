"""Clips whose bytes are only at a media host, in a real studio, looked at by a real Chromium."""

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
from uuid import uuid4

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
def host_in_a_thread() -> Iterator[MediaHost]:
    """Playwright keeps this thread's loop, so the host has one of its own."""
    ready, stop = threading.Event(), asyncio.Event()
    found: list[tuple[MediaHost, asyncio.AbstractEventLoop]] = []

    async def run() -> None:
        async with media_host() as host:
            found.append((host, asyncio.get_running_loop()))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert ready.wait(20)
    host, loop = found[0]
    try:
        yield host
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)


@dataclass(frozen=True)
class Afar:
    """A studio, and the media host at which all of its clips are."""

    studio: OpenStudio
    host: MediaHost
    home: Path
    clip: Path

    def put(
        self,
        *,
        headers: Mapping[str, str] = NONE,
        answer: Callable[[bytes], Answer] | None = None,
        url: str = "",
    ) -> Linked:
        """A clip that is only at its media host, which sends these headers, or answers like this.

        Each has an address of its own: what was heard of one is not believed of another.
        """
        clip = self.clip.read_bytes()
        path = f"/{uuid4()}.mp4"
        address = self.host.put(path, ranged(clip, headers=headers))
        asset = link_to(self.studio, self.clip, self.home, url or address)
        if answer is not None:
            # From now on: the studio still believes what it heard before.
            self.host.put(path, answer(clip))
        return Linked(self, asset, url or address, path)

    @contextmanager
    def page(self, browser: Browser) -> Iterator[Page]:
        """A new one. What it shows was there before it: it has nothing to tell of."""
        context = browser.new_context()
        page = context.new_page()
        page.goto(self.studio.way_in)
        yield page
        context.close()

    @contextmanager
    def case(
        self,
        browser: Browser,
        *,
        headers: Mapping[str, str] = NONE,
        answer: Callable[[bytes], Answer] | None = None,
        url: str = "",
    ) -> Iterator[Case]:
        """One clip, and a page that looks at it."""
        linked = self.put(headers=headers, answer=answer, url=url)
        with self.page(browser) as page:
            yield Case(linked, page)

    def doctor(self) -> str:
        bearer = {"Authorization": f"Bearer {self.studio.token}"}
        findings = httpx.get(f"{self.studio.url}/api/doctor", headers=bearer, timeout=30).json()
        return next(
            str(one["message"]) for one in findings["findings"] if one["check"] == "playback"
        )


@dataclass(frozen=True)
class Linked:
    """A clip whose bytes are at a media host only."""

    afar: Afar
    asset: str
    url: str
    path: str

    def answer(self, answer: Answer) -> None:
        """What its host does from now on."""
        self.afar.host.put(self.path, answer)

    def asked(self) -> int:
        """How often its host was asked for it."""
        return sum(one.path == self.path for one in self.afar.host.asked)

    def is_reported(self, cause: str) -> bool:
        """Whether the doctor hears of it, within the time that the page takes to report."""
        return until(lambda: f"playback asset {self.asset}: {cause}" in self.afar.doctor())


@dataclass(frozen=True)
class Case:
    linked: Linked
    page: Page

    def told(self, *, check: bool = True) -> dict[str, Any]:
        """What the studio says of the clip, asked as the page asks."""
        path = f"/api/assets/{self.linked.asset}/playback?check={'true' if check else 'false'}"
        told: dict[str, Any] = self.page.evaluate(
            "path => fetch(path).then((answer) => answer.json())", path
        )
        return told

    def load(self, address: str, crossorigin: str | None = None) -> dict[str, Any]:
        seen: dict[str, Any] = self.page.evaluate(LOAD, [address, crossorigin])
        return seen

    def open_clip(self) -> Locator:
        """Open it as a person does, with the address of its card; the viewer."""
        self.page.goto(f"{self.linked.afar.studio.url}/?card={self.linked.asset}")
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
def clips_afar(folder: Path, mode: str = "relay", *more_hosts: str) -> Iterator[Afar]:
    """A studio with this preference; only the host, and these, are on its list."""
    clip = make_clip(folder / "clip.mp4", frames=48, width=320, height=180)
    home = folder / "library"
    with host_in_a_thread() as host:
        environment = environment_for(
            home,
            None,
            RUSHES_MEDIA_HOSTS=",".join((host.authority, *more_hosts)),
            RUSHES_REMOTE_PLAYBACK=mode,
        )
        with open_studio(environment) as studio:
            yield Afar(studio, host, home, clip)


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
