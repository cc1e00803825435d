"""What a person sees while scrolling: the frames that reach the screen, as Chromium's trace tells.

A wheel scrolls on a thread of its own, so the page's script says nothing about it. Each frame says
in the trace when it was shown, and whether a part of it was not painted yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from benchmarks.processes import BenchmarkError

SECONDS = 4
LATE = 25.0
"""Milliseconds from one frame to the next: half a frame later than sixty in a second."""
SCROLLING = "SCROLL_COMPOSITOR_THREAD"


@dataclass(frozen=True, slots=True)
class Scrolled:
    rate: float
    """Frames a second."""
    late: float
    """Of a hundred frames, how many came late."""
    unpainted: float
    """Of a hundred frames, how many had a place that was not painted yet."""


@dataclass(frozen=True, slots=True)
class Frame:
    number: int
    shown: float
    """Milliseconds."""
    is_whole: bool


def scroll(page: Page, speed: int) -> Scrolled:
    """Turn the wheel over the middle of the page, so many pixels a second."""
    browser, size = page.context.browser, page.viewport_size
    if browser is None or size is None:
        raise BenchmarkError("This page has no browser or size of its own.")
    devtools = page.context.new_cdp_session(page)
    browser.start_tracing(page=page, categories=["cc", "benchmark"])
    turned = {
        "x": size["width"] * 0.6,
        "y": size["height"] / 2,
        "yDistance": -speed * SECONDS,
        "speed": speed,
        "gestureSourceType": "mouse",
        "preventFling": True,
    }
    devtools.send("Input.synthesizeScrollGesture", turned)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    devtools.detach()
    return _figures(sorted(_first_of_each(_frames(events)), key=lambda frame: frame.shown))


def _figures(frames: list[Frame]) -> Scrolled:
    if len(frames) < SECONDS:
        raise BenchmarkError("The page was not scrolled by the wheel.")
    gaps = [after.shown - before.shown for before, after in pairwise(frames)]
    late, unpainted = sum(gap > LATE for gap in gaps), sum(not one.is_whole for one in frames)
    return Scrolled(
        rate=1000 * len(gaps) / sum(gaps),
        late=100 * late / len(gaps),
        unpainted=100 * unpainted / len(frames),
    )


def _frames(events: Iterable[dict[str, Any]]) -> Iterator[Frame]:
    """Those that were shown while scrolling. One frame may be reported by two threads."""
    begun: dict[tuple[int, str], dict[str, Any]] = {}
    for event in events:
        if event.get("name") != "PipelineReporter":
            continue
        key = (event["pid"], json.dumps(event.get("id") or event.get("id2")))
        if event["ph"] == "b":
            told = event["args"]
            begun[key] = told.get("frame_reporter") or told.get("chrome_frame_reporter", {})
        elif event["ph"] == "e" and (told := begun.pop(key, {})):
            is_shown = told["state"].startswith("STATE_PRESENTED")
            if is_shown and told.get("scroll_state") == SCROLLING:
                is_whole = not told.get("has_missing_content", False)
                yield Frame(told["frame_sequence"], event["ts"] / 1000, is_whole)


def _first_of_each(frames: Iterable[Frame]) -> Iterable[Frame]:
    first: dict[int, Frame] = {}
    for frame in frames:
        known = first.get(frame.number)
        if known is None or frame.shown < known.shown:
            first[frame.number] = frame
    return first.values()
