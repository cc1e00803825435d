"""Files that are uploaded: measured, named so that every disk takes them, or refused whole."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.disks import small_disk
from tests.sample_media import make_clip, make_image, make_wav

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clip") / "clip.mp4")


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_image(tmp_path_factory.mktemp("picture") / "a.png").read_bytes()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """One for all, in which each test has a project of its own."""
    async with open_studio(Settings(home=tmp_path_factory.mktemp("library"))) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def made(client: httpx.AsyncClient) -> dict:
    return (await client.post("/api/projects", json={"name": "Film"})).json()


@pytest.fixture
def project(made) -> str:
    return made["id"]


@pytest.fixture
def media(studio, made) -> Path:
    """The folder of the project."""
    return studio.settings.home / made["folder"]


async def upload(
    client: httpx.AsyncClient, project: str, *files: tuple[str, bytes], **query: str
) -> httpx.Response:
    parts = [("files", file) for file in files]
    return await client.post(f"/api/projects/{project}/imports", files=parts, params=query)


async def imported(client: httpx.AsyncClient, project: str, name: str, content: bytes) -> dict:
    answer = await upload(client, project, (name, content))
    assert answer.status_code == 201, answer.text
    [asset] = answer.json()["assets"]
    return asset


def files_in(folder: Path) -> list[str]:
    """The media in a folder. Sidecars are written behind them, on their way or there already."""
    names = (path.name for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if not name.endswith((".json", ".json.part")))


async def total(client: httpx.AsyncClient, project: str) -> int:
    return (await client.get("/api/assets", params={"project": project})).json()["total"]


async def test_a_clip_is_copied_whole_and_measured_from_its_bytes(
    client, project, made, media, clip
):
    content = clip.read_bytes()
    asset = await imported(client, project, "My clip.mp4", content)
    assert asset["origin"] == {"type": "imported", "file_name": "My clip.mp4"}
    assert asset["media"]["path"] == f"{made['folder']}/My clip.mp4"
    assert asset["media"]["size"] == len(content)
    assert asset["media"]["sha256"] == hashlib.sha256(content).hexdigest()
    measured = {"kind", "width", "height", "fps", "frames", "duration", "has_audio", "video_codec"}
    assert {name: asset[name] for name in measured} == {
        "kind": "video",
        "width": 64,
        "height": 48,
        "fps": "24/1",
        "frames": 12,
        "duration": 0.5,
        "has_audio": True,
        "video_codec": "h264",
    }
    assert (media / "My clip.mp4").read_bytes() == content
    assert (await client.get(f"/api/assets/{asset['id']}")).json() == asset


async def test_a_picture_has_a_size_and_no_duration(client, project, picture):
    asset = await imported(client, project, "a.png", picture)
    assert (asset["kind"], asset["width"], asset["height"]) == ("image", 80, 60)
    assert (asset["duration"], asset["fps"], asset["has_audio"]) == (None, None, False)


async def test_a_sound_has_no_picture_and_no_poster(client, project, tmp_path):
    sound = make_wav(tmp_path / "a.wav").read_bytes()
    asset = await imported(client, project, "a.wav", sound)
    assert (asset["kind"], asset["width"], asset["duration"]) == ("audio", None, 0.5)
    assert (await client.get(f"/media/{asset['id']}/poster")).status_code == 404


async def test_an_imported_asset_is_counted_in_its_project(client, project, picture):
    await imported(client, project, "a.png", picture)
    assert (await client.get(f"/api/projects/{project}")).json()["assets"] == 1


async def test_the_suffix_is_that_of_the_bytes_whatever_the_name_says(
    client, project, media, picture
):
    asset = await imported(client, project, "really.mp4", picture)
    assert files_in(media) == ["really.png"]
    assert asset["origin"]["file_name"] == "really.mp4"


@pytest.mark.parametrize(
    "content",
    [b"just some text\n" * 100, b"", b"\x00" * 5000, b"\x00\x00\x00\x20ftypisom" + b"\xff" * 5000],
    ids=["text", "nothing", "zeros", "a head without a body"],
)
async def test_what_is_no_media_is_refused_and_leaves_nothing_behind(
    client, project, media, content
):
    answer = await upload(client, project, ("notes.mp4", content))
    found = answer.json()
    assert (answer.status_code, found["code"]) == (422, "file_unusable")
    assert found["facts"] == {"field": "file", "file": "notes.mp4"}
    assert ".part" not in found["detail"]
    assert files_in(media) == []
    assert await total(client, project) == 0


async def test_the_wrong_kind_is_refused_and_leaves_nothing_behind(client, project, media, picture):
    answer = await upload(client, project, ("a.png", picture), only="video")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_unusable")
    assert files_in(media) == []
    assert await total(client, project) == 0


async def test_a_project_that_is_not_there_takes_no_file(client, studio, picture):
    before = files_in(studio.settings.home / "media")
    answer = await upload(client, "nothing", ("a.png", picture))
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")
    assert files_in(studio.settings.home / "media") == before


async def test_files_of_one_name_are_all_kept(client, project, media, picture):
    paths = [(await imported(client, project, "a.png", picture))["media"]["path"] for _ in range(3)]
    assert [Path(path).name for path in paths] == ["a.png", "a-2.png", "a-3.png"]
    assert files_in(media) == ["a-2.png", "a-3.png", "a.png"]


async def test_files_of_one_name_at_the_same_time_are_all_kept(client, project, media, picture):
    answers = await asyncio.gather(
        *(upload(client, project, ("same.png", picture)) for _ in range(8))
    )
    paths = {answer.json()["assets"][0]["media"]["path"] for answer in answers}
    assert len(paths) == 8
    assert len(files_in(media)) == 8


async def test_a_file_that_somebody_else_put_there_is_never_written_over(
    client, project, media, picture
):
    media.mkdir(parents=True)
    (media / "a.png").write_bytes(b"not ours")
    asset = await imported(client, project, "a.png", picture)
    assert Path(asset["media"]["path"]).name == "a-2.png"
    assert (media / "a.png").read_bytes() == b"not ours"


async def test_a_name_that_a_lost_file_had_is_not_given_again(client, project, media, picture):
    first = await imported(client, project, "a.png", picture)
    (media / "a.png").unlink()
    second = await imported(client, project, "a.png", picture)
    assert second["media"]["path"] != first["media"]["path"]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("..\\..\\x.png", "x"),
        ("../../x.png", "x"),
        ("a/b.png", "b"),
        ("C:\\Users\\me\\b.png", "b"),
        ("/etc/passwd", "passwd"),
        ("..", "file"),
        (".", "file"),
        (".png", "png"),
        ("...png", "file"),
        ("a:b*c?.png", "a-b-c"),
        ("\u202egpj.png", "gpj"),
        ("🎬.png", "file"),
        ("日本 (1).png", "日本 (1)"),
        ("e\u0301te\u0301.png", "été"),
        ("  spaces  .png", "spaces"),
        ("-rf.png", "rf"),
        ("x" * 2000 + ".png", "x" * 120),
        ("%2e%2e%2fx.png", "2e-2e-2fx"),
    ],
)
async def test_whatever_a_file_is_called_it_lies_in_its_project(
    client, project, made, media, picture, name, stem
):
    asset = await imported(client, project, name, picture)
    assert files_in(media) == [f"{stem}.png"]
    assert asset["media"]["path"] == f"{made['folder']}/{stem}.png"
    assert 0 < len(asset["name"]) <= 120
    assert not set(asset["name"]) & set("\\/\u202e\n")


async def test_several_files_come_in_one_request_in_their_order(client, project, picture, clip):
    answer = await upload(client, project, ("b.png", picture), ("a.mp4", clip.read_bytes()))
    assert [asset["name"] for asset in answer.json()["assets"]] == ["b.png", "a.mp4"]
    assert await total(client, project) == 2


# --- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["other", "files[]", "FILES", "__proto__", "..", "\u202efiles", "x" * 5000]
)
async def test_files_under_another_name_are_refused(client, project, media, name):
    answer = await client.post(
        f"/api/projects/{project}/imports", files=[(name, ("a.mp4", b"x")), ("files", ("b", b"x"))]
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "file_unusable")
    assert "as 'files'" in answer.json()["remedy"]
    assert not media.exists()


async def test_fields_beside_the_files_are_refused(client, project, picture):
    answer = await client.post(
        f"/api/projects/{project}/imports",
        files={"files": ("a.png", picture)},
        data={"only": "video"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "file_unusable")


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--"]
)
async def test_a_form_that_is_none_is_refused(client, project, body):
    answer = await client.post(
        f"/api/projects/{project}/imports",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 422, answer.text


async def test_a_form_whose_boundary_is_too_long_is_refused_by_the_name_to_use(client, project):
    answer = await client.post(
        f"/api/projects/{project}/imports",
        content=b"--x",
        headers={"Content-Type": f"multipart/form-data; boundary={'x' * 5000}"},
    )
    refused = answer.json()
    assert (answer.status_code, refused["code"]) == (422, "file_unusable")
    assert refused["facts"]["field"] == "files"
    assert "'files'" in refused["remedy"]


def form(*files: bytes, end: bytes = b"\r\n--x--\r\n") -> bytes:
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    return b"\r\n".join(head + file for file in files) + end


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\n--x", b"\r\n--y--\r\n"])
async def test_a_form_that_ends_before_its_file_does_brings_nothing(
    client, project, media, picture, end
):
    answer = await client.post(
        f"/api/projects/{project}/imports",
        content=form(picture, end=end),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "file_unusable")
    assert "middle of a file" in answer.json()["detail"]
    assert files_in(media) == []


async def test_the_pieces_in_which_a_form_comes_do_not_matter(client, project, picture):
    whole = form(picture, picture)

    async def pieces() -> AsyncIterator[bytes]:
        for place in range(0, len(whole), 7):
            yield whole[place : place + 7]

    answer = await client.post(
        f"/api/projects/{project}/imports",
        content=pieces(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 201, answer.text
    hashes = [asset["media"]["sha256"] for asset in answer.json()["assets"]]
    assert hashes == [hashlib.sha256(picture).hexdigest()] * 2


async def test_what_came_before_a_refused_file_is_imported(client, project, media, picture):
    answer = await upload(client, project, ("a.png", picture), ("b.png", b"x"), ("c.png", picture))
    assert (answer.status_code, answer.json()["code"]) == (422, "file_unusable")
    assert files_in(media) == ["a.png"]
    assert await total(client, project) == 1


async def test_a_full_disk_is_told_with_its_room_and_nothing_is_left(client, project, media, clip):
    with small_disk(media, "256k"):
        content = clip.read_bytes() + bytes(400_000)
        answer = await upload(client, project, ("a.mp4", content))
        assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
        assert files_in(media) == []
