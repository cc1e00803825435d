"""Saved files that are let go: only what is proven to be elsewhere, only where it is wanted."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from rushes.domain.asset import Asset
from rushes.domain.media_reference import SavedMedia, UrlOnlyMedia, let_go
from rushes.studio import Studio
from tests.disks import read_only
from tests.emulator import FalEmulator
from tests.media_host import media_host, whole
from tests.sample_media import make_clip
from tests.server.conftest import client_of
from tests.studios import ask, put_media, studio_for, take


@dataclass(frozen=True)
class Face:
    studio: Studio
    client: httpx.AsyncClient
    project: str

    async def allow(self) -> None:
        await self.studio.projects.change(self.project, may_let_go=True)

    async def look(self, **query: Any) -> Any:
        return (await self.client.get("/api/let-go", params=query)).json()

    async def let_go(self, **query: Any) -> Any:
        answer = await self.client.post("/api/let-go", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def make(self, prompt: str = "a heron") -> tuple[Asset, Path, str]:
        """A saved take: the asset, its file, and the provider's request."""
        generation, asset = await take(self.studio, ask(prompt))
        assert asset is not None
        assert isinstance(asset.media, SavedMedia)
        assert generation.ticket is not None
        file = self.studio.settings.home / asset.media.path
        return asset, file, generation.ticket.request_id

    async def media(self, asset: Asset) -> Any:
        return (await self.client.get(f"/api/assets/{asset.id}")).json()["media"]


@asynccontextmanager
async def face(home: Path, fal: FalEmulator, **changes: object) -> AsyncIterator[Face]:
    async with studio_for(home, fal, **changes) as studio, client_of(studio) as client:
        [(project, _)] = await studio.projects.list_all()
        yield Face(studio, client, project.id)


# --- it goes, and comes back ----------------------------------------------------------------------


async def test_what_is_proven_at_the_provider_is_let_go_and_comes_back_as_the_same_file(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, _ = await library.make()
        kept = file.read_bytes()
        plan = await library.look()
        assert (plan["applied"], plan["freed"], plan["kept"]) == (False, len(kept), 0)
        assert file.read_bytes() == kept
        done = await library.let_go()
        assert (done["applied"], done["freed"], done["kept"]) == (True, len(kept), 0)
        assert not file.exists()
        media = await library.media(asset)
        assert (media["state"], media["path"], media["error"]) == ("url_only", None, None)
        assert (media["size"], media["sha256"]) == (len(kept), hashlib.sha256(kept).hexdigest())
        assert (await library.client.get(f"/media/{asset.id}/poster")).status_code == 200
        back = await library.client.post(f"/api/assets/{asset.id}/download")
        assert back.json()["state"] == "saved"
        assert file.read_bytes() == kept
    assert len(fal.ledger) == 1


async def test_what_was_watched_is_saved_only_when_it_is_what_was_let_go(
    tmp_path: Path, fal: FalEmulator
) -> None:
    other = make_clip(tmp_path / "other.mp4", frames=10).read_bytes()
    async with media_host() as host:
        hosts = f"{fal.media_host},{host.authority}"
        async with face(tmp_path / "a", fal, keep_relayed=True, media_hosts=hosts) as library:
            await library.allow()
            asset, file, _ = await library.make()
            kept = file.read_bytes()
            await library.let_go(id=asset.id)
            gone = (await library.studio.assets.get(asset.id)).media
            assert isinstance(gone, UrlOnlyMedia)

            async def watched(content: bytes) -> Any:
                url = host.put(f"/{len(content)}.mp4", whole(content))
                media = replace(gone, url=url)
                await put_media(library.studio, asset.id, media)
                played = await library.client.get(f"/media/{asset.id}")
                assert played.content == content
                async with asyncio.timeout(20):
                    while True:
                        shown = await library.media(asset)
                        if shown["state"] == "saved" or shown["error"] is not None:
                            return shown
                        await asyncio.sleep(0.01)

            refused = await watched(other)
            assert (refused["state"], refused["error"]["code"]) == ("url_only", "remote_differs")
            assert not file.exists()
            assert (await watched(kept))["state"] == "saved"
            assert file.read_bytes() == kept


async def test_letting_go_twice_and_from_two_places_is_the_same_as_once(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, _ = await library.make()
        first = await library.let_go(id=[asset.id, asset.id])
        assert sorted(item["problem"] is None for item in first["items"]) == [False, True]
        [again] = (await library.let_go(id=asset.id))["items"]
        assert again["problem"]["code"] == "kept_here"
        assert not file.exists()


async def test_the_key_is_not_sent_to_the_media_host(tmp_path: Path, fal: FalEmulator) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, _, _ = await library.make()
        before = len(fal.seen)
        await library.let_go(id=asset.id)
        asked = fal.seen[before:]
        assert [one.host for one in asked] == ["queue", "media"]
        assert "authorization" not in {name.lower() for name in asked[1].headers}


# --- it stays -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("media-410", "media_gone"),
        ("media-changed", "remote_differs"),
        ("media-truncated", "remote_differs"),
        ("media-long", "remote_differs"),
        ("media-short", "download_interrupted"),
        ("media-html", "download_not_media"),
        ("media-redirect-elsewhere", "media_host_refused"),
        ("media-500-once", "download_status"),
        ("result-gone", "provider_result_gone"),
    ],
)
async def test_a_file_stays_that_is_not_proven_to_be_at_the_provider(
    tmp_path: Path, fal: FalEmulator, fault: str, code: str
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, request = await library.make()
        kept = file.read_bytes()
        fal.afflict(request, fault)
        [item] = (await library.let_go(id=asset.id))["items"]
        assert (item["state"], item["problem"]["code"]) == ("saved", code)
        assert file.read_bytes() == kept
        assert (await library.media(asset))["error"] is None


async def test_nothing_is_let_go_where_nobody_has_switched_it_on(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        asset, file, _ = await library.make()
        before = len(fal.seen)
        [item] = (await library.let_go(id=asset.id))["items"]
        assert item["problem"]["facts"]["reason"] == "off"
        assert file.exists()
        assert len(fal.seen) == before


async def test_what_was_chosen_is_in_the_trash_or_was_made_here_stays(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        picked, rated, trashed, rejected = [await library.make(f"bird {n}") for n in range(4)]
        change = library.studio.assets.change
        await change(picked[0].id, flag="pick")
        await change(rated[0].id, rating=1)
        await change(trashed[0].id, trashed=True)
        await change(rejected[0].id, flag="reject")
        with make_clip(tmp_path / "mine.mp4").open("rb") as opened:
            files = {"files": ("mine.mp4", opened)}
            await library.client.post(f"/api/projects/{library.project}/imports", files=files)
        _, here = await take(library.studio, ask("a drawing", "animatic", resolution="720p"))
        assert here is not None
        answer = await library.let_go()
        reasons = {
            item["asset_id"]: item["problem"] and item["problem"]["facts"]["reason"]
            for item in answer["items"]
        }
        assert reasons.pop(picked[0].id) == "chosen"
        assert reasons.pop(rated[0].id) == "chosen"
        assert reasons.pop(rejected[0].id) is None
        assert reasons.pop(here.id) == "no_address"
        assert list(reasons.values()) == ["imported"]
        [named] = (await library.let_go(id=trashed[0].id))["items"]
        assert named["problem"]["facts"]["reason"] == "trashed"
        assert [one[1].exists() for one in (picked, rated, trashed, rejected)] == [
            True,
            True,
            True,
            False,
        ]


async def test_a_file_that_somebody_has_changed_stays_as_it_is(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, _ = await library.make()
        file.write_bytes(file.read_bytes() + b"mine")
        [item] = (await library.let_go(id=asset.id))["items"]
        assert item["problem"]["code"] == "checksum_mismatch"
        assert file.read_bytes().endswith(b"mine")


async def test_a_file_that_cannot_be_removed_is_saved_as_before(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, _ = await library.make()
        with read_only(file.parent):
            [item] = (await library.let_go(id=asset.id))["items"]
        assert (item["state"], item["problem"]["code"]) == ("saved", "read_only")
        assert (await library.media(asset))["state"] == "saved"


# --- afterwards -----------------------------------------------------------------------------------


async def test_other_bytes_are_not_taken_for_those_that_were_let_go(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, request = await library.make()
        await library.let_go(id=asset.id)
        fal.afflict(request, "media-changed")
        result = (await library.client.post(f"/api/assets/{asset.id}/download")).json()
        assert (result["state"], result["error"]["code"]) == ("url_only", "remote_differs")
        assert not file.exists()
        fal.afflict(request)
        result = (await library.client.post(f"/api/assets/{asset.id}/download")).json()
        assert (result["state"], result["error"]) == ("saved", None)


async def test_what_has_gone_after_it_was_let_go_takes_only_the_same_file_back(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, request = await library.make()
        kept = file.read_bytes()
        await library.let_go(id=asset.id)
        fal.afflict(request, "media-410")
        result = (await library.client.post(f"/api/assets/{asset.id}/download")).json()
        assert result["state"] == "expired"
        other = make_clip(tmp_path / "other.mp4").read_bytes()
        relink = f"/api/assets/{asset.id}/relink"
        refused = await library.client.post(relink, files={"file": ("other.mp4", other)})
        assert refused.json()["code"] == "relink_other_file"
        taken = await library.client.post(relink, files={"file": ("same.mp4", kept)})
        assert taken.json()["state"] == "saved"


async def test_a_removal_that_was_cut_off_leaves_a_file_that_the_next_start_takes_back(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        asset, file, _ = await library.make()
        media = asset.media
        assert isinstance(media, SavedMedia)
        gone = let_go(media, media.url or "", datetime(2030, 1, 1, tzinfo=UTC))
        await put_media(library.studio, asset.id, gone)
    async with face(tmp_path, fal) as library:
        assert (await library.studio.assets.get(asset.id)).media == media
        assert file.exists()


async def test_another_file_in_its_place_is_not_taken_for_it_and_stays(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, _ = await library.make()
        await library.let_go(id=asset.id)
        file.write_bytes(b"somebody else's")
    async with face(tmp_path, fal) as library:
        assert isinstance((await library.studio.assets.get(asset.id)).media, UrlOnlyMedia)
        result = (await library.client.post(f"/api/assets/{asset.id}/download")).json()
        assert result["state"] == "saved"
        assert file.read_bytes() == b"somebody else's"


async def test_emptying_the_trash_takes_the_sidecar_of_what_was_let_go_along(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.allow()
        asset, file, _ = await library.make()
    # Closing has written the sidecar.
    async with face(tmp_path, fal) as library:
        await library.let_go(id=asset.id)
        assert [one.name for one in file.parent.iterdir()] == [f"{file.name}.json"]
        await library.studio.assets.change(asset.id, trashed=True)
        assert (await library.studio.trash.empty()).removed == 1
        assert list(file.parent.iterdir()) == []
