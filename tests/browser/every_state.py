"""A library with a card in every state, each of them by the real cause and none painted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio

MODEL = "ltx-2.3-fast"
SETTINGS = {"duration": 6, "resolution": "1080p", "fps": 25}
MEGABYTE = 2**20
LONGEST_WAIT = 60.0
HOSTILE = "<img src=x onerror=alert(1)> שלום עולם 🎬🎬 " + "lakelakelake" * 400
"""Markup, another direction, emoji, and one word without an end: 5,000 characters."""


T = TypeVar("T")


@dataclass(frozen=True)
class Library:
    home: Path
    studio: OpenStudio
    client: httpx.Client
    project: str
    filler: Path
    """What fills the disk of the media folder: without it there is room again."""

    def ask(self, prompt: str, project: str | None = None) -> str:
        """Order one take; returns the generation's id."""
        body = {
            "prompt": prompt,
            "models": [MODEL],
            "settings": SETTINGS,
            "ignore_room": True,
        }
        answer = self.client.post(f"/api/projects/{project or self.project}/generations", json=body)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        return str(answer.json()["generations"][0]["id"])

    def item(self, item_id: str) -> dict[str, Any]:
        item: dict[str, Any] = self.client.get(f"/api/library/{item_id}").json()
        return item

    def until(self, item_id: str, state: str) -> dict[str, Any]:
        """The item, once it is in this state."""
        return eventually(
            lambda: self.item(item_id), lambda item: item["state"] == state, what=state
        )

    def new_project(self, name: str, **changes: str) -> str:
        project = str(self.client.post("/api/projects", json={"name": name}).json()["id"])
        if changes:
            self.client.patch(f"/api/projects/{project}", json=changes).raise_for_status()
        return project

    def lose_file(self, item: dict[str, Any]) -> None:
        """Take its file from the disk, and have the studio look."""
        (self.home / item["asset"]["media"]["path"]).unlink()
        self.client.post(f"/api/assets/{item['asset']['id']}/retry").raise_for_status()

    def fill_disk(self) -> None:
        with self.filler.open("wb") as file:
            try:
                while True:
                    file.write(bytes(MEGABYTE // 16))
                    file.flush()
            except OSError:
                pass


def eventually(look: Callable[[], T], is_it: Callable[[T], bool], *, what: str) -> T:
    latest = time.monotonic() + LONGEST_WAIT
    while not is_it(found := look()):
        assert time.monotonic() < latest, f"never {what}: {found}"
        time.sleep(0.05)
    return found


@contextmanager
def open_library(tmp_path: Path, fal: FalEmulator, port: int = 0) -> Iterator[Library]:
    """A studio whose media folder is a disk of its own, of 32 MB."""
    home = tmp_path / "library"
    environment = environment_for(home, fal, RUSHES_SUBMIT_TIMEOUT="2")
    with (
        small_disk(home / "media", "32m") as media,
        open_studio(environment, port) as studio,
        client_of(studio) as client,
    ):
        project = str(client.get("/api/projects").json()["items"][0]["id"])
        yield Library(home, studio, client, project, media / "filler")


@contextmanager
def client_of(studio: OpenStudio) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=headers, timeout=90, trust_env=False) as client:
        yield client


def fill_every_state(library: Library, fal: FalEmulator) -> dict[str, str]:
    """One item in each state; returns their ids by the name of the state."""
    fal.settings.slow_piece_seconds = 3.0
    ids = {"saved": library.ask("A heron lifts off a misty lake at dawn")}
    ids["hostile"] = library.ask(HOSTILE[:5000])
    ids["missing"] = library.ask("Neon rain over a sleeping city, seen from a slow train")
    ids["failed"] = library.ask("Something refused [fault:result-422-content]")
    ids["expired"] = library.ask("Too late for this one [fault:media-410]")
    ids["unconfirmed"] = library.ask("Did this one arrive? [fault:submit-lost]")
    ids["queued"] = library.ask("Waiting for its turn [fault:stuck-in-queue]")
    ids["running"] = library.ask("Being made right now [fault:stuck-running]")
    ids["cancelled"] = library.ask("Called off [fault:stuck-in-queue]")
    for name in ("saved", "hostile", "missing", "failed", "expired", "unconfirmed"):
        ended = "saved" if name in {"hostile", "missing"} else name
        item = library.until(ids[name], ended)
        if name == "missing":
            library.lose_file(item)
    library.client.post(f"/api/generations/{ids['cancelled']}/cancel").raise_for_status()
    library.client.patch(f"/api/projects/{library.project}", json={"keep": "links"})
    ids["url_only"] = library.ask("Kept at the provider for now")
    library.until(ids["url_only"], "url_only")
    library.client.patch(f"/api/projects/{library.project}", json={"keep": "files"})
    library.fill_disk()
    ids["unsaved"] = library.ask("No room left for this one")
    library.until(ids["unsaved"], "unsaved")
    return ids
