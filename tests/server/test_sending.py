"""Files sent by a real server, by the system itself where it can: exact for every reader."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import uvicorn
from starlette.types import Receive, Scope, Send

from rushes.server.file_response import sender_of
from rushes.server.kernel_sending import IS_POSSIBLE, SendingProtocol
from rushes.settings import Settings
from rushes.studio import open_studio
from tests.sample_media import make_noise
from tests.server.live_server import served

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not IS_POSSIBLE, reason="this system cannot send a file by itself"),
]

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Large:
    """A clip of several megabytes behind a real server."""

    client: httpx.AsyncClient
    address: str
    file: Path
    content: bytes

    @property
    def url(self) -> httpx.URL:
        return self.client.base_url

    def request(self, first: int, last: int) -> bytes:
        lines = (
            f"GET {self.address} HTTP/1.1",
            f"Host: {self.url.host}:{self.url.port}",
            f"Authorization: {self.client.headers['Authorization']}",
            f"Range: bytes={first}-{last}",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def open_descriptors(self) -> int:
        return sum(one.resolve() == self.file for one in Path("/proc/self/fd").iterdir())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def large(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Large]:
    folder = tmp_path_factory.mktemp("large")
    content = make_noise(folder / "a.mp4", frames=60).read_bytes()
    assert len(content) > 4 * MEGABYTE
    async with open_studio(Settings(home=folder / "library")) as studio, served(studio) as client:
        [project] = (await client.get("/api/projects")).json()["items"]
        parts = [("files", ("a.mp4", content))]
        answer = await client.post(f"/api/projects/{project['id']}/imports", files=parts)
        [asset] = answer.json()["assets"]
        file = (folder / "library" / asset["media"]["path"]).resolve()
        large = Large(client, f"/media/{asset['id']}", file, content)
        # From now on it is known where it is.
        await client.head(large.address)
        yield large


async def test_our_server_offers_to_send_files_by_itself():
    offered: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        offered.append(sender_of(scope) is not None)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(app, http=SendingProtocol, lifespan="off", ws="none", log_level="error")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.get(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        server.should_exit = True
        await serving
    assert offered == [True]


async def test_the_whole_and_every_part_are_exact(large):
    assert (await large.client.get(large.address)).content == large.content
    chance, size = random.Random(7), len(large.content)
    for _ in range(30):
        first = chance.randrange(size)
        last = min(size - 1, first + chance.choice((0, 1, 65_535, 65_536, 65_537, 3 * MEGABYTE)))
        answer = await large.client.get(large.address, headers={"Range": f"bytes={first}-{last}"})
        assert answer.status_code == 206
        assert answer.content == large.content[first : last + 1]


async def test_many_who_read_at_once_get_each_their_own(large):
    places = [number * 100_003 for number in range(24)]
    answers = await asyncio.gather(
        *(
            large.client.get(large.address, headers={"Range": f"bytes={p}-{p + MEGABYTE}"})
            for p in places
        )
    )
    for place, answer in zip(places, answers, strict=True):
        assert answer.content == large.content[place : place + MEGABYTE + 1]


async def test_answers_on_one_connection_come_whole_and_in_order_to_a_slow_reader(large):
    reader, writer = await narrow_connection(large)
    spans = [(0, 2 * MEGABYTE), (5, 70_000), (1 * MEGABYTE, 4 * MEGABYTE), (9, 9)]
    writer.write(b"".join(large.request(first, last) for first, last in spans))
    for first, last in spans:
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 206 ")
        assert await reader.readexactly(last - first + 1) == large.content[first : last + 1]
    writer.close()


async def test_whoever_leaves_in_the_middle_is_not_waited_for(large):
    for _ in range(5):
        reader, writer = await narrow_connection(large)
        writer.write(large.request(0, len(large.content) - 1))
        await reader.readuntil(b"\r\n\r\n")
        assert large.open_descriptors() > 0
        writer.transport.abort()
    while large.open_descriptors():
        await asyncio.sleep(0)
    assert (await large.client.head(large.address)).status_code == 200


async def test_a_file_that_becomes_shorter_meanwhile_ends_the_connection(large):
    reader, writer = await narrow_connection(large)
    writer.write(large.request(0, len(large.content) - 1))
    await reader.readuntil(b"\r\n\r\n")
    os.truncate(large.file, MEGABYTE)
    try:
        with pytest.raises(asyncio.IncompleteReadError):
            await reader.readexactly(len(large.content))
    finally:
        large.file.write_bytes(large.content)
        writer.close()
    assert large.open_descriptors() == 0


async def narrow_connection(large: Large) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """One that takes little at a time, so that the server has to wait for it."""
    connecting = socket.socket()
    connecting.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connecting.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(connecting, (large.url.host, large.url.port))
    return await asyncio.open_connection(sock=connecting, limit=4096)
