"""Links of a real provider's emulator: played through the studio, kept, renewed and expired."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from rushes.catalogue import generations
from rushes.domain.asset import Asset
from rushes.domain.errors import MediaGoneError
from rushes.domain.generation import Done, Generation, Saving, Ticket
from rushes.domain.media_reference import FormerFile, UrlOnlyMedia
from rushes.pipeline.links import renew_link
from rushes.pipeline.tools import Tools
from rushes.pipeline.unsaved import ask_once_more
from rushes.providers.provider import Delivery, Provider, RemoteFile
from rushes.providers.registry import Registry
from rushes.studio import Studio
from tests.emulator import FalEmulator
from tests.integration.test_recovery import Face, face, keep_links
from tests.media_host import Answer, Asked, media_host, whole
from tests.studios import MODEL, QUICK, put_media

GONE = MediaGoneError("The media host answered 404 Not Found.", status=404)
PIECES = ("bytes=5000-", "bytes=0-999", "bytes=1000-4999")


@asynccontextmanager
async def link(
    home: Path, fal: FalEmulator, prompt: str = "a heron", **changes: object
) -> AsyncIterator[tuple[Face, str]]:
    """A library with one clip that is kept as an address."""
    async with face(home, fal, **changes) as library:
        await keep_links(library)
        [asset] = await library.generate(prompt)
        assert (await library.media(asset))["state"] == "url_only"
        yield library, asset


def asked_of_media_host(fal: FalEmulator) -> list[str]:
    return [seen.method for seen in fal.seen if seen.host == "media"]


async def test_a_link_is_played_and_stays_a_link(tmp_path: Path, fal: FalEmulator) -> None:
    async with link(tmp_path, fal) as (library, asset):
        played = await library.client.get(f"/media/{asset}")
        [clip] = fal.clips_of(fal.ledger[0].request_id)
        assert (played.status_code, played.content) == (200, clip)
        assert (await library.media(asset))["state"] == "url_only"


async def test_the_key_never_goes_to_the_media_host(tmp_path: Path, fal: FalEmulator) -> None:
    async with link(tmp_path, fal, keep_relayed=True) as (library, asset):
        await library.client.get(f"/media/{asset}")
        await library.until(asset, "saved")
        await library.get(f"assets/{asset}/playback", check=True)
    came = [seen for seen in fal.seen if seen.host == "media"]
    assert came
    assert not any(seen.has_key for seen in came)
    assert not any(fal.key in repr(seen) for seen in came)
    assert any(seen.has_key for seen in fal.seen if seen.host == "queue")


async def test_a_clip_that_was_watched_whole_is_saved_from_what_passed(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with link(tmp_path, fal, keep_relayed=True) as (library, asset):
        played = await library.client.get(f"/media/{asset}")
        await library.until(asset, "saved")
        media = await library.media(asset)
        assert library.file(media).read_bytes() == played.content
        assert media["sha256"] == hashlib.sha256(played.content).hexdigest()
        assert (await library.get(f"assets/{asset}"))["video_codec"] == "h264"
        # It came once: what was saved is what was watched.
        assert asked_of_media_host(fal) == ["GET"]
        await library.studio.pipeline.until_quiet()
        assert list((tmp_path / "cache" / "passing").iterdir()) == []


async def test_a_clip_that_was_watched_in_pieces_is_saved_once_all_have_passed(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with link(tmp_path, fal, keep_relayed=True) as (library, asset):
        for piece in PIECES[:-1]:
            answer = await library.client.get(f"/media/{asset}", headers={"Range": piece})
            assert answer.status_code == 206
        assert (await library.media(asset))["state"] == "url_only"
        await library.client.get(f"/media/{asset}", headers={"Range": PIECES[-1]})
        await library.until(asset, "saved")
        [clip] = fal.clips_of(fal.ledger[0].request_id)
        assert library.file(await library.media(asset)).read_bytes() == clip


def of_two_versions(first: bytes, later: bytes, headers: Mapping[str, str]) -> Answer:
    """Answers the beginning from one file and every other part from another."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        match = re.fullmatch(r"bytes=([0-9]+)-([0-9]*)", asked.headers["range"])
        assert match is not None
        start, end = int(match[1]), int(match[2] or len(first) - 1) + 1
        part = (later if start else first)[start:end]
        place = {"Content-Range": f"bytes {start}-{end - 1}/{len(first)}"}
        await whole(part, status=206, headers={**place, **headers})(asked, writer)

    return answer


@pytest.mark.parametrize(
    "headers",
    [
        {"ETag": 'W/"one"'},
        {"ETag": "one"},
        {"Last-Modified": "Fri, 02 Jan 2026 00:00:00 GMT"},
        {"Last-Modified": "Fri, 02 Jan 2026 00:00:00 GMT", "Date": "Fri, 02 Jan 2026 00:00:30 GMT"},
    ],
    ids=["weak", "no tag", "date", "young date"],
)
async def test_pieces_that_are_not_certain_to_be_of_one_version_are_not_joined(
    tmp_path: Path, fal: FalEmulator, headers: Mapping[str, str]
) -> None:
    async with media_host() as host:
        hosts = f"{fal.media_host},{host.authority}"
        async with link(tmp_path, fal, keep_relayed=True, media_hosts=hosts) as (library, asset):
            [clip] = fal.clips_of(fal.ledger[0].request_id)
            half = len(clip) // 2
            other = clip[:half] + bytes(byte ^ 0x5A for byte in clip[half:])
            url = host.put("/a.mp4", of_two_versions(clip, other, headers))
            await point_to(library, asset, url)
            for piece in (f"bytes=0-{half - 1}", f"bytes={half}-"):
                answer = await library.client.get(f"/media/{asset}", headers={"Range": piece})
                assert answer.status_code == 206
            assert begun_anew(tmp_path, asset, half)
            assert (await library.media(asset))["state"] == "url_only"
            # All in one answer is of one version, whatever it is called.
            await library.client.get(f"/media/{asset}", headers={"Range": "bytes=0-"})
            await library.until(asset, "saved")
            assert library.file(await library.media(asset)).read_bytes() == clip


async def test_pieces_from_two_addresses_are_not_joined(tmp_path: Path, fal: FalEmulator) -> None:
    async with media_host() as host:
        hosts = f"{fal.media_host},{host.authority}"
        async with link(tmp_path, fal, keep_relayed=True, media_hosts=hosts) as (library, asset):
            [clip] = fal.clips_of(fal.ledger[0].request_id)
            half = len(clip) // 2
            for place, piece in ((0, f"bytes=0-{half - 1}"), (half, f"bytes={half}-")):
                answer = of_two_versions(clip, clip, {"ETag": '"1"'})
                await point_to(library, asset, host.put(f"/{place}.mp4", answer))
                await library.client.get(f"/media/{asset}", headers={"Range": piece})
            assert begun_anew(tmp_path, asset, half)


async def point_to(library: Face, asset: str, url: str) -> None:
    await put_media(library.studio, asset, UrlOnlyMedia(url))


def begun_anew(home: Path, asset: str, at: int) -> bool:
    """Whether of what came before this place nothing is kept."""
    [kept] = (home / "cache" / "passing").iterdir()
    return kept.name == f"{asset}.passing" and not any(kept.read_bytes()[:at])


async def test_what_was_watched_in_part_is_not_kept(tmp_path: Path, fal: FalEmulator) -> None:
    async with link(tmp_path, fal, keep_relayed=True) as (library, asset):
        await library.client.get(f"/media/{asset}", headers={"Range": "bytes=0-999"})
        assert (await library.media(asset))["state"] == "url_only"
    assert list((tmp_path / "cache" / "passing").iterdir()) == []


async def test_what_passed_and_is_no_clip_is_not_saved(tmp_path: Path, fal: FalEmulator) -> None:
    async with link(tmp_path, fal, "a heron [fault:media-random]", keep_relayed=True) as (
        library,
        asset,
    ):
        assert (await library.client.get(f"/media/{asset}")).status_code == 200
        async with asyncio.timeout(60):
            while (await library.media(asset))["error"] is None:
                await asyncio.sleep(0.01)
        media = await library.media(asset)
        assert (media["state"], media["error"]["code"]) == ("url_only", "media_unreadable")


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_link_that_is_gone_is_expired_only_after_the_provider_was_asked(
    tmp_path: Path, fal: FalEmulator, status: int
) -> None:
    async with link(tmp_path, fal, f"a heron [fault:media-{status}]") as (library, asset):
        before = len([seen for seen in fal.seen if seen.host == "queue"])
        answer = await library.client.get(f"/media/{asset}")
        assert (answer.status_code, answer.json()["code"]) == (410, "media_gone")
        assert len([seen for seen in fal.seen if seen.host == "queue"]) > before
        media = await library.media(asset)
        assert (media["state"], media["error"]["code"]) == ("expired", "media_gone")
        shown = await library.get(f"assets/{asset}/playback")
        assert (shown["source"], shown["reason"]["code"]) == ("none", "media_gone")
        assert shown["remote"]["status"] == status
        assert await library.notices() == [("clips_expired", 1)]
    assert len(fal.ledger) == 1


async def test_a_link_whose_provider_does_not_answer_is_not_called_expired(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with link(tmp_path, fal, "a heron [fault:media-404]") as (library, asset):
        fal.key = "another:key"
        answer = await library.client.get(f"/media/{asset}")
        assert answer.json()["code"] == "media_gone"
        media = await library.media(asset)
        assert (media["state"], media["error"]["code"]) == ("url_only", "provider_key_refused")
        fal.key = "test:key"


async def test_a_link_that_has_moved_is_played_from_its_new_address_at_once(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with media_host() as old:
        hosts = f"{fal.media_host},{old.authority}"
        async with link(tmp_path, fal, media_hosts=hosts) as (library, asset):
            fresh = (await library.media(asset))["url"]
            stale = UrlOnlyMedia(old.put("/old.mp4", whole(b"", status=404)))
            await put_media(library.studio, asset, stale)
            played = await library.client.get(f"/media/{asset}")
            assert [played.content] == list(fal.clips_of(fal.ledger[0].request_id))
            assert (await library.media(asset))["url"] == fresh
            assert len(old.asked) == 1
            assert (await library.media(asset))["error"] is None
            assert await library.notices() == []


async def test_what_was_let_go_is_still_known_when_its_address_is_another(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with media_host() as old:
        hosts = f"{fal.media_host},{old.authority}"
        async with link(tmp_path, fal, media_hosts=hosts) as (library, asset):
            url = (await library.media(asset))["url"]
            former = FormerFile("media/Teaser/heron.mp4", 5, "ab" * 32)
            stale = UrlOnlyMedia(old.put("/old.mp4", whole(b"", status=404)), former=former)
            await put_media(library.studio, asset, stale)
            await library.client.get(f"/media/{asset}")
            assert (await library.studio.assets.get(asset)).media == UrlOnlyMedia(
                url, former=former
            )
            other = await library.post(f"assets/{asset}/download")
            assert (other["state"], other["error"]["code"]) == ("url_only", "remote_differs")


class Standin:
    """A provider that says when its addresses expire, and answers for a result when it may."""

    def __init__(self, real: Provider, expires_at: datetime | None = None) -> None:
        self._real, self._expires_at = real, expires_at
        self.is_asked, self.may_answer = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def result(self, ticket: Ticket) -> Delivery:
        self.is_asked.set()
        await self.may_answer.wait()
        return await self._real.result(ticket)

    async def media(self, delivery: Delivery) -> RemoteFile:
        source = await self._real.media(delivery)
        assert isinstance(source, RemoteFile)
        return replace(source, expires_at=self._expires_at)


def with_standin(studio: Studio, expires_at: datetime | None = None) -> tuple[Tools, Standin]:
    tools = studio.pipeline._tools
    standin = Standin(tools.registry.find(MODEL).provider, expires_at)
    return replace(tools, registry=Registry([cast(Provider, standin)])), standin


async def test_what_is_saved_while_the_provider_is_asked_about_its_address_stays_saved(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with link(tmp_path, fal) as (library, asset_id):
        tools, standin = with_standin(library.studio)
        asset, generation, done = await about(library, asset_id)
        asking = asyncio.create_task(renew_link(tools, generation, done, asset, GONE))
        await standin.is_asked.wait()
        assert (await library.post(f"assets/{asset_id}/download"))["state"] == "saved"
        saved = await library.studio.assets.get(asset_id)
        standin.may_answer.set()
        await asking
        assert await library.studio.assets.get(asset_id) == saved
        assert await library.notices() == []


@pytest.mark.parametrize("is_being_saved", [False, True])
async def test_a_new_address_comes_with_its_own_end(
    tmp_path: Path, fal: FalEmulator, is_being_saved: bool
) -> None:
    soon, later = datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    async with link(tmp_path, fal) as (library, asset_id):
        url = (await library.media(asset_id))["url"]
        await put_media(library.studio, asset_id, UrlOnlyMedia(f"{url}?old", soon))
        asset, generation, done = await about(library, asset_id)
        tools, standin = with_standin(library.studio, later)
        standin.may_answer.set()
        if is_being_saved:
            saving = Saving(done.ticket, done.document, "media/heron.mp4")
            await ask_once_more(tools, generation, saving, asset, GONE)
        else:
            await renew_link(tools, generation, done, asset, GONE)
        media = (await library.studio.assets.get(asset_id)).media
        assert isinstance(media, UrlOnlyMedia)
        assert (media.url, media.expires_at) == (url, later)
        # While it is being saved it is counted how often an address was gone.
        assert (media.failure is not None) == is_being_saved
        assert await library.notices() == []


async def about(library: Face, asset_id: str) -> tuple[Asset, Generation, Done]:
    asset = await library.studio.assets.get(asset_id)
    [generation] = (await library.studio.generations.list_newest()).items
    assert isinstance(generation.state, Done)
    return asset, generation, generation.state


async def test_a_new_address_is_tried_however_often_the_old_one_failed_in_another_way(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with (
        media_host() as old,
        link(tmp_path, fal, media_hosts=f"{fal.media_host},{old.authority}", pace=QUICK) as (
            library,
            asset,
        ),
    ):
        url = old.put("/clip.mp4", *[whole(b"", status=500)] * 5, whole(b"", status=404))
        document = json.dumps({"video": {"url": url}})
        made = (await library.studio.assets.get(asset)).origin.generation_id

        await library.studio.catalogue.write(
            lambda transaction: generations.keep_document(transaction, made, document)
        )
        await put_media(library.studio, asset, UrlOnlyMedia(url))
        await library.post(f"assets/{asset}/download")
        await library.until(asset, "saved")
        assert len(old.asked) == 6
