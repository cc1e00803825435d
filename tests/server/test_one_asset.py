"""One asset over HTTP: a frame kept as a picture, where its file lies, and the folder opened."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from rushes.server.app import create_app
from rushes.server.gate import Door
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.emulator.clips import number_in
from tests.sample_media import make_image, make_numbered_clip

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return make_numbered_clip(path, frames=40, options={"bf": "3", "preset": "medium"}).read_bytes()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    async with open_studio(Settings(home=tmp_path_factory.mktemp("library"))) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def video(client: httpx.AsyncClient, clip: bytes) -> dict:
    """A clip in a project of its own."""
    project = (await client.post("/api/projects", json={"name": "Film"})).json()
    return await imported(client, project["id"], "take.mp4", clip)


def put_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)


async def imported(client: httpx.AsyncClient, project: str, name: str, content: bytes) -> dict:
    parts = [("files", (name, content))]
    answer = await client.post(f"/api/projects/{project}/imports", files=parts)
    [asset] = answer.json()["assets"]
    return asset


async def taken(client: httpx.AsyncClient, asset: dict, at: str | int) -> dict:
    answer = await client.post(f"/api/assets/{asset['id']}/frames", json={"at": at})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def number_in_picture(client: httpx.AsyncClient, asset: dict) -> int:
    content = (await client.get(f"/media/{asset['id']}")).content
    return number_in(np.asarray(Image.open(io.BytesIO(content)).convert("L")))


@pytest.mark.parametrize(("at", "number"), [("first", 0), ("last", 39), (17, 17)])
async def test_a_frame_becomes_a_picture_of_the_project_that_says_where_it_is_from(
    client, video, at, number
):
    picture = await taken(client, video, at)
    assert await number_in_picture(client, picture) == number
    assert picture["origin"] == {"type": "frame", "asset_id": video["id"], "number": number}
    assert picture["name"] == f"take-frame-{number}.png"
    assert (picture["kind"], picture["media"]["state"]) == ("image", "saved")
    assert (picture["width"], picture["height"]) == (video["width"], video["height"])
    assert picture["project_id"] == video["project_id"]
    assert (await client.get(f"/api/assets/{picture['id']}")).json() == picture


async def test_asked_again_it_is_the_same_picture_and_not_a_second_file(client, studio, video):
    first = await taken(client, video, "last")
    again = [await taken(client, video, at) for at in ("last", 39)]
    assert [one["id"] for one in again] == [first["id"]] * 2
    folder = (studio.settings.home / first["media"]["path"]).parent
    assert len(list(folder.glob("*.png"))) == 1


async def test_asked_for_twice_at_once_it_is_made_once(client, video):
    pictures = await asyncio.gather(*(taken(client, video, "last") for _ in range(4)))
    assert len({one["id"] for one in pictures}) == 1


async def test_a_picture_in_the_trash_is_taken_back(client, video):
    first = await taken(client, video, 3)
    await client.delete(f"/api/assets/{first['id']}")
    again = await taken(client, video, 3)
    assert (again["id"], again["trashed_at"]) == (first["id"], None)


async def test_a_picture_whose_file_is_gone_is_made_again(client, studio, video):
    first = await taken(client, video, 4)
    (studio.settings.home / first["media"]["path"]).unlink()
    again = await taken(client, video, 4)
    assert again["id"] != first["id"]
    assert await number_in_picture(client, again) == 4


async def test_the_sidecar_says_of_which_clip_and_which_frame(client, studio, video):
    picture = await taken(client, video, 5)
    await studio.records.write(picture["id"])
    sidecar = studio.settings.home / f"{picture['media']['path']}.json"
    written = json.loads(sidecar.read_text())["asset"]
    expected = {"asset_id": video["id"], "number": 5, "sha256": video["media"]["sha256"]}
    assert written["frame_of"] == expected


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"at": 40}, 422, "frame_not_there"),
        ({"at": -1}, 422, "invalid_input"),
        ({"at": "middle"}, 422, "invalid_input"),
        ({"at": True}, 422, "invalid_input"),
        ({"at": 1.5}, 422, "invalid_input"),
        ({}, 422, "invalid_input"),
    ],
)
async def test_a_frame_that_cannot_be_meant_is_refused(client, video, body, status, code):
    answer = await client.post(f"/api/assets/{video['id']}/frames", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_only_a_video_whose_bytes_are_here_has_frames(client, studio, video, tmp_path):
    still = make_image(tmp_path / "a.png").read_bytes()
    image = await imported(client, video["project_id"], "a.png", still)
    refused = await client.post(f"/api/assets/{image['id']}/frames", json={"at": "last"})
    assert (refused.status_code, refused.json()["code"]) == (409, "frames_none")
    (studio.settings.home / video["media"]["path"]).unlink()
    await client.get(f"/media/{video['id']}")
    gone = await client.post(f"/api/assets/{video['id']}/frames", json={"at": "last"})
    assert (gone.status_code, gone.json()["code"]) == (404, "media_not_here")
    unknown = await client.post("/api/assets/nothing/frames", json={"at": "last"})
    assert unknown.json()["code"] == "asset_not_found"


async def test_where_a_file_lies_is_told_and_whether_it_is_there(client, studio, video):
    address = f"/api/assets/{video['id']}/file"
    found = (await client.get(address)).json()
    path = studio.settings.home / video["media"]["path"]
    assert found == {"path": str(path), "folder": str(path.parent), "is_there": True}
    content = Path(found["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == video["media"]["sha256"]
    path.unlink()
    assert (await client.get(address)).json()["is_there"] is False


async def test_the_folder_is_opened_and_nothing_of_ours_is_told_to_the_program(
    client, studio, video, tmp_path, monkeypatch
):
    said = tmp_path / "said"
    put_program(
        tmp_path / "bin", "xdg-open", f'printf "%s\\n" "$#" "$1" "${{FAL_KEY:-none}}" > {said}'
    )
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("FAL_KEY", "secret")
    answer = await client.post(f"/api/assets/{video['id']}/reveal")
    folder = (studio.settings.home / video["media"]["path"]).parent
    assert (answer.status_code, answer.content) == (204, b"")
    assert said.read_text().splitlines() == ["1", str(folder), "none"]


async def test_a_folder_that_cannot_be_opened_is_said(client, video, tmp_path, monkeypatch):
    address = f"/api/assets/{video['id']}/reveal"
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("DISPLAY", ":99")
    absent = await client.post(address)
    put_program(tmp_path / "bin", "xdg-open", "exit 3")
    failing = await client.post(address)
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    blind = await client.post(address)
    details = [answer.json()["detail"] for answer in (absent, failing, blind)]
    assert details[0] == "xdg-open is not installed."
    assert details[1].endswith("xdg-open ended with status 3.")
    assert details[2] == "The studio runs without a screen."
    assert {answer.json()["code"] for answer in (absent, failing, blind)} == {"cannot_reveal"}


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "abc", ""])
async def test_another_machine_opens_no_folder_here(studio, video, address):
    door = Door(studio.token, 80)
    far = httpx.ASGITransport(create_app(studio, door), client=(address, 4000))
    bearer = {"Authorization": f"Bearer {door.token}"}
    async with httpx.AsyncClient(
        transport=far, base_url="http://127.0.0.1", headers=bearer
    ) as client:
        answer = await client.post(f"/api/assets/{video['id']}/reveal")
    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_reveal")
