"""Copies to play over HTTP: made once, one at a time, gone with their asset, never half there."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import httpx
import pytest

from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.disks import small_disk
from tests.sample_media import make_image, make_noise, make_numbered_clip
from tests.server.conftest import client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def hevc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "take.mp4"
    return make_numbered_clip(path, frames=30, codec="libx265", audio=True)


async def imported(client: httpx.AsyncClient, file: Path) -> dict:
    [project, *_] = (await client.get("/api/projects")).json()["items"]
    parts = [("files", (file.name, file.read_bytes()))]
    answer = await client.post(f"/api/projects/{project['id']}/imports", files=parts)
    [asset] = answer.json()["assets"]
    return asset


async def made(client: httpx.AsyncClient, studio: Studio, asset: dict) -> dict:
    await client.post(f"/api/assets/{asset['id']}/proxy")
    await studio.proxies.until_quiet()
    return await state_of(client, asset)


async def state_of(client: httpx.AsyncClient, asset: dict) -> dict:
    return (await client.get(f"/api/assets/{asset['id']}/proxy")).json()


def lying_in(studio: Studio) -> list[Path]:
    return sorted((studio.settings.home / "cache" / "proxies").glob("*"))


async def test_what_a_browser_cannot_play_gets_a_copy_that_it_can(client, studio, hevc):
    asset = await imported(client, hevc)
    before = (await client.get(f"/api/assets/{asset['id']}/playback")).json()
    assert before["playable_in_browser"] is False
    nothing = {"progress": None, "address": None, "problem": None}
    assert before["proxy"] == {"needed": True, "state": "none", **nothing}
    absent = await client.get(f"/media/{asset['id']}/proxy")
    assert (absent.status_code, absent.json()["code"]) == (404, "proxy_not_there")

    begun = await client.post(f"/api/assets/{asset['id']}/proxy")
    assert begun.status_code == 202
    assert begun.json()["state"] in {"waiting", "making"}
    await studio.proxies.until_quiet()

    address = f"/media/{asset['id']}/proxy"
    after = (await client.get(f"/api/assets/{asset['id']}/playback")).json()
    assert after["proxy"] == {"needed": True, "state": "ready", **nothing, "address": address}
    again = await client.post(f"/api/assets/{asset['id']}/proxy")
    assert (again.status_code, again.json()["address"]) == (200, address)
    whole = await client.get(address)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    copy = await imported(client, save(studio, whole.content))
    assert (copy["video_codec"], copy["frames"]) == ("h264", 30)


async def test_the_doctor_says_whether_browsers_decode_a_clip_and_how_its_copy_stands(
    client, studio, hevc
):
    asset = await imported(client, hevc)

    async def told() -> dict:
        found = (await client.get(f"/api/doctor/assets/{asset['id']}")).json()["findings"]
        return {one["check"]: (one["status"], one["code"]) for one in found}

    before = await told()
    await made(client, studio, asset)
    after = await told()
    assert before["source"] == after["source"] == ("ok", "source_local")
    assert before["codecs"] == after["codecs"] == ("ok", "codecs_not_played")
    assert (before["copy"], after["copy"]) == (("warning", "copy_lacking"), ("ok", "copy_ready"))


def save(studio: Studio, content: bytes) -> Path:
    file = studio.settings.home.with_name("copy.mp4")
    file.write_bytes(content)
    return file


async def test_a_copy_is_sent_in_parts_and_known_by_its_tag(client, studio, hevc):
    asset = await imported(client, hevc)
    await made(client, studio, asset)
    address = f"/media/{asset['id']}/proxy"
    whole = await client.get(address)
    part = await client.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    same = await client.get(address, headers={"If-None-Match": whole.headers["etag"]})
    assert same.status_code == 304
    head = await client.head(address)
    assert (head.headers["content-length"], head.content) == (str(len(whole.content)), b"")
    beyond = await client.get(address, headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416


async def test_a_copy_that_was_lost_is_made_again_and_has_another_tag(client, studio, hevc):
    asset = await imported(client, hevc)
    await made(client, studio, asset)
    first = await client.head(f"/media/{asset['id']}/proxy")
    shutil.rmtree(studio.settings.home / "cache" / "proxies")
    assert (await state_of(client, asset))["state"] == "none"
    assert (await made(client, studio, asset))["state"] == "ready"
    second = await client.head(f"/media/{asset['id']}/proxy")
    assert first.headers["etag"] != second.headers["etag"]


async def test_one_is_made_at_a_time_and_asked_for_twice_once(client, studio, hevc, tmp_path):
    slow = make_noise(tmp_path / "slow.mp4", frames=40)
    assets = [await imported(client, one) for one in (slow, hevc)]
    answers = [
        (await client.post(f"/api/assets/{one['id']}/proxy")).json()["state"]
        for one in (assets[0], assets[0], assets[1])
    ]
    assert answers[2] == "waiting"
    while (await state_of(client, assets[0]))["state"] != "making":
        await asyncio.sleep(0)
    assert (await state_of(client, assets[1]))["state"] == "waiting"
    await studio.proxies.until_quiet()
    assert [(await state_of(client, one))["state"] for one in assets] == ["ready", "ready"]
    assert len(lying_in(studio)) == 2


async def test_a_copy_may_be_asked_for_of_what_should_be_playable(client, studio, tmp_path):
    asset = await imported(client, make_numbered_clip(tmp_path / "a.mp4"))
    assert (await state_of(client, asset))["needed"] is False
    assert (await made(client, studio, asset))["state"] == "ready"


async def test_what_has_no_copy_is_refused(client, studio, hevc, tmp_path):
    image = await imported(client, make_image(tmp_path / "a.png"))
    refused = await client.post(f"/api/assets/{image['id']}/proxy")
    assert (refused.status_code, refused.json()["code"]) == (409, "proxy_impossible")
    gone = await imported(client, hevc)
    (studio.settings.home / gone["media"]["path"]).unlink()
    absent = await client.post(f"/api/assets/{gone['id']}/proxy")
    assert (absent.status_code, absent.json()["code"]) == (404, "media_not_here")
    for method, address in (
        ("POST", "/api/assets/no/proxy"),
        ("GET", "/api/assets/no/proxy"),
        ("GET", "/media/no/proxy"),
    ):
        assert (await client.request(method, address)).json()["code"] == "asset_not_found"


async def test_a_full_disk_is_said_leaves_nothing_and_is_tried_again(client, studio, tmp_path):
    asset = await imported(client, make_noise(tmp_path / "a.mp4", frames=20))
    folder = studio.settings.home / "cache" / "proxies"
    with small_disk(folder, "256k"):
        failed = await made(client, studio, asset)
        assert (failed["state"], failed["problem"]["code"]) == ("failed", "disk_full")
        assert failed["problem"]["retryable"] is True
        assert lying_in(studio) == []
    assert (await made(client, studio, asset))["state"] == "ready"


async def test_what_lacks_a_frame_gets_no_copy_that_is_one_shorter(client, studio, tmp_path):
    source = make_numbered_clip(
        tmp_path / "a.mov", frames=20, codec="prores_ks", pixel_format="yuv422p10le"
    )
    asset = await imported(client, source)
    file = studio.settings.home / asset["media"]["path"]
    whole = file.read_bytes()
    tenth = find_nth(whole, b"icpf", 10)
    file.write_bytes(whole[:tenth] + b"gone" + whole[tenth + 4 :])
    failed = await made(client, studio, asset)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "media_unreadable")
    assert failed["problem"]["detail"] == "19 of its 20 frames can be decoded."
    assert lying_in(studio) == []


def find_nth(content: bytes, wanted: bytes, number: int) -> int:
    place = -1
    for _ in range(number):
        place = content.index(wanted, place + 1)
    return place


async def test_emptying_the_trash_removes_the_copy(client, studio, hevc):
    kept, asset = await imported(client, hevc), await imported(client, hevc)
    for one in (kept, asset):
        await made(client, studio, one)
    await client.delete(f"/api/assets/{asset['id']}")
    assert len(lying_in(studio)) == 2
    await client.post("/api/trash/empty")
    assert [one.name.partition(".")[0] for one in lying_in(studio)] == [kept["id"]]


async def test_the_copy_of_other_bytes_is_not_shown(client, studio, hevc, tmp_path):
    asset = await imported(client, hevc)
    await made(client, studio, asset)
    (studio.settings.home / asset["media"]["path"]).unlink()
    await client.get(f"/media/{asset['id']}")
    other = make_numbered_clip(tmp_path / "other.mp4", frames=9, codec="libx265")
    files = {"file": (other.name, other.read_bytes())}
    await client.post(f"/api/assets/{asset['id']}/relink?anyway=true", files=files)
    assert (await client.get(f"/api/assets/{asset['id']}")).json()["frames"] == 9
    assert (await state_of(client, asset))["state"] == "none"


async def test_the_doctor_counts_what_needs_a_copy(client, studio, hevc):
    asset = await imported(client, hevc)
    assert await about_proxies(client) == ("proxies_missing", [asset["id"]])
    await made(client, studio, asset)
    assert await about_proxies(client) == ("proxies_there", [])


async def about_proxies(client: httpx.AsyncClient) -> tuple[str, list[str]]:
    findings = (await client.get("/api/doctor")).json()["findings"]
    [one] = [one for one in findings if one["check"] == "proxies"]
    return one["code"], one["ids"]


async def test_closing_the_studio_stops_it_and_the_next_makes_it_anew(tmp_path):
    settings = Settings(home=tmp_path / "library")
    source = make_noise(tmp_path / "a.mp4", frames=150)
    async with open_studio(settings) as studio, client_of(studio) as client:
        asset = await imported(client, source)
        await client.post(f"/api/assets/{asset['id']}/proxy")
        while not lying_in(studio):
            await asyncio.sleep(0)
    assert lying_in(studio) == []
    async with open_studio(settings) as studio, client_of(studio) as client:
        assert (await state_of(client, asset))["state"] == "none"


async def test_a_start_removes_drafts_and_copies_of_what_is_gone(tmp_path, hevc):
    settings = Settings(home=tmp_path / "library")
    async with open_studio(settings) as studio, client_of(studio) as client:
        asset = await imported(client, hevc)
        await made(client, studio, asset)
        [kept] = lying_in(studio)
        (kept.parent / f".{kept.name}.part").write_bytes(b"half")
        (kept.parent / "0123456789abcdef.0123456789abcdef.mp4").write_bytes(b"whose?")
    async with open_studio(settings) as studio:
        assert lying_in(studio) == [kept]
