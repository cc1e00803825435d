"""The page with a hundred thousand takes, beside the same page with ten, in a real Chromium.

The window is driven as a person would drive it. Frames are those that reach the screen, beside
those of an empty document that is scrolled in the same way: a busy machine slows both.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks import processes
from benchmarks.processes import BenchmarkError, Studio
from benchmarks.report import Row
from benchmarks.scrolling import Scrolled, scroll

FEW, MANY = 10, 100_000
ROUNDS = 3
STEADY, FLUNG = 1_800, 5_400
"""Pixels a second: as one looks along, and as one throws it."""
PAGES_AWAY = 200
PATIENCE = 60_000
BUILT = Path(__file__).parents[1] / "src" / "rushes" / "server" / "page" / "assets"

WATCH = """(() => {
    const seen = window.seen = { painted: null, delays: [] };
    new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.delays.push(duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
    const look = () => {
        const picture = document.querySelector("[role=grid] img");
        if (picture?.complete && picture.naturalWidth > 0) seen.painted = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})();"""
TALL = (
    "document.body.append(Object.assign(document.createElement('div'), {textContent: 'x'}));"
    "document.body.firstElementChild.style.height = '100000px'"
)


@dataclass(frozen=True, slots=True)
class Figures:
    painted: float
    """Milliseconds from asking for the page to the first poster."""
    delay: float
    """Milliseconds, the longest from a key or a press to what is drawn then."""
    nodes: float
    heap: float
    """MB."""
    heap_far: float
    """MB, after many pages have gone by."""


F = TypeVar("F", Figures, Scrolled)


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="rushes-page-") as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        for home, takes in ((few, FEW), (many, MANY)):
            _fill(home, takes)
        with (
            processes.studio(few) as small,
            processes.studio(many) as large,
            chromium() as browser,
        ):
            return _rounds(browser, small, large)


def _fill(home: Path, takes: int) -> None:
    # By another process: Playwright's event loop and one of ours would be in each other's way.
    command = [processes.PYTHON, "-m", "benchmarks.filled_page", str(home), str(takes)]
    subprocess.run(command, env=processes.environment(), check=True)


def _rounds(browser: Browser, small: Studio, large: Studio) -> list[Row]:
    """They take turns, so that all meet the same disturbances."""
    few, many, steady, flung, bare = [], [], [], [], []
    for _ in range(ROUNDS):
        few.append(measure(browser, small))
        many.append(measure(browser, large))
        steady.append(_scrolled(browser, large, STEADY))
        flung.append(_scrolled(browser, large, FLUNG))
        bare.append(_scrolled_nothing(browser))
    nothing = _median(bare)
    return [
        *_rows(_median(few), _median(many)),
        *_scrolling(f"{STEADY:,} px a second", _median(steady), nothing),
        *_scrolling(f"{FLUNG:,} px a second", _median(flung), nothing),
        Row("scripts of the page, compressed", script_size() / 1000, None, "kB"),
    ]


def _rows(few: Figures, many: Figures) -> list[Row]:
    return [
        Row(f"first poster, {MANY:,} takes to {FEW}", many.painted, few.painted, "ms"),
        Row("  longest delay of a key or press", many.delay, few.delay, "ms"),
        Row("  nodes of the document", many.nodes, few.nodes, ""),
        Row("  memory of its scripts", many.heap, few.heap, "MB"),
        Row(f"  the same, {PAGES_AWAY} screens further", many.heap_far, many.heap, "MB"),
    ]


def _scrolling(how: str, page: Scrolled, bare: Scrolled) -> list[Row]:
    """Beside an empty document that is thrown."""
    return [
        Row(f"scrolling, {how}: frames a second", page.rate, bare.rate, ""),
        Row("  late ones of 100", page.late, bare.late or None, ""),
        Row("  with a place not painted yet, of 100", page.unpainted, bare.unpainted or None, ""),
    ]


def _median(found: Sequence[F]) -> F:
    kind = type(found[0])
    names = [one.name for one in fields(kind)]
    return kind(*(statistics.median(getattr(one, name) for one in found) for name in names))


@contextmanager
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise BenchmarkError("There is no Chromium: scripts/prepare-chromium.sh installs one.")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=as_root)
        yield browser
        browser.close()


def measure(browser: Browser, studio: Studio) -> Figures:
    page = _open(browser, studio)
    page.add_init_script(WATCH)
    page.reload()
    painted = _painted(page)
    _use(page)
    delays = page.evaluate("window.seen.delays")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    heap, nodes = _memory(devtools)
    _far_away(page)
    heap_far, _ = _memory(devtools)
    page.context.close()
    delay = max(delays, default=0.0)
    return Figures(painted, delay, nodes, heap, heap_far)


def _open(browser: Browser, studio: Studio) -> Page:
    """In a context of its own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{studio.url}/?token={studio.token}")
    page.locator("[role=grid] img").first.wait_for()
    return page


def _painted(page: Page) -> float:
    page.locator("[role=grid] img").first.wait_for()
    while (painted := page.evaluate("window.seen.painted")) is None:
        page.wait_for_timeout(50)
    return float(painted)


def _use(page: Page) -> None:
    """What a person does in a minute: keys through the grid, a search, a filter."""
    page.locator("[role=grid] [data-main][tabindex='0']").focus()
    for key in ["ArrowRight"] * 5 + ["ArrowDown"] * 8 + ["PageDown"] * 4 + ["Home", "End"]:
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    for key in ("Control+End", "Control+Home"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)
    page.get_by_role("searchbox").click()
    page.keyboard.type("Shot 7", delay=60)
    page.get_by_role("button", name="Remove filter").wait_for()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Remove filter").wait_for(state="detached")
    page.get_by_role("button", name="State", exact=True).click()
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)


def _far_away(page: Page) -> None:
    for _ in range(PAGES_AWAY):
        page.evaluate("window.scrollBy(0, innerHeight)")
        page.wait_for_timeout(30)
    page.wait_for_timeout(2000)


def _scrolled(browser: Browser, studio: Studio, speed: int) -> Scrolled:
    page = _open(browser, studio)
    page.wait_for_timeout(2000)
    scrolled = scroll(page, speed)
    page.context.close()
    return scrolled


def _scrolled_nothing(browser: Browser) -> Scrolled:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.evaluate(TALL)
    scrolled = scroll(page, FLUNG)
    context.close()
    return scrolled


def _memory(devtools: CDPSession) -> tuple[float, float]:
    """MB of the scripts' heap after all that is not needed is gone, and the document's nodes."""
    devtools.send("HeapProfiler.collectGarbage")
    metrics: dict[str, Any] = {
        one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]
    }
    return metrics["JSHeapUsedSize"] / 1e6, metrics["Nodes"]


def script_size() -> int:
    """Bytes of all scripts as a browser would get them compressed."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in BUILT.glob("*.js"))


def detail() -> str:
    sizes = {file.name: len(gzip.compress(file.read_bytes(), 9)) for file in BUILT.iterdir()}
    return json.dumps(sizes, indent=2)
