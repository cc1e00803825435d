"""Uploads to the program itself, over a real connection: cut, refused early, and large."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.browser.every_state import eventually
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_clip

LARGE = 24 * 2**20


@pytest.fixture
def studio(tmp_path: Path, fal: FalEmulator) -> Iterator[OpenStudio]:
    """Its temporary folder has less room than the files that are sent."""
    with small_disk(tmp_path / "temporary", "4m") as temporary:
        environment = environment_for(tmp_path / "library", fal) | {"TMPDIR": str(temporary)}
        with open_studio(environment) as opened:
            yield opened


@pytest.fixture
def client(studio: OpenStudio) -> Iterator[httpx.Client]:
    bearer = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=bearer, timeout=60) as opened:
        yield opened


@pytest.fixture
def imports(client: httpx.Client) -> str:
    [project] = client.get("/api/projects").json()["items"]
    return f"/api/projects/{project['id']}/imports"


def test_a_large_file_needs_no_room_but_its_own(
    client: httpx.Client, imports: str, tmp_path: Path
) -> None:
    # What stands behind the last box of a clip belongs to the file, and is kept with it.
    content = make_clip(tmp_path / "clip.mp4").read_bytes() + bytes(LARGE)
    answer = client.post(imports, files={"files": ("large.mp4", content)})
    assert answer.status_code == 201, answer.text
    [asset] = answer.json()["assets"]
    assert asset["media"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_refusal_reaches_whoever_is_still_sending(client: httpx.Client) -> None:
    answer = client.post(
        "/api/projects/none/imports",
        files={"files": ("large.mp4", bytes(LARGE))},
        headers={"Connection": "close"},
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")


def test_of_a_sender_that_is_gone_nothing_stays(
    studio: OpenStudio, client: httpx.Client, imports: str, tmp_path: Path
) -> None:
    media = tmp_path / "library" / "media"
    with half_sent(studio, imports, media):
        pass
    eventually(lambda: drafts_in(media), lambda found: found == [], what="removed")
    assert client.get("/api/library").json()["total"] == 0
    assert "Traceback" not in studio.end()


def test_of_an_upload_in_which_the_studio_is_killed_nothing_stays_after_the_next_start(
    studio: OpenStudio, imports: str, tmp_path: Path, fal: FalEmulator
) -> None:
    media = tmp_path / "library" / "media"
    with half_sent(studio, imports, media):
        studio.process.kill()
        studio.process.wait(20)
    assert len(drafts_in(media)) == 1
    with open_studio(environment_for(tmp_path / "library", fal)) as again:
        bearer = {"Authorization": f"Bearer {again.token}"}
        assert httpx.get(f"{again.url}/api/library", headers=bearer).json()["total"] == 0
        eventually(lambda: drafts_in(media), lambda found: found == [], what="swept")


@contextmanager
def half_sent(studio: OpenStudio, imports: str, media: Path) -> Iterator[None]:
    """A file of which a part has come, and the connection on which it comes."""
    address = httpx.URL(studio.url)
    head = (
        f"POST {imports} HTTP/1.1\r\nHost: {address.host}:{address.port}\r\n"
        f"Authorization: Bearer {studio.token}\r\nContent-Length: {LARGE}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
        'Content-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'
    )
    with socket.create_connection((address.host, address.port)) as sender:
        sender.sendall(head.encode() + bytes(4 * 2**20))
        eventually(lambda: drafts_in(media), lambda found: len(found) == 1, what="begun")
        yield


def drafts_in(media: Path) -> list[Path]:
    return list(media.rglob("*.part"))
