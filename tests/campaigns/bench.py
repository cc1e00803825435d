"""Takes that cannot be saved, as their person sees them over HTTP.

What is not as it has to be is gathered, so that a scenario tells all of it at once.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from rushes.domain.generation import Saving
from rushes.pipeline.pace import Backoff
from rushes.studio import Studio
from tests.campaigns.place import WAIT_SECONDS
from tests.server.conftest import client_of
from tests.studios import QUICK, ask

NEVER = Backoff(first=3600, factor=1, longest=3600)
BY_HAND = replace(QUICK, storage=NEVER, download=NEVER, answer_within=20)
"""Nothing is tried again by itself: what is saved was saved by the one retry."""
ONCE = "[fault:media-big][fault:media-once]"
"""A clip that fills a small disk, and that can be had from the provider once."""


@dataclass(frozen=True)
class Expected:
    """How a take has to be while it cannot be saved."""

    state: str
    codes: frozenset[str]
    held: str | None = None


def unsaved(code: str, held: str = "spool") -> Expected:
    return Expected("unsaved", frozenset({code}), held)


@dataclass
class Bench:
    name: str
    studio: Studio
    client: httpx.AsyncClient
    takes: list[str] = field(default_factory=list)
    clips: list[str] = field(default_factory=list)
    """The assets of the takes, once they have been tried to be saved."""
    found: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    async def order(self, *prompts: str) -> None:
        [(project, _)] = await self.studio.projects.list_all()
        for prompt in prompts:
            planned = await self.studio.pipeline.generate(project.id, ask(prompt))
            self.takes += [one.id for one in planned]

    async def fails(self, expected: Expected) -> None:
        """Wait until each take has been tried to be saved, and see how it stands then."""
        self.clips = [await self._tried(take) for take in self.takes]
        for clip in self.clips:
            self._compare("tried", (await self._asset(clip))["media"], expected)
        await self._is_told()

    async def plays(self) -> None:
        """What waits elsewhere plays from there."""
        for clip in self.clips:
            media = (await self._asset(clip))["media"]
            played = await self.client.get(f"/media/{clip}")
            found = hashlib.sha256(played.content).hexdigest()
            if (played.status_code, found) != (200, media["sha256"]):
                self.broken.append(f"{media['state']} and does not play: {played.status_code}")

    async def retry(self, expected: Expected | None = None, how: str = "retry") -> None:
        """Retry each. It has to be saved, or to stand as expected."""
        for clip in self.clips:
            answer = (await self.client.post(f"/api/assets/{clip}/{how}")).json()
            if expected is None:
                if (answer["state"], answer["error"]) != ("saved", None):
                    self.broken.append(f"after one {how}: {answer}")
                continue
            media = (await self._asset(clip))["media"]
            self._compare(how, media, expected)
            if answer["state"] != media["state"] or answer["error"] != media["error"]:
                self.broken.append(f"{how} said {answer}, and it is {media}")

    async def retry_in_vain(self, codes: set[str]) -> None:
        """Retry each, of which nothing can come yet; in which state it waits does not matter."""
        for clip in self.clips:
            answer = (await self.client.post(f"/api/assets/{clip}/retry")).json()
            code = answer["error"] and answer["error"]["code"]
            self.found[f"{self.name}: retry: {answer['state']}, {code}"] += 1
            if answer["state"] == "saved" or code not in codes:
                self.broken.append(f"retry said {answer}, not one of {codes}")

    async def is_saved(self) -> None:
        """Wait until each take is."""
        self.clips = [await self._tried(take) for take in self.takes]
        states = [(await self._asset(clip))["media"]["state"] for clip in self.clips]
        if set(states) != {"saved"}:
            self.broken.append(f"nothing was in the way, and the states are {states}")

    def file_in_spool(self) -> Path:
        """The one clip that waits there."""
        [file] = (self.studio.held.spool.folder / "clips").iterdir()
        return file

    async def reserved_path(self) -> str:
        """Where the one take that is on its way will lie."""
        [take] = self.takes
        state = (await self.studio.generations.get(take)).state
        assert isinstance(state, Saving), f"it is {state.name}"
        return state.path

    async def saved_file(self) -> Path:
        [clip] = self.clips
        media = (await self._asset(clip))["media"]
        return self.studio.settings.home / str(media["path"])

    def _compare(self, what: str, media: Any, expected: Expected) -> None:
        code = media["error"] and media["error"]["code"]
        self.found[f"{self.name}: {what}: {media['state']}, {code}"] += 1
        is_held = expected.held in {None, media["held"]}
        if media["state"] != expected.state or code not in expected.codes or not is_held:
            self.broken.append(f"{what}: it is {media}, not {expected}")

    async def _is_told(self) -> None:
        """All are listed, and one notice stands for them."""
        listed = (await self.client.get("/api/assets")).json()["items"]
        missing = set(self.clips) - {asset["id"] for asset in listed}
        if missing:
            self.broken.append(f"not listed: {missing}")
        notices = (await self.client.get("/api/notices")).json()["items"]
        told = [(notice["code"], notice["count"]) for notice in notices]
        if ("clips_unsaved", len(self.clips)) not in told:
            self.broken.append(f"the notices are {told}")

    async def _asset(self, clip: str) -> Any:
        return (await self.client.get(f"/api/assets/{clip}")).json()

    async def _tried(self, take: str) -> str:
        feed = self.studio.catalogue.feed
        while True:
            place = feed.place
            generation = await self.studio.generations.get(take)
            if generation.asset_id is not None:
                media = (await self.studio.assets.get(generation.asset_id)).media
                if getattr(media, "failure", None) is not None or generation.is_ended:
                    return generation.asset_id
            await feed.wait_beyond(place)


@asynccontextmanager
async def bench_of(name: str, studio: Studio) -> AsyncIterator[Bench]:
    async with client_of(studio) as client, asyncio.timeout(WAIT_SECONDS):
        bench = Bench(name, studio, client)
        yield bench
        if not bench.broken:
            # What waited elsewhere goes once it is saved, a moment after that is said.
            await studio.pipeline.until_quiet()
