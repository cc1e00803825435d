"""Every state that a card can be in, each by what really causes it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.browser.asking import Asking

WAIT_SECONDS = 60

RUSHES = "A heron lifts off a misty lake at dawn, slow pan to the left"


def make_every_state(asking: Asking, library: Path) -> None:
    """Fill the first project. The library's media lie on a small disk, which is full afterwards."""
    project = asking.projects()[0]
    asking.order("The file is moved away", project["id"])
    for prompt in (RUSHES, "<img src=x onerror=alert(1)> שלום עולם 🎬 " + "long " * 200):
        asking.order(prompt, project["id"])
    asking.order("Portrait of a lighthouse keeper", project["id"], "animatic")
    _wait(lambda: len(_media(asking, "saved")) == 4)

    asking.order("Refused by the provider [fault:result-422-content]", project["id"])
    asking.order("Running for long [fault:stuck-running]", project["id"])
    asking.order("Waiting in the queue [fault:stuck-in-queue]", project["id"])
    cancelled = asking.order("Given up in the queue [fault:stuck-in-queue]", project["id"])
    asking.order("Nobody knows [fault:submit-reply-lost][fault:list-empty]", project["id"])
    _wait(lambda: _state(asking, cancelled) == "queued")
    asking.ask("POST", f"/api/generations/{cancelled}/cancel", {})

    asking.ask("PATCH", f"/api/projects/{project['id']}", {"keep": "links"})
    asking.order("Still at the provider", project["id"])
    asking.order("Gone from the provider [fault:media-410]", project["id"])
    _wait(lambda: len(_media(asking, "url_only")) == 2)
    asking.ask("PATCH", f"/api/projects/{project['id']}", {"keep": "files"})
    gone = next(each for each in _media(asking, "url_only") if "Gone" in each["name"])
    asking.ask("POST", f"/api/assets/{gone['id']}/download", {})

    moved = next(each for each in _media(asking, "saved") if "moved" in each["name"])
    (library / moved["media"]["path"]).unlink()
    asking.ask("POST", f"/api/assets/{moved['id']}/retry", {})

    asking.order("No room on the disk [fault:media-slow]", project["id"])
    fill(library / "media")
    _wait(lambda: len(_media(asking, "unsaved")) == 1)


def fill(disk: Path) -> None:
    """Write until nothing more fits."""
    with (disk / "filler").open("ab", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(os.urandom(65536))


def _media(asking: Asking, state: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = asking.ask("GET", f"/api/assets?limit=200&state={state}")["items"]
    return items


def _state(asking: Asking, generation_id: str) -> str:
    return str(asking.ask("GET", f"/api/generations/{generation_id}")["state"])


def _wait(holds: Callable[[], bool]) -> None:
    """Until it holds: what is waited for happens in the studio's own time."""
    end = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < end, "the studio did not come to this state"
        time.sleep(0.1)
