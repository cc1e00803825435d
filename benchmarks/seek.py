"""How soon a browser shows the first frame of a clip, and another after a seek, beside nginx.

The same file is played in the same Chromium, once from ``/media`` in the studio's page and once
from nginx in an empty one. A frame counts when the browser hands it to the screen. Needs ``nginx``.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks import processes
from benchmarks.media import nginx
from benchmarks.page import chromium
from benchmarks.processes import BenchmarkError, Studio
from benchmarks.report import Row

SECONDS, FPS, GOP = 20, 25, 25
SIZE = (1280, 720)
SEEKS, ROUNDS = 20, 8
LIMIT = 1.5
"""Ours to nginx: most of the time goes into decoding, which is the same for both."""
SEED = 5

PLAY = """async ([address, moments]) => {
    const video = document.createElement("video");
    video.muted = true;
    video.preload = "auto";
    document.body.append(video);
    const shown = () => new Promise((resolve, reject) => {
        video.requestVideoFrameCallback(() => resolve(performance.now()));
        video.addEventListener("error", () => reject(new Error(video.error.message)));
    });
    const start = performance.now();
    const first = shown();
    video.src = address;
    const times = [(await first) - start];
    for (const moment of moments) {
        const next = shown();
        const asked = performance.now();
        video.currentTime = moment;
        times.push((await next) - asked);
    }
    video.removeAttribute("src");
    video.load();
    video.remove();
    return times;
}"""


@dataclass(frozen=True, slots=True)
class Side:
    page: Page
    address: str

    def measure(self, moments: Sequence[float]) -> list[float]:
        """Milliseconds to the first frame, and to each frame that was sought."""
        # Each time another address: what the browser has kept is not asked for again.
        address = f"{self.address}?{random.randrange(10**9)}"
        times: list[float] = self.page.evaluate(PLAY, [address, list(moments)])
        return times


def run() -> list[Row]:
    if shutil.which("nginx") is None:
        print("seek is not measured: nginx is not here.", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory(prefix="rushes-seek-") as name:
        return _measure(Path(name))


def _measure(folder: Path) -> list[Row]:
    # Every user may enter: nginx gives its own worker another one.
    folder.chmod(0o755)
    home = folder / "library"
    with processes.studio(home) as studio:
        asset = _import(studio, _make_clip(folder / "clip.mp4"))
        file = home / asset["media"]["path"]
        blank = file.parent / "blank.html"
        blank.write_text("<!doctype html><title>Empty</title><body></body>")
        with nginx(folder, file) as theirs, chromium() as browser:
            ours = Side(_open(browser, f"{studio.url}/?token={studio.token}"), _of(studio, asset))
            plain = theirs.url.rpartition("/")[0]
            other = Side(_open(browser, f"{plain}/blank.html"), theirs.url)
            return _rows(*_rounds(ours, other))


def _rounds(ours: Side, theirs: Side) -> tuple[list[list[float]], list[list[float]]]:
    """Each begins every other round; the first one, in which the browser wakes up, is not kept."""
    chance = random.Random(SEED)
    found: dict[Side, list[list[float]]] = {ours: [], theirs: []}
    for number in range(ROUNDS + 1):
        moments = [(chance.randrange(SECONDS * FPS) + 0.5) / FPS for _ in range(SEEKS)]
        for side in (ours, theirs) if number % 2 else (theirs, ours):
            found[side].append(side.measure(moments))
    return found[ours][1:], found[theirs][1:]


def _rows(ours: list[list[float]], theirs: list[list[float]]) -> list[Row]:
    return [
        Row("first frame of a clip, beside nginx", _first(ours), _first(theirs), "ms", None, LIMIT),
        Row("a frame after a seek, beside nginx", _seek(ours), _seek(theirs), "ms", None, LIMIT),
    ]


def _first(found: list[list[float]]) -> float:
    return statistics.median(times[0] for times in found)


def _seek(found: list[list[float]]) -> float:
    return statistics.median(time for times in found for time in times[1:])


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_page()
    page.goto(address)
    return page


def _of(studio: Studio, asset: dict[str, Any]) -> str:
    return f"{studio.url}/media/{asset['id']}"


def _import(studio: Studio, clip: Path) -> dict[str, Any]:
    bearer = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=bearer, timeout=60) as client:
        [project] = client.get("/api/projects").json()["items"]
        parts = [("files", (clip.name, clip.read_bytes()))]
        answer = client.post(f"/api/projects/{project['id']}/imports", files=parts)
    if answer.is_error:
        raise BenchmarkError(f"The clip was not taken: {answer.text}")
    [asset] = answer.json()["assets"]
    return dict(asset)


def _make_clip(path: Path) -> Path:
    width, height = SIZE
    chance = np.random.default_rng(SEED)
    grain = chance.integers(0, 40, (height * 3 // 2 + 64, width), np.uint8)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        options = {"preset": "ultrafast", "g": str(GOP)}
        video: Any = container.add_stream("libx264", rate=Fraction(FPS), options=options)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        for number in range(SECONDS * FPS):
            pixels = grain[number % 64 : number % 64 + height * 3 // 2] + np.uint8(100)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="yuv420p")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path
