"""The trash: what lies there is kept whole until it is emptied, and then it is really gone."""

from __future__ import annotations

from pathlib import Path

from tests.emulator import FalEmulator
from tests.integration.test_recovery import Face, face, full_disk


async def put_into_trash(library: Face, asset: str) -> None:
    answer = await library.client.delete(f"/api/assets/{asset}")
    assert answer.json()["trashed_at"]


async def listed(library: Face, **query: object) -> set[str]:
    return {item["id"] for item in (await library.get("assets", **query))["items"]}


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
        assert not any(file.exists() for file in (library.file(media), sidecar, poster))
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
    with full_disk(tmp_path) as filler:
        async with face(tmp_path, fal) as library:
            [asset] = await library.generate("one")
            await put_into_trash(library, asset)
            [kept] = (await library.post("trash/empty"))["kept"]
            assert (kept["asset_id"], kept["problem"]["code"]) == (asset, "conflict")
            filler.unlink()
            assert (await library.post(f"assets/{asset}/retry"))["state"] == "saved"
            assert (await library.post("trash/empty"))["removed"] == 1


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
