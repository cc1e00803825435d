"""The bytes of an asset: whole, in parts, not again when unchanged, and told when they are gone."""

from __future__ import annotations

import hashlib
import io
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

    @property
    def address(self) -> str:
        return f"/media/{self.id}"

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()}"'


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
    return Clip(asset["id"], asset["media"]["path"], content)


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
