"""Clips that are not here, played through our own address from a host that may do anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from rushes.catalogue import assets
from rushes.domain.asset import Asset, Imported
from rushes.domain.ids import AssetId, new_id
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import MissingMedia, UrlOnlyMedia
from rushes.domain.problem import Failure, Problem
from rushes.playback.policy import STRICT, Face
from rushes.playback.source import RemotePlayback
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.media_host import (
    Answer,
    Asked,
    MediaHost,
    chunked,
    cut,
    head,
    media_host,
    ranged,
    raw,
    redirect,
    whole,
)
from tests.server.conftest import client_of
from tests.server.live_server import PATIENCE, served

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODY = bytes(range(256)) * 400
LENGTH = len(BODY)
POLICY = STRICT.headers(Face.MEDIA)


@dataclass
class Quiet:
    """A host that begins a clip, sends nothing more, and notes when nobody listens any longer."""

    url: str = ""
    was_left: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await cut(BODY, 1000)(Asked("/", {}), writer)
        await reader.read()
        self.was_left.set()
        writer.close()


@dataclass(frozen=True)
class Place:
    """A served studio and a media host that it may call."""

    studio: Studio
    client: httpx.AsyncClient
    host: MediaHost
    quiet: Quiet

    async def link(self, *answers: Answer, name: str = "A clip") -> str:
        """The address of a clip that is kept as an address only."""
        return await self.keep(self.host.put(f"/{new_id()}.mp4", *answers), name)

    async def keep(self, url: str, name: str = "A clip") -> str:
        return await add(self.studio, UrlOnlyMedia(url), name)


async def add(studio: Studio, media: UrlOnlyMedia | MissingMedia, name: str = "A clip") -> str:
    [(project, _)] = await studio.projects.list_all()
    asset = Asset(
        id=AssetId(new_id()),
        project_id=project.id,
        name=name,
        kind=MediaKind.VIDEO,
        take_number=1,
        origin=Imported("a.mp4"),
        media=media,
        facts=None,
        created_at=datetime.now(UTC),
    )
    await studio.catalogue.write(lambda transaction: assets.insert(transaction, asset))
    return f"/media/{asset.id}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    quiet = Quiet()
    async with media_host() as host, await asyncio.start_server(quiet.serve, "127.0.0.1") as server:
        other = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        quiet.url = f"http://{other}/a.mp4"
        settings = Settings(
            home=tmp_path_factory.mktemp("relay") / "library",
            media_hosts=f"{host.authority},{other}",
            fal_key=SecretStr("a-very:secret-key"),
        )
        async with open_studio(settings) as studio, served(studio) as client:
            yield Place(studio, client, host, quiet)


def part(answer_range: str, **more: str) -> Answer:
    """A host that answers any range with this one, of the whole body."""
    first, last = (int(one) for one in answer_range.split("-"))
    named = {"Content-Range": f"bytes {first}-{last}/{LENGTH}", **more}
    return whole(BODY[first : last + 1], status=206, headers=named)


# --- what is passed on ----------------------------------------------------------------------------


async def test_a_clip_that_is_only_at_its_host_is_played_from_our_address(place):
    clip = await place.link(whole(BODY, headers={"ETag": '"v1"', "Accept-Ranges": "bytes"}))
    answer = await place.client.get(clip)
    assert (answer.status_code, answer.content) == (200, BODY)
    assert answer.headers["content-length"] == str(LENGTH)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["etag"] == '"v1"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert {name: answer.headers.get(name) for name in POLICY} == dict(POLICY)


async def test_the_head_is_the_same_without_the_bytes(place):
    clip = await place.link(whole(BODY))
    told, got = await place.client.head(clip), await place.client.get(clip)
    assert (told.status_code, told.content) == (200, b"")
    names = ("content-length", "content-type", "content-disposition", "accept-ranges")
    assert [told.headers[name] for name in names] == [got.headers[name] for name in names]


async def test_a_range_is_asked_for_and_comes_with_its_place(place):
    clip = await place.link(ranged(BODY))
    answer = await place.client.get(clip, headers={"Range": "bytes=1000-"})
    assert (answer.status_code, answer.content) == (206, BODY[1000:])
    assert answer.headers["content-range"] == f"bytes 1000-{LENGTH - 1}/{LENGTH}"
    assert place.host.asked[-1].headers["range"] == "bytes=1000-"


async def test_a_range_of_the_end_comes_too(place):
    clip = await place.link(part(f"{LENGTH - 10}-{LENGTH - 1}"))
    answer = await place.client.get(clip, headers={"Range": "bytes=-10"})
    assert (answer.status_code, answer.content) == (206, BODY[-10:])


async def test_a_host_without_ranges_sends_the_whole(place):
    clip = await place.link(whole(BODY))
    answer = await place.client.get(clip, headers={"Range": "bytes=1000-"})
    assert (answer.status_code, answer.content) == (200, BODY)
    assert answer.headers["accept-ranges"] == "none"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "items=0-1", "bytes=5-2", "nonsense"])
async def test_a_range_that_has_to_be_ignored_is_not_passed_on(place, asked):
    clip = await place.link(whole(BODY))
    answer = await place.client.get(clip, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, BODY)
    assert "range" not in place.host.asked[-1].headers


async def test_a_range_outside_the_file_is_refused_with_its_size(place):
    outside = whole(b"", status=416, headers={"Content-Range": f"bytes */{LENGTH}"})
    clip = await place.link(outside)
    answer = await place.client.get(clip, headers={"Range": f"bytes={LENGTH}-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_unsatisfiable")
    assert answer.headers["content-range"] == f"bytes */{LENGTH}"


async def test_if_range_is_judged_by_who_knows_the_file(place):
    clip = await place.link(ranged(BODY, headers={"ETag": '"v1"'}))
    asked = {"Range": "bytes=9-", "If-Range": '"v1"'}
    assert (await place.client.get(clip, headers=asked)).status_code == 206
    assert place.host.asked[-1].headers["if-range"] == '"v1"'


async def test_what_has_not_changed_is_not_sent_again(place):
    clip = await place.link(whole(b"", status=304, headers={"ETag": '"v1"'}))
    answer = await place.client.get(clip, headers={"If-None-Match": '"v1"'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert place.host.asked[-1].headers["if-none-match"] == '"v1"'


async def test_a_condition_that_cannot_be_passed_on_is_met_by_nothing(place):
    clip = await place.link(whole(BODY))
    for headers in (
        {"If-None-Match": b'"\xe9"'},
        {"If-Modified-Since": b"\xe9"},
        {"If-None-Match": b'"\xe9"', "If-Modified-Since": b"Fri, 02 Jan 2026 00:00:00 GMT"},
        {"Range": b"bytes=9-", "If-Range": b'"\xe9"'},
        {"Range": b"bytes=9-", "If-Range": b'"' + b"x" * 5000 + b'"'},
        {"Range": b"bytes\xa0=9-"},
        {"Range": b"\x85bytes=9-"},
    ):
        answer = await place.client.get(clip, headers=headers)
        assert (answer.status_code, answer.content) == (200, BODY)
        asked = place.host.asked[-1].headers
        assert not asked.keys() & {"range", "if-range", "if-none-match", "if-modified-since"}


@pytest.mark.parametrize(
    "size", ["\u0661\u0660\u0662\u0664\u0660\u0660", "9" * 5000, "\u00b2", "-1", "+1", ""]
)
async def test_a_size_that_is_no_number_is_not_told(place, size):
    outside = whole(b"", status=416, headers={"Content-Range": f"bytes */{size}"})
    answer = await place.client.get(await place.link(outside), headers={"Range": "bytes=9-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_unsatisfiable")
    assert answer.headers["content-range"] == "bytes */*"


@pytest.mark.parametrize(
    "named", ["bytes \u0661-\u0662/9", f"bytes 1-{'9' * 5000}/*", f"bytes 1-2/{'9' * 5000}"]
)
async def test_a_part_whose_place_is_no_number_is_not_passed_on(place, named):
    clip = await place.link(whole(b"xx", status=206, headers={"Content-Range": named}))
    answer = await place.client.get(clip, headers={"Range": "bytes=1-2"})
    assert (answer.status_code, answer.json()["code"]) == (502, "download_not_media")


async def test_a_redirect_to_the_same_host_is_followed(place):
    target = place.host.put(f"/{new_id()}", whole(BODY))
    clip = await place.link(redirect(target))
    assert (await place.client.get(clip)).content == BODY


async def test_a_body_of_unknown_length_is_passed_on_in_chunks(place):
    answer = raw(
        head(200, {"Content-Type": "video/mp4", "Transfer-Encoding": "chunked"}),
        chunked([BODY[:1000], BODY[1000:]]),
    )
    got = await place.client.get(await place.link(answer))
    assert (got.status_code, got.content) == (200, BODY)
    assert "content-length" not in got.headers


@pytest.mark.parametrize(
    ("named", "sent"),
    [
        ("video/mp4", "video/mp4"),
        ("VIDEO/WebM; codecs=vp9", "video/webm"),
        ("image/png", "image/png"),
        ("image/svg+xml", "application/octet-stream"),
        ("text/javascript", "application/octet-stream"),
        ("application/pdf", "application/octet-stream"),
        ("video/mp4\tx", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
async def test_a_type_is_passed_on_only_when_it_can_do_nothing_but_be_shown(place, named, sent):
    clip = await place.link(whole(BODY, headers={"Content-Type": named}))
    answer = await place.client.get(clip)
    assert answer.headers["content-type"] == sent
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ['a"\r\nSet-Cookie: x=1', "../../etc/passwd", "Ünïcode 🎬", "%2f"])
async def test_a_name_stays_a_name(place, name):
    clip = await place.link(whole(BODY), name=name)
    answer = await place.client.get(clip)
    told = answer.headers["content-disposition"]
    assert told.startswith("inline; filename*=UTF-8''")
    assert told.isascii()
    assert not set(told.partition("''")[2]) & set('"\r\n/\\; ')
    assert "set-cookie" not in answer.headers


async def test_nothing_that_the_host_says_besides_is_passed_on(place):
    loud = {"Set-Cookie": "a=b", "Content-Security-Policy": "x", "Link": "</x>", "X-Other": "y"}
    answer = await place.client.get(await place.link(whole(BODY, headers=loud)))
    assert "set-cookie" not in answer.headers
    assert "link" not in answer.headers
    assert "x-other" not in answer.headers
    assert answer.headers["content-security-policy"] == POLICY["Content-Security-Policy"]


# --- what is never sent ---------------------------------------------------------------------------


async def test_neither_our_key_nor_our_token_nor_a_cookie_goes_to_the_media_host(place):
    clip = await place.link(whole(BODY))
    await place.client.get(clip, headers={"Cookie": "rushes-1=abc", "Referer": "http://me/"})
    told = place.host.asked[-1].headers
    assert not told.keys() & {"authorization", "cookie", "referer", "origin"}
    assert "secret" not in repr(told)
    assert place.studio.token not in repr(told)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_what_is_gone_is_told_as_gone(place, status):
    clip = await place.link(whole(b"", status=status))
    answer = await place.client.get(clip)
    assert (answer.status_code, answer.json()["code"]) == (410, "media_gone")
    assert answer.json()["facts"]["status"] == status


@pytest.mark.parametrize("status", [401, 418, 429, 500, 503, 599, 206])
async def test_an_answer_that_is_no_clip_is_a_problem_of_the_media_host(place, status):
    clip = await place.link(whole(b"no", status=status) if status != 599 else raw(ODD_STATUS))
    answer = await place.client.get(clip)
    assert answer.status_code == 502
    assert answer.json()["code"] in {"download_status", "download_not_media"}


ODD_STATUS = b"HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/html"},
        {"Content-Type": "application/json"},
        {"Content-Encoding": "gzip"},
        {"Content-Encoding": "br"},
    ],
)
async def test_a_page_or_what_is_packed_is_not_passed_on(place, headers):
    answer = await place.client.get(await place.link(whole(BODY, headers=headers)))
    assert (answer.status_code, answer.json()["code"]) == (502, "download_not_media")


@pytest.mark.parametrize("other", ["0-9", "1001-1009", "1000-999"])
async def test_another_part_than_was_asked_for_is_not_passed_on(place, other):
    clip = await place.link(
        whole(b"x" * 10, status=206, headers={"Content-Range": f"bytes {other}/{LENGTH}"})
    )
    answer = await place.client.get(clip, headers={"Range": "bytes=1000-1009"})
    assert (answer.status_code, answer.json()["code"]) == (502, "download_not_media")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/a.mp4",
        "http://127.0.0.1:1/a.mp4",
        "http://[::1]:80/a.mp4",
        "http://169.254.169.254/latest/meta-data",
        "https://user:word@127.0.0.1/a.mp4",
        "http://localhost/a.mp4",
    ],
)
async def test_an_address_that_is_not_listed_is_never_called(place, url):
    answer = await place.client.get(await place.keep(url))
    assert (answer.status_code, answer.json()["code"]) == (502, "media_host_refused")


async def test_a_redirect_to_where_nobody_may_call_is_not_followed(place):
    async with media_host() as secret:
        inside = secret.put("/secret", whole(BODY))
        answer = await place.client.get(await place.link(redirect(inside)))
        assert answer.json()["code"] == "media_host_refused"
        assert secret.asked == []


async def test_a_host_that_is_not_there_is_told(place):
    clip = await place.link(raw(b""))
    answer = await place.client.get(clip)
    assert (answer.status_code, answer.json()["code"]) == (502, "download_failed")


@pytest.mark.parametrize("state", ["url_only", "missing"])
async def test_with_local_playback_nobody_is_asked_and_the_reason_is_told(place, tmp_path, state):
    settings = Settings(
        home=tmp_path, media_hosts=place.host.authority, remote_playback=RemotePlayback.LOCAL
    )
    url = place.host.put(f"/{new_id()}", whole(BODY))
    before = len(place.host.asked)
    async with open_studio(settings) as studio, client_of(studio) as client:
        failure = Failure(Problem("media_not_here", "Gone."), datetime.now(UTC))
        lost = MissingMedia("media/x/a.mp4", 1, "0" * 64, url, failure)
        clip = await add(studio, UrlOnlyMedia(url) if state == "url_only" else lost)
        answer = await client.get(clip)
        assert (answer.status_code, answer.json()["code"]) == (404, "remote_playback_off")
        shown = (await client.get(f"/api/assets/{clip.removeprefix('/media/')}/playback")).json()
        assert (shown["source"], shown["reason"]["code"]) == ("none", "remote_playback_off")
    assert len(place.host.asked) == before


async def test_a_missing_file_is_played_from_where_it_came(place):
    url = place.host.put(f"/{new_id()}", whole(BODY))
    failure = Failure(Problem("media_not_here", "Gone."), datetime.now(UTC))
    clip = await add(place.studio, MissingMedia("media/x/a.mp4", 1, "0" * 64, url, failure))
    assert (await place.client.get(clip)).content == BODY


# --- what goes wrong on the way -------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, LENGTH // 2, LENGTH - 1])
async def test_what_is_cut_off_cannot_be_taken_for_the_whole(place, at):
    clip = await place.link(cut(BODY, at))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        await place.client.get(clip)


async def test_a_cut_in_a_body_of_unknown_length_is_seen_too(place):
    begun = chunked([BODY[:1000]]).removesuffix(b"0\r\n\r\n")
    clip = await place.link(
        raw(head(200, {"Content-Type": "video/mp4", "Transfer-Encoding": "chunked"}), begun)
    )
    with pytest.raises(httpx.RemoteProtocolError):
        await place.client.get(clip)


async def test_a_player_that_leaves_ends_the_request_at_the_media_host(place):
    hung_up = asyncio.Event()

    async def until_hung_up(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, {"Content-Type": "video/mp4", "Content-Length": str(10**12)}))
        try:
            while True:
                writer.write(BODY)
                await writer.drain()
        except ConnectionError:
            hung_up.set()
            raise

    clip = await place.link(until_hung_up)
    async with place.client.stream("GET", clip) as answer:
        async for _ in answer.aiter_raw():
            break
    await asyncio.wait_for(hung_up.wait(), PATIENCE)


async def test_a_player_that_leaves_while_nothing_comes_does_so_too(place):
    clip = await place.keep(place.quiet.url)
    async with place.client.stream("GET", clip) as answer:
        async for _ in answer.aiter_raw():
            break
    await asyncio.wait_for(place.quiet.was_left.wait(), PATIENCE)


async def test_a_player_that_takes_nothing_stops_the_media_host(place):
    """What lies between them is a few buffers, however much the host would send."""
    sent = 0
    is_full = asyncio.Event()
    is_over = asyncio.Event()

    async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(head(200, {"Content-Type": "video/mp4", "Content-Length": str(10**12)}))
        try:
            while not is_over.is_set():
                writer.write(BODY)
                sent += LENGTH
                try:
                    await asyncio.wait_for(writer.drain(), 1)
                except TimeoutError:
                    is_full.set()
                    await is_over.wait()
        except ConnectionError:
            return

    clip = await place.link(endless)
    async with place.client.stream("GET", clip):
        await asyncio.wait_for(is_full.wait(), PATIENCE)
        assert sent < 64 * 2**20
        is_over.set()
