"""What the player offers is what a studio accepts, and does: each line of the page's own table."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.emulator import FalEmulator
from tests.integration.test_recovery import Face, face, full_disk, keep_links
from tests.sample_media import make_clip

ROOT = Path(__file__).parents[2]
TABLE: dict[str, list[str]] = json.loads(
    (ROOT / "web/src/playback/accepted.json").read_text(encoding="utf-8")
)
PLACES = ("saved", "damaged", "spooled", "in_memory", "url_only", "expired", "missing")
OFFERED = [(remedy, place) for remedy, places in TABLE.items() for place in places]
REFUSED = [
    (remedy, place)
    for remedy in ("relink", "copy")
    for place in PLACES
    if place not in TABLE[remedy] and (remedy, place) != ("copy", "damaged")
]
ADDRESSES = {"look": "retry", "ask": "retry", "copy": "proxy"}
"""Where the page asks for what it calls by another name."""


@asynccontextmanager
async def a_clip(place: str, home: Path, fal: FalEmulator) -> AsyncIterator[tuple[Face, str]]:
    """A generated clip whose bytes are in this place, by the real cause."""
    async with AsyncExitStack() as closing:
        changes: dict[str, object] = {}
        if place in {"spooled", "in_memory"}:
            closing.enter_context(full_disk(home))
        if place == "in_memory":
            blocked = home.with_name("no-folder")
            blocked.write_text("")
            changes["spool"] = blocked / "spool"
        library = await closing.enter_async_context(face(home, fal, **changes))
        if place == "url_only":
            await keep_links(library)
        [asset] = await library.generate(f"a heron{' [fault:media-404]' * (place == 'expired')}")
        media = await library.media(asset)
        if place == "damaged":
            library.file(media).write_bytes(b"another film")
        if place == "missing":
            library.file(media).rename(home.with_name("kept.mp4"))
            await library.post(f"assets/{asset}/retry")
        media = await library.media(asset)
        found = {"spool": "spooled", "memory": "in_memory"}.get(media["held"], media["state"])
        assert found == ("saved" if place == "damaged" else place)
        yield library, asset


async def ask(library: Face, asset: str, remedy: str, **query: Any) -> httpx.Response:
    address = f"/api/assets/{asset}/{ADDRESSES.get(remedy, remedy)}"
    if remedy != "relink":
        return await library.client.post(address)
    mine = make_clip(library.studio.settings.home.with_name("mine.mp4"))
    files = {"file": (mine.name, mine.read_bytes())}
    return await library.client.post(address, files=files, params=query)


@pytest.mark.parametrize(("remedy", "place"), OFFERED)
async def test_what_the_player_offers_is_accepted(
    tmp_path: Path, fal: FalEmulator, remedy: str, place: str
) -> None:
    async with a_clip(place, tmp_path / "library", fal) as (library, asset):
        answer = await ask(library, asset, remedy, anyway=True)
        assert answer.is_success, answer.text
        if remedy in {"relink", "download"}:
            assert (await library.media(asset))["state"] == "saved"


@pytest.mark.parametrize(("remedy", "place"), REFUSED)
async def test_what_it_does_not_offer_there_is_refused(
    tmp_path: Path, fal: FalEmulator, remedy: str, place: str
) -> None:
    async with a_clip(place, tmp_path / "library", fal) as (library, asset):
        answer = await ask(library, asset, remedy, anyway=True)
        assert answer.is_client_error, answer.text
