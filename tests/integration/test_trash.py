"""The trash: what lies there is kept whole until it is emptied, and then it is really gone."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rushes.catalogue import generations
from rushes.domain.generation import Saving
from tests.emulator import FalEmulator
from tests.integration.test_recovery import Face, ask, face, full_disk


async def put_into_trash(library: Face, asset: str) -> None:
    answer = await library.client.delete(f"/api/assets/{asset}")
    assert answer.json()["trashed_at"]


async def listed(library: Face, **query: object) -> set[str]:
    return {item["id"] for item in (await library.get("assets", **query))["items"]}


async def being_saved(library: Face, prompt: str) -> str:
    """The id of an asset whose bytes are on their way."""
    pipeline, feed = library.studio.pipeline, library.studio.catalogue.feed
    [generation] = await pipeline.generate(library.project, ask(prompt))
    async with asyncio.timeout(60):
        while True:
            place = feed.place
            found = await library.studio.generations.get(generation.id)
            if found.state.name == "saving" and found.asset_id is not None:
                return found.asset_id
            await feed.wait_beyond(place)


async def test_the_trash_is_listed_and_what_is_taken_back_is_as_it_was(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        one, two = await library.generate("one", "two")
        media = await library.media(one)
        await put_into_trash(library, one)
        assert await listed(library, trashed=True) == {one}
        assert await listed(library) == {two}
        await library.client.patch(f"/api/assets/{one}", json={"trashed": False})
        assert await listed(library) == {one, two}
        assert (await library.post("trash/empty"))["removed"] == 0
        assert await library.media(one) == media


async def test_emptying_removes_files_sidecar_and_poster_and_keeps_what_was_bought_on_record(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        one, two = await library.generate("one", "two")
        media = await library.media(one)
        sidecar = library.file(media).with_name(library.file(media).name + ".json")
        await library.studio.records.write(one)
        assert sidecar.exists()
        poster = library.studio.posters / f"{one}.jpg"
        assert (await library.client.get(f"/media/{one}/poster")).status_code == 200
        await put_into_trash(library, one)
        result = await library.post("trash/empty")
        assert (result["removed"], result["freed"], result["kept"]) == (1, media["size"], [])
        assert not library.file(media).exists()
        async with asyncio.timeout(10):
            # What was just writing or making one of them takes it away again.
            while sidecar.exists() or poster.exists():
                await asyncio.sleep(0.01)
        assert (await library.client.get(f"/api/assets/{one}")).status_code == 404
        assert await listed(library, trashed=True) == set()
        assert library.file(await library.media(two)).exists()
        generations = (await library.get("generations"))["items"]
        assert {(item["prompt"], item["state"]) for item in generations} == {
            ("one", "done"),
            ("two", "done"),
        }


async def test_what_is_under_way_stays_in_the_trash_until_it_has_ended(
    tmp_path: Path, fal: FalEmulator
) -> None:
    fal.settings.slow_piece_seconds = 0.2
    async with face(tmp_path, fal) as library:
        asset = await being_saved(library, "one [fault:media-slow]")
        await put_into_trash(library, asset)
        [kept] = (await library.post("trash/empty"))["kept"]
        assert (kept["asset_id"], kept["problem"]["code"]) == (asset, "conflict")
        await library.studio.pipeline.until_quiet()
        assert (await library.media(asset))["state"] == "saved"
        assert (await library.post("trash/empty"))["removed"] == 1


async def test_a_clip_that_cannot_be_saved_can_be_deleted_and_its_bytes_go_too(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with full_disk(tmp_path) as filler:
        async with face(tmp_path, fal) as library:
            [asset] = await library.generate("one")
            assert (await library.media(asset))["held"] == "spool"
            await put_into_trash(library, asset)
            result = await library.post("trash/empty")
            assert (result["removed"], result["kept"]) == (1, [])
            assert library.studio.held.find(asset) is None
            [generation] = (await library.get("generations"))["items"]
            assert (generation["state"], generation["asset_id"]) == ("done", None)
            filler.unlink()
            await library.studio.pipeline.until_quiet()
            assert list((tmp_path / "media").rglob("AI-Video-*")) == []
    assert len(fal.ledger) == 1


@pytest.mark.parametrize("is_ours", [True, False])
async def test_a_file_that_was_never_called_saved_goes_too_and_a_stranger_in_its_place_does_not(
    tmp_path: Path, fal: FalEmulator, is_ours: bool
) -> None:
    content = b"a clip that has got its name"
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("one [fault:media-html]")
        [generation] = (await library.get("generations"))["items"]
        state = (await library.studio.generations.get(generation["id"])).state
        assert isinstance(state, Saving)
        named = replace(state, sha256=hashlib.sha256(content if is_ours else b"").hexdigest())
        await library.studio.catalogue.write(
            lambda transaction: generations.move(
                transaction, generation["id"], named, now=datetime.now(UTC)
            )
        )
        file = tmp_path / state.path
        file.write_bytes(content)
        await put_into_trash(library, asset)
        assert (await library.post("trash/empty"))["removed"] == 1
        assert file.exists() is not is_ours


async def test_what_is_started_while_it_is_halted_goes_on_afterwards(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with full_disk(tmp_path) as filler:
        async with face(tmp_path, fal) as library:
            [asset] = await library.generate("one")
            [generation] = (await library.get("generations"))["items"]
            pipeline = library.studio.pipeline
            async with pipeline.halted(generation["id"]) as is_halted:
                assert is_halted
                filler.unlink()
                await pipeline.resume()
                assert generation["id"] not in pipeline.driven()
            await library.until(asset, "saved")


async def test_a_stranger_in_the_place_of_a_missing_file_is_not_deleted(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("one")
        media = await library.media(asset)
        library.file(media).write_bytes(b"a stranger")
        await library.post(f"assets/{asset}/retry")
        await put_into_trash(library, asset)
        assert (await library.post("trash/empty"))["removed"] == 1
        assert library.file(media).read_bytes() == b"a stranger"


async def test_a_project_in_the_trash_takes_its_assets_out_of_the_list_of_all(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("one")
        await library.client.delete(f"/api/projects/{library.project}")
        page = await library.get("assets")
        assert (page["items"], page["hidden"]["trash"]) == ([], 1)
        assert await listed(library, trashed=True) == {asset}
        assert await listed(library, project=library.project) == {asset}
        assert (await library.post("assets/download"))["items"] == []
        await library.client.patch(f"/api/projects/{library.project}", json={"trashed": False})
        assert await listed(library) == {asset}
        await library.client.delete(f"/api/projects/{library.project}")
        assert (await library.post("trash/empty"))["removed"] == 1
        assert not list((tmp_path / "media").rglob("*.mp4"))
