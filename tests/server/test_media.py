"""The bytes of an asset: whole, in parts, not again when unchanged, and told when they are gone."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from rushes.catalogue.feed import Kind
from rushes.playback.policy import STRICT, Face
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.sample_media import make_clip
from tests.server.conftest import client_of

POLICY = STRICT.headers(Face.MEDIA)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Clip:
    """An imported clip and what its file holds."""

    id: str
    path: str
    content: bytes
    etag: str
    """As it was right after the import."""

    @property
    def address(self) -> str:
        return f"/media/{self.id}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """One for all."""
    async with open_studio(Settings(home=tmp_path_factory.mktemp("library"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_clip(tmp_path_factory.mktemp("clip") / "a.mp4").read_bytes()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clip(studio: Studio, content: bytes) -> Clip:
    async with client_of(studio) as client:
        return await import_clip(client, content)


async def import_clip(client: httpx.AsyncClient, content: bytes) -> Clip:
    [project] = (await client.get("/api/projects")).json()["items"]
    answer = await client.post(
        f"/api/projects/{project['id']}/imports", files={"files": ("Ein Film é.mp4", content)}
    )
    [asset] = answer.json()["assets"]
    etag = (await client.head(f"/media/{asset['id']}")).headers["etag"]
    return Clip(asset["id"], asset["media"]["path"], content, etag)


@pytest_asyncio.fixture(loop_scope="module")
async def own(studio: Studio, client: httpx.AsyncClient, content: bytes) -> Clip:
    """A clip that may be damaged."""
    return await import_clip(client, content)


async def get(client: httpx.AsyncClient, clip: Clip, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.get(clip.address, headers=named)


async def test_the_whole_file_is_sent_with_its_type_length_and_tag(client, clip):
    answer = await get(client, clip)
    assert (answer.status_code, answer.content) == (200, clip.content)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-length"] == str(len(clip.content))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == clip.etag
    assert clip.etag.startswith(f'"{hashlib.sha256(clip.content).hexdigest()}-')
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_a_saved_copy_would_have_the_name_of_the_file(client, clip):
    answer = await get(client, clip)
    assert answer.headers["content-disposition"] == (
        "inline; filename*=UTF-8''Ein%20Film%20%C3%A9.mp4"
    )


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-100", slice(-100, None)),
        ("bytes=0-999999999999", slice(0, None)),
    ],
)
async def test_a_part_is_sent_with_its_place_in_the_whole(client, clip, asked, part):
    answer = await get(client, clip, range=asked)
    wanted = clip.content[part]
    start = clip.content.index(wanted) if part.start == 0 else part.indices(len(clip.content))[0]
    assert (answer.status_code, answer.content) == (206, wanted)
    assert answer.headers["content-length"] == str(len(wanted))
    place = f"bytes {start}-{start + len(wanted) - 1}/{len(clip.content)}"
    assert answer.headers["content-range"] == place
    assert answer.headers["etag"] == clip.etag


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
async def test_a_part_outside_the_file_is_refused_with_its_size(client, clip, asked):
    answer = await get(client, clip, range=asked)
    assert (answer.status_code, answer.json()["code"]) == (416, "range_unsatisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(clip.content)}"
    assert answer.json()["facts"] == {"size": len(clip.content)}


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "items=0-1", "bytes=0-1,5-6", "nonsense", "bytes=0-" + "9" * 5000]
)
async def test_a_range_that_has_to_be_ignored_gets_the_whole_file(client, clip, asked):
    answer = await get(client, clip, range=asked)
    assert (answer.status_code, answer.content) == (200, clip.content)


async def test_asking_for_the_head_tells_all_but_the_bytes(client, clip):
    whole, head = await get(client, clip), await client.head(clip.address)
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


async def test_a_range_means_nothing_to_a_head(client, clip):
    head = await client.head(clip.address, headers={"range": "bytes=0-1"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(clip.content)))


@pytest.mark.parametrize("tags", ["{etag}", "W/{etag}", '"other", {etag}', "*", '"a",W/{etag}'])
async def test_what_the_browser_already_has_is_not_sent_again(client, clip, tags):
    answer = await get(client, clip, if_none_match=tags.format(etag=clip.etag))
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == clip.etag


async def test_what_the_browser_has_of_another_version_is_sent(client, clip):
    assert (await get(client, clip, if_none_match='"other"')).status_code == 200


async def test_a_part_is_sent_when_the_rest_is_of_the_same_version(client, clip):
    answer = await get(client, clip, range="bytes=0-9", if_range=clip.etag)
    assert (answer.status_code, answer.content) == (206, clip.content[:10])


@pytest.mark.parametrize("tag", ['"other"', "W/{etag}", "Sun, 01 Mar 2026 12:00:00 GMT", ""])
async def test_the_whole_is_sent_when_the_rest_may_be_of_another_version(client, clip, tag):
    answer = await get(client, clip, range="bytes=0-9", if_range=tag.format(etag=clip.etag))
    assert (answer.status_code, answer.content) == (200, clip.content)


@pytest.mark.parametrize(
    "headers",
    [{}, {"range": "bytes=0-9"}, {"range": "bytes=-0"}, {"if-none-match": "*"}],
    ids=["whole", "part", "outside", "unchanged"],
)
async def test_every_answer_with_media_has_every_header_of_the_policy(client, clip, headers):
    answer = await client.get(clip.address, headers=headers)
    assert {name: answer.headers.get(name) for name in POLICY} == dict(POLICY)


async def test_nobody_gets_media_without_a_token(anyone, clip):
    assert (await anyone.get(clip.address)).status_code == 401
    assert (await anyone.get(f"{clip.address}/poster")).status_code == 401


async def test_a_part_is_sent_when_the_rest_is_of_the_same_date(studio, client, own):
    file = studio.settings.home / own.path
    os.utime(file, (1_700_000_000, 1_700_000_000))
    modified = (await get(client, own)).headers["last-modified"]
    assert modified == "Tue, 14 Nov 2023 22:13:20 GMT"
    part = await get(client, own, range="bytes=0-9", if_range=modified)
    assert (part.status_code, part.content) == (206, own.content[:10])
    assert (await get(client, own, if_modified_since=modified)).status_code == 304


async def test_a_file_that_has_another_size_now_is_not_called_by_the_hash_it_had(
    studio, client, own
):
    (studio.settings.home / own.path).write_bytes(own.content + b"more")
    answer = await get(client, own)
    assert (answer.status_code, answer.content) == (200, own.content + b"more")
    assert "etag" not in answer.headers
    assert (await get(client, own, range="bytes=0-9", if_range=own.etag)).status_code == 200


async def test_a_file_of_the_same_size_with_other_bytes_has_another_tag_until_it_is_restored(
    studio, client, own
):
    """What a browser has kept of the one must not stand for the other."""
    file = studio.settings.home / own.path
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    garbled = own.content[:-9] + bytes(9)
    file.write_bytes(garbled)
    os.utime(file, ns=(times[0], times[1] + 1))
    broken = await get(client, own, if_none_match=own.etag)
    assert (broken.status_code, broken.content) == (200, garbled)
    joined = await get(client, own, range="bytes=9-", if_range=own.etag)
    assert (joined.status_code, joined.content) == (200, garbled)
    file.write_bytes(own.content)
    os.utime(file, ns=(times[0], times[1] + 2))
    restored = await get(client, own, if_none_match=broken.headers["etag"])
    assert (restored.status_code, restored.content) == (200, own.content)
    again = await get(client, own, if_none_match=restored.headers["etag"])
    assert again.status_code == 304


@pytest.mark.parametrize("value", ["\u00e9", f"Fri, 20 Nov 2026 12:00:00 +{'9' * 30}", "9" * 5000])
async def test_a_condition_that_nobody_can_read_is_met_by_nothing(client, clip, value):
    written = value.encode("latin-1")
    for name in ("If-None-Match", "If-Modified-Since", "If-Range"):
        headers = {"Range": b"bytes=0-9"} if name == "If-Range" else {}
        answer = await client.get(clip.address, headers={**headers, name: written})
        assert (answer.status_code, answer.content) == (200, clip.content)


# --- nothing outside the library ------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/media/../catalogue.sqlite",
        "/media/..%2fcatalogue.sqlite",
        "/media/%2e%2e%2fcatalogue.sqlite",
        "/media/..%5ccatalogue.sqlite",
        "/media/%252e%252e%252fcatalogue.sqlite",
        "/media/%c0%ae%c0%ae/access-token",
        "/media//etc/passwd",
        "/media/%2fetc%2fpasswd",
        "/media/.",
        "/media/%00",
        "/media/{id}%00",
        "/media/{id}/",
        "/media/{id}/../../access-token",
        "/media/{id}%2f..%2f..%2faccess-token",
        "/media/{id}/poster/../../../access-token",
    ],
)
async def test_no_address_however_written_leads_out_of_the_library(studio, client, clip, path):
    # A client tidies such a path, so it is put into the request as it stands.
    address = path.format(id=clip.id)
    url = httpx.URL(str(client.base_url), raw_path=address.encode())
    answer = await client.send(client.build_request("GET", url))
    assert answer.status_code in {307, 404}
    assert studio.token not in answer.text
    assert "root:" not in answer.text


async def test_a_file_that_was_replaced_by_a_link_is_not_served(studio, client, own, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    file = studio.settings.home / own.path
    assert (await get(client, own)).status_code == 200
    file.unlink()
    file.symlink_to(secret)
    # Once as it is known, and once looked up again.
    for _ in range(2):
        answer = await get(client, own)
        assert (answer.status_code, answer.json()["code"]) == (404, "media_not_here")
        await client.patch(own.address.replace("/media/", "/api/assets/"), json={"rating": 1})


async def test_a_folder_that_was_replaced_by_a_link_is_not_followed(tmp_path, content):
    settings = Settings(home=tmp_path / "library")
    async with open_studio(settings) as studio, client_of(studio) as client:
        clip = await import_clip(client, content)
        assert (await get(client, clip)).status_code == 200
        folder = (studio.settings.home / clip.path).parent
        outside = tmp_path / "outside"
        folder.rename(outside)
        folder.symlink_to(outside)
        answer = await get(client, clip)
        assert (answer.status_code, answer.json()["code"]) == (404, "media_not_here")


async def test_a_link_that_stays_inside_the_library_is_followed(studio, client, own):
    file = studio.settings.home / own.path
    target = file.with_name("moved.mp4")
    file.rename(target)
    file.symlink_to(target)
    await client.patch(own.address.replace("/media/", "/api/assets/"), json={"rating": 1})
    assert (await get(client, own)).content == own.content


async def test_what_is_no_file_is_not_waited_for(studio, client, own):
    file = studio.settings.home / own.path
    file.unlink()
    os.mkfifo(file)
    answer = await asyncio.wait_for(get(client, own), 20)
    assert (answer.status_code, answer.json()["code"]) == (404, "media_not_here")


# --- posters --------------------------------------------------------------------------------------


async def test_a_poster_is_a_picture_of_the_clip(client, clip):
    answer = await client.get(f"{clip.address}/poster")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width / picture.height == pytest.approx(64 / 48, rel=0.05)
    assert {name: answer.headers.get(name) for name in POLICY} == dict(POLICY)


async def test_a_poster_that_was_cleared_away_is_made_again(studio, client, own):
    poster = studio.posters / f"{own.id}.jpg"
    before = (await client.get(f"{own.address}/poster")).content
    poster.unlink()
    assert (await client.get(f"{own.address}/poster")).content == before
    assert poster.exists()


# --- when the file is gone ------------------------------------------------------------------------


async def test_a_file_that_left_the_disk_is_told_and_its_asset_is_missing_from_then_on(
    studio, client, own
):
    (studio.settings.home / own.path).unlink()
    answer = await client.get(own.address)
    assert (answer.status_code, answer.json()["code"]) == (404, "media_not_here")
    assert own.path in answer.json()["detail"]
    media = (await client.get(f"/api/assets/{own.id}")).json()["media"]
    assert (media["state"], media["path"]) == ("missing", own.path)
    assert media["error"]["code"] == "media_not_here"
    assert media["size"] == len(own.content)


async def test_a_missing_asset_stays_in_its_project_and_is_told_to_whoever_watches(
    studio, client, own
):
    place = studio.catalogue.feed.place
    (studio.settings.home / own.path).unlink()
    await client.get(own.address)
    changes = studio.catalogue.feed.since(place)
    assert [change.kind for _, change in changes] == [Kind.ASSET, Kind.NOTICE]
    assert changes[0][1].id == own.id
    assert own.id in {item["id"] for item in (await client.get("/api/assets")).json()["items"]}


async def test_asking_again_for_a_missing_file_changes_nothing_more(studio, client, own):
    (studio.settings.home / own.path).unlink()
    await client.get(own.address)
    place = studio.catalogue.feed.place
    answer = await client.get(own.address)
    assert answer.json()["facts"] == {"state": "missing"}
    assert studio.catalogue.feed.place == place
