"""Bytes that are not here, and what a person does about it, over HTTP, against the emulator."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from rushes.catalogue import generations
from rushes.domain.ids import ProjectId
from rushes.domain.media_reference import UrlOnlyMedia
from rushes.pipeline.pace import Backoff, Pace
from rushes.store.memory import ROOM
from rushes.studio import Studio
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.media_host import media_host, whole
from tests.sample_media import make_clip, make_image
from tests.server.conftest import client_of
from tests.studios import QUICK, ask, put_media, studio_for

NEVER = Backoff(first=600, factor=1, longest=600)
BY_HAND = replace(QUICK, storage=NEVER, download=NEVER)
"""Nothing is tried again by itself while a test runs."""


@dataclass(frozen=True)
class Face:
    """A studio, and its HTTP interface."""

    studio: Studio
    client: httpx.AsyncClient
    project: ProjectId

    async def get(self, path: str, **query: Any) -> Any:
        return (await self.client.get(f"/api/{path}", params=query)).json()

    async def post(self, path: str, **query: Any) -> Any:
        answer = await self.client.post(f"/api/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def notices(self) -> list[tuple[str, int]]:
        items = (await self.get("notices"))["items"]
        return [(notice["code"], notice["count"]) for notice in items]

    async def generate(self, *prompts: str) -> list[str]:
        """The ids of the assets, once each has been tried to be saved."""
        planned = [
            (await self.studio.pipeline.generate(self.project, ask(one)))[0] for one in prompts
        ]
        return [await self.tried(one.id) for one in planned]

    async def tried(self, generation_id: str) -> str:
        """Wait until the first attempt to save it has ended; the asset's id."""
        async with asyncio.timeout(60):
            while True:
                place = self.studio.catalogue.feed.place
                generation = await self.studio.generations.get(generation_id)
                if generation.asset_id is not None:
                    media = (await self.studio.assets.get(generation.asset_id)).media
                    failed = getattr(media, "failure", None) is not None
                    if failed or generation.is_ended:
                        return generation.asset_id
                await self.studio.catalogue.feed.wait_beyond(place)

    async def until(self, asset_id: str, state: str) -> None:
        async with asyncio.timeout(60):
            while True:
                place = self.studio.catalogue.feed.place
                if (await self.studio.assets.get(asset_id)).media.state == state:
                    return
                await self.studio.catalogue.feed.wait_beyond(place)

    async def media(self, asset_id: str) -> Any:
        return (await self.get(f"assets/{asset_id}"))["media"]

    def file(self, media: Any) -> Path:
        return self.studio.settings.home / str(media["path"])


@asynccontextmanager
async def face(
    home: Path,
    fal: FalEmulator,
    pace: Pace = BY_HAND,
    memory_room: int = ROOM,
    **changes: object,
) -> AsyncIterator[Face]:
    own = studio_for(home, fal, pace=pace, memory_room=memory_room, **changes)
    async with own as studio, client_of(studio) as client:
        [(project, _)] = await studio.projects.list_all()
        yield Face(studio, client, project.id)


@contextmanager
def full_disk(home: Path) -> Iterator[Path]:
    """A library whose media lie on a full disk; the file that fills it."""
    with small_disk(home / "media", "4m") as disk:
        yield fill(disk)


async def remove(file: Path, disk: Path) -> None:
    """Delete it, and wait until its room is free: whoever makes its poster may have it open."""
    there = file.stat().st_size
    before = shutil.disk_usage(disk).free
    file.unlink()
    # A sidecar may be written meanwhile, and is much smaller.
    while shutil.disk_usage(disk).free < before + there // 2:
        await asyncio.sleep(0.01)


def fill(disk: Path) -> Path:
    """Leave no room on it; the file that takes it."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free)
    return filler


# --- retry ----------------------------------------------------------------------------------------


async def test_retry_says_what_is_in_the_way_and_saves_the_same_bytes_once_it_is_gone(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with full_disk(tmp_path) as filler:
        async with face(tmp_path, fal) as library:
            [asset] = await library.generate("a heron")
            assert (await library.media(asset))["state"] == "unsaved"
            still = await library.post(f"assets/{asset}/retry")
            assert (still["state"], still["error"]["code"]) == ("unsaved", "disk_full")
            assert still["error"]["attempts"] == 2
            filler.unlink()
            done = await library.post(f"assets/{asset}/retry")
            assert (done["state"], done["error"]) == ("saved", None)
            media = await library.media(asset)
            kept = library.file(media).read_bytes()
            assert hashlib.sha256(kept).hexdigest() == media["sha256"]
            assert httpx.get(media["url"]).content == kept
    assert len(fal.ledger) == 1


async def test_the_same_retry_from_many_places_at_once_saves_one_file(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with full_disk(tmp_path) as filler:
        async with face(tmp_path, fal) as library:
            [asset] = await library.generate("a heron")
            filler.unlink()
            answers = await asyncio.gather(
                *(library.post(f"assets/{asset}/{what}") for what in ("retry", "download") * 3)
            )
            assert {answer["state"] for answer in answers} == {"saved"}
            media = await library.media(asset)
            folder = library.file(media).parent
            assert [file.name for file in folder.glob("*.mp4")] == [Path(media["path"]).name]
    assert len(fal.ledger) == 1


async def test_retry_all_saves_what_has_failed_and_its_one_notice_closes_by_itself(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with full_disk(tmp_path) as filler:
        async with face(tmp_path, fal) as library:
            await library.generate(*(f"heron {number}" for number in range(5)))
            [notice] = (await library.get("notices"))["items"]
            assert (notice["code"], notice["count"]) == ("clips_unsaved", 5)
            assert notice["title"] == "5 clips could not be saved."
            assert "disk" in notice["detail"]
            assert (notice["level"], notice["duration"]) == ("error", None)
            assert notice["action"]["href"] == f"/api/assets/retry?project={library.project}"
            filler.unlink()
            answer = await library.client.post(notice["action"]["href"])
            assert (answer.json()["saved"], answer.json()["not_saved"]) == (5, 0)
            assert await library.notices() == []
            assert (await library.post("assets/retry"))["items"] == []


async def test_an_attempt_that_takes_long_is_said_to_be_under_way_and_can_be_waited_for(
    tmp_path: Path, fal: FalEmulator
) -> None:
    fal.settings.slow_piece_seconds = 0.1
    async with face(tmp_path, fal, replace(BY_HAND, answer_within=0.05)) as library:
        await keep_links(library)
        [asset] = await library.generate("a heron [fault:media-slow]")
        answer = await library.post(f"assets/{asset}/download")
        assert (answer["state"], answer["error"], answer["under_way"]) == ("url_only", None, True)
        while answer["under_way"]:
            answer = await library.post(f"assets/{asset}/download")
        assert answer["state"] == "saved"


async def test_a_retry_of_what_is_not_there_is_refused(tmp_path: Path, fal: FalEmulator) -> None:
    async with face(tmp_path, fal) as library:
        answer = await library.client.post("/api/assets/nothing/retry")
    assert (answer.status_code, answer.json()["code"]) == (404, "asset_not_found")


async def test_what_was_gone_is_asked_for_once_more_and_saved_when_it_is_there(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("a heron [fault:media-404*1]")
        assert (await library.media(asset))["state"] == "expired"
        assert await library.notices() == [("clips_expired", 1)]
        assert (await library.post(f"assets/{asset}/retry"))["state"] == "saved"
        assert await library.notices() == []
    assert len(fal.ledger) == 1


async def test_what_is_still_gone_stays_expired_and_says_so(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("a heron [fault:media-404]")
        answer = await library.post(f"assets/{asset}/retry")
        assert (answer["state"], answer["error"]["code"]) == ("expired", "media_gone")
        generation = (await library.get("generations"))["items"][0]
    assert generation["state"] == "done"


# --- the file has left the disk -------------------------------------------------------------------


async def test_a_file_that_is_back_is_found_when_it_is_looked_at(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("a heron")
        media = await library.media(asset)
        away = library.file(media).rename(tmp_path / "away.mp4")
        lost = await library.post(f"assets/{asset}/retry")
        assert (lost["state"], lost["error"]["code"]) == ("missing", "media_not_here")
        assert await library.notices() == [("clips_missing", 1)]
        away.rename(library.file(media))
        assert await library.media(asset) == media
        assert await library.notices() == []


async def test_a_file_that_is_back_plays(tmp_path: Path, fal: FalEmulator) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("a heron")
        media = await library.media(asset)
        away = library.file(media).rename(tmp_path / "away.mp4")
        # Meanwhile it is played from where it came.
        instead = await library.client.get(f"/media/{asset}")
        assert hashlib.sha256(instead.content).hexdigest() == media["sha256"]
        assert (await library.media(asset))["state"] == "missing"
        away.rename(library.file(media))
        played = await library.client.get(f"/media/{asset}")
        assert hashlib.sha256(played.content).hexdigest() == media["sha256"]
        assert (await library.media(asset))["state"] == "saved"


async def test_a_missing_file_is_brought_again_to_its_place(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("a heron")
        media = await library.media(asset)
        library.file(media).unlink()
        answers = await asyncio.gather(
            *(library.post(f"assets/{asset}/download") for _ in range(3))
        )
        assert [answer["state"] for answer in answers] == ["saved"] * 3
        assert await library.media(asset) == media
        assert hashlib.sha256(library.file(media).read_bytes()).hexdigest() == media["sha256"]
    assert len(fal.ledger) == 1


async def test_a_missing_file_whose_address_is_gone_is_brought_from_where_it_lies_now(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with media_host() as old:
        hosts = f"{fal.media_host},{old.authority}"
        async with face(tmp_path, fal, media_hosts=hosts) as library:
            [asset] = await library.generate("a heron")
            media = await library.media(asset)
            stale = old.put("/old.mp4", whole(b"", status=404))
            document = json.dumps({"video": {"url": stale}})
            [generation] = (await library.studio.generations.list_newest()).items
            await library.studio.catalogue.write(
                lambda transaction: generations.keep_document(transaction, generation.id, document)
            )
            library.file(media).unlink()
            assert (await library.post(f"assets/{asset}/download"))["state"] == "saved"
            assert await library.media(asset) == media
            assert hashlib.sha256(library.file(media).read_bytes()).hexdigest() == media["sha256"]
            [renewed] = (await library.studio.generations.list_newest()).items
            assert renewed.state == generation.state
    assert len(fal.ledger) == 1


async def test_a_missing_file_that_the_provider_has_no_more_stays_missing_and_says_so(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("a heron")
        library.file(await library.media(asset)).unlink()
        fal.afflict(fal.ledger[0].request_id, "media-404")
        answer = await library.post(f"assets/{asset}/download")
        assert (answer["state"], answer["error"]["code"]) == ("missing", "media_gone")


@pytest.mark.parametrize(("place", "what"), [("spool", "download"), ("memory", "retry")])
async def test_what_comes_of_a_missing_file_while_the_disk_is_full_waits_and_comes_only_once(
    tmp_path: Path, fal: FalEmulator, place: str, what: str
) -> None:
    home = tmp_path / "library"
    if place == "memory":
        home.with_name("library-spool").write_text("in the place of its folder")
    with small_disk(home / "media", "4m") as disk:
        async with face(home, fal) as library:
            [asset] = await library.generate("a heron")
            media = await library.media(asset)
            await remove(library.file(media), disk)
            filler = fill(disk)
            for _ in range(2):
                answer = await library.post(f"assets/{asset}/download")
                assert (answer["state"], answer["error"]["code"]) == ("missing", "disk_full")
            held = library.studio.pipeline._tools.held.find(asset)
            assert held is not None
            assert (held.place, held.sha256) == (place, media["sha256"])
            filler.unlink()
            assert (await library.post(f"assets/{asset}/{what}"))["state"] == "saved"
            assert await library.media(asset) == media
            kept = library.file(media).read_bytes()
            assert hashlib.sha256(kept).hexdigest() == media["sha256"]
            assert library.studio.held.memory.find(asset) is None
            assert library.studio.held.owners() == frozenset()
    # Once when it was made, and once more.
    assert len([seen for seen in fal.seen if seen.host == "media"]) == 2


async def test_what_waits_for_a_missing_file_is_there_after_a_restart(
    tmp_path: Path, fal: FalEmulator
) -> None:
    home = tmp_path / "library"
    with small_disk(home / "media", "4m") as disk:
        async with face(home, fal) as library:
            [asset] = await library.generate("a heron")
            media = await library.media(asset)
            await remove(library.file(media), disk)
            filler = fill(disk)
            await library.post(f"assets/{asset}/download")
        filler.unlink()
        async with face(home, fal) as library:
            assert (await library.post(f"assets/{asset}/retry"))["state"] == "saved"
            assert await library.media(asset) == media
    assert len([seen for seen in fal.seen if seen.host == "media"]) == 2


async def test_another_file_in_its_place_is_told_and_never_overwritten(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("a heron")
        media = await library.media(asset)
        library.file(media).write_bytes(b"x" * media["size"])
        looked = await library.post(f"assets/{asset}/retry")
        assert (looked["state"], looked["error"]["code"]) == ("missing", "checksum_mismatch")
        assert (await library.post(f"assets/{asset}/download"))["state"] == "saved"
        assert library.file(media).read_bytes() == b"x" * media["size"]
        again = await library.media(asset)
        assert (again["sha256"], again["path"] != media["path"]) == (media["sha256"], True)


# --- relink ---------------------------------------------------------------------------------------


async def relink(library: Face, asset: str, file: Path, **query: Any) -> httpx.Response:
    return await library.client.post(
        f"/api/assets/{asset}/relink", files={"file": (file.name, file.read_bytes())}, params=query
    )


async def test_what_expired_takes_a_file_that_the_person_has(
    tmp_path: Path, fal: FalEmulator
) -> None:
    mine = make_clip(tmp_path / "mine.mp4")
    async with face(tmp_path / "library", fal) as library:
        [asset] = await library.generate("a heron [fault:media-404]")
        answer = await relink(library, asset, mine)
        assert (answer.json()["state"], answer.json()["error"]) == ("saved", None)
        media = await library.media(asset)
        assert library.file(media).read_bytes() == mine.read_bytes()
        assert media["url"]
        assert await library.notices() == []
        again = await relink(library, asset, mine)
        assert (again.status_code, again.json()["code"]) == (409, "conflict")


async def test_a_missing_file_is_relinked_to_its_own_name_and_another_only_anyway(
    tmp_path: Path, fal: FalEmulator
) -> None:
    other = make_clip(tmp_path / "other.mp4")
    async with face(tmp_path / "library", fal) as library:
        [asset] = await library.generate("a heron")
        media = await library.media(asset)
        mine = library.file(media).rename(tmp_path / "mine.mp4")
        await library.post(f"assets/{asset}/retry")
        refused = await relink(library, asset, other)
        assert (refused.status_code, refused.json()["code"]) == (409, "relink_other_file")
        beside = [file.name for file in library.file(media).parent.iterdir()]
        assert [name for name in beside if not name.endswith(".json")] == []
        assert (await relink(library, asset, mine)).json()["state"] == "saved"
        assert await library.media(asset) == media
        library.file(media).unlink()
        await library.post(f"assets/{asset}/retry")
        assert (await relink(library, asset, other, anyway=True)).json()["state"] == "saved"
        assert library.file(media).read_bytes() == other.read_bytes()


async def test_a_damaged_file_is_relinked_and_what_lies_under_its_name_stays(
    tmp_path: Path, fal: FalEmulator
) -> None:
    other = make_clip(tmp_path / "other.mp4")
    async with face(tmp_path / "library", fal) as library:
        [asset] = await library.generate("a heron")
        media = await library.media(asset)
        mine = tmp_path / "mine.mp4"
        mine.write_bytes(library.file(media).read_bytes())
        intact = await relink(library, asset, mine)
        assert (intact.status_code, intact.json()["code"]) == (409, "conflict")
        assert "exactly what was saved" in intact.json()["detail"]
        await library.studio.records.write_owed()

        library.file(media).write_bytes(b"another film")
        refused = await relink(library, asset, other)
        assert (refused.status_code, refused.json()["code"]) == (409, "relink_other_file")
        assert (await library.media(asset))["state"] == "missing"
        assert (await relink(library, asset, mine)).json()["state"] == "saved"

        back = await library.media(asset)
        assert (back["sha256"], back["path"] != media["path"]) == (media["sha256"], True)
        assert library.file(back).read_bytes() == mine.read_bytes()
        assert library.file(media).read_bytes() == b"another film"
        assert await library.notices() == []
        findings = (await library.get("doctor"))["findings"]
        [named] = [one for one in findings if media["path"] in one["paths"]]
        assert (named["status"], "belongs to no asset" in named["message"]) == ("warning", True)

        library.file(back).write_bytes(b"damaged anew")
        assert (await relink(library, asset, other, anyway=True)).json()["state"] == "saved"
        assert library.file(await library.media(asset)).read_bytes() == other.read_bytes()


class Lingering:
    """A store whose drafts, once they have their name, wait until they have been looked at."""

    def __init__(self, real: Any, is_there: threading.Event, is_looked_at: threading.Event) -> None:
        self._real, self._is_there, self._is_looked_at = real, is_there, is_looked_at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def draft(self, *about: Any) -> Lingering:
        return Lingering(self._real.draft(*about), self._is_there, self._is_looked_at)

    def publish(self, path: str) -> None:
        self._real.publish(path)
        self._is_there.set()
        assert self._is_looked_at.wait(20)


async def test_a_look_that_finds_a_relinked_file_before_it_is_listed_leaves_it_there(
    tmp_path: Path, fal: FalEmulator
) -> None:
    is_there, is_looked_at = threading.Event(), threading.Event()
    async with face(tmp_path / "library", fal) as library:
        [asset] = await library.generate("a heron")
        media = await library.media(asset)
        mine = library.file(media).rename(tmp_path / "mine.mp4")
        await library.post(f"assets/{asset}/retry")
        relinks = library.studio.relinks
        relinks._store = Lingering(relinks._store, is_there, is_looked_at)
        relinking = asyncio.create_task(relink(library, asset, mine))
        await asyncio.to_thread(is_there.wait, 20)
        await library.post(f"assets/{asset}/retry")
        is_looked_at.set()
        assert (await relinking).json()["state"] == "saved"
        assert await library.media(asset) == media
        assert library.file(media).read_bytes() == mine.read_bytes()


async def test_a_file_of_another_kind_is_refused_and_leaves_nothing(
    tmp_path: Path, fal: FalEmulator
) -> None:
    picture = make_image(tmp_path / "picture.png")
    async with face(tmp_path / "library", fal) as library:
        [asset] = await library.generate("a heron [fault:media-404]")
        answer = await relink(library, asset, picture, anyway=True)
        assert (answer.status_code, answer.json()["code"]) == (422, "file_unusable")
        assert (await library.media(asset))["state"] == "expired"
        assert not list(library.studio.settings.home.rglob("*.png"))


# --- links by choice ------------------------------------------------------------------------------


async def keep_links(library: Face) -> None:
    answer = await library.client.patch(f"/api/projects/{library.project}", json={"keep": "links"})
    assert answer.json()["keep"] == "links"


async def test_a_project_that_keeps_links_downloads_only_what_is_asked_for(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await keep_links(library)
        one, two, three = await library.generate("one", "two", "three")
        assert (await library.media(one))["state"] == "url_only"
        assert (await library.media(one))["error"] is None
        assert {one["state"] for one in (await library.get("generations"))["items"]} == {"done"}
        assert not list(tmp_path.rglob("*.mp4"))
        answers = await asyncio.gather(*(library.post(f"assets/{one}/download") for _ in range(3)))
        assert [answer["state"] for answer in answers] == ["saved"] * 3
        assert len(list(tmp_path.rglob("*.mp4"))) == 1
        everything = await library.post("assets/download", project=library.project)
        assert {item["asset_id"] for item in everything["items"]} == {two, three}
        assert everything["saved"] == 2
        assert await library.notices() == []
    assert len(fal.ledger) == 3


async def test_links_survive_a_restart_without_a_download(tmp_path: Path, fal: FalEmulator) -> None:
    async with face(tmp_path, fal) as library:
        await keep_links(library)
        [asset] = await library.generate("one")
    async with face(tmp_path, fal) as library:
        await library.studio.pipeline.until_quiet()
        assert (await library.media(asset))["state"] == "url_only"


async def test_a_clip_made_on_this_machine_is_always_saved(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await keep_links(library)
        wanted = ask("a heron", "animatic", resolution="720p")
        [planned] = await library.studio.pipeline.generate(library.project, wanted)
        asset = await library.tried(planned.id)
        assert (await library.media(asset))["state"] == "saved"


async def test_a_link_is_downloaded_before_its_address_expires_and_not_long_before(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal, replace(BY_HAND, expiry_look=0.02)) as library:
        await keep_links(library)
        soon, later = await library.generate("soon", "later")
        now = datetime.now(UTC)
        await expire_at(library, later, now + timedelta(hours=3))
        await expire_at(library, soon, now + timedelta(minutes=30))
        await library.until(soon, "saved")
        media = await library.media(later)
        assert media["state"] == "url_only"
        assert datetime.fromisoformat(media["expires_at"]) == now + timedelta(hours=3)


async def expire_at(library: Face, asset_id: str, moment: datetime) -> None:
    """fal tells no expiry, so the tests tell it."""
    url = (await library.media(asset_id))["url"]
    await put_media(library.studio, asset_id, UrlOnlyMedia(url, moment))


# --- not keeping what could not be saved ----------------------------------------------------------


async def test_without_keeping_unsaved_it_leaves_the_list_and_comes_back_when_it_is_saved(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with full_disk(tmp_path) as filler:
        async with face(tmp_path, fal, keep_unsaved=False) as library:
            [asset] = await library.generate("a heron")
            assert (await library.get("assets"))["total"] == 1
            for _ in range(2):
                await library.post(f"assets/{asset}/retry")
            page = await library.get("assets", project=library.project)
            assert (page["items"], page["total"], page["hidden"]["unsaved"]) == ([], 0, 1)
            assert (await library.get("generations"))["items"][0]["asset_id"] == asset
            assert (await library.media(asset))["url"]
            filler.unlink()
            assert (await library.post("assets/retry"))["saved"] == 1
            page = await library.get("assets", project=library.project)
            assert (page["total"], page["hidden"]["unsaved"]) == (1, 0)


# --- cancel ---------------------------------------------------------------------------------------


async def test_a_cancel_that_comes_while_the_clip_is_saved_destroys_nothing(
    tmp_path: Path, fal: FalEmulator
) -> None:
    fal.settings.slow_piece_seconds = 0.02
    async with face(tmp_path, fal) as library:
        wanted = ask("a heron [fault:media-slow]")
        [planned] = await library.studio.pipeline.generate(library.project, wanted)
        while (await library.studio.generations.get(planned.id)).state.name != "saving":
            await library.studio.catalogue.feed.wait_beyond(library.studio.catalogue.feed.place)
        assert (await library.post(f"generations/{planned.id}/cancel"))["outcome"] == "too_late"
        asset = await library.tried(planned.id)
        assert (await library.media(asset))["state"] == "saved"


@pytest.mark.parametrize("what", ["retry", "download"])
async def test_one_that_fails_keeps_no_other_from_being_saved(
    tmp_path: Path, fal: FalEmulator, what: str
) -> None:
    async with face(tmp_path, fal) as library:
        await keep_links(library)
        good, gone, other = await library.generate("one", "two [fault:media-404]", "three")
        answers = await asyncio.gather(
            *(library.post(f"assets/{one}/{what}") for one in (good, gone, other))
        )
        assert [answer["state"] for answer in answers] == ["saved", "expired", "saved"]
