"""A media host on loopback that answers by a script: real sockets, any misbehaviour on order."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeAlias

NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def first_byte(self) -> int | None:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(match[1]) if match else None


Answer: TypeAlias = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class MediaHost:
    """Answers the n-th request for a path with its n-th answer, and goes on with the last one."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    _answers: dict[str, list[Answer]] = field(default_factory=dict)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)
    """A loop forgets a task that waits for nothing that will come, as an answer may."""

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"

    def put(self, path: str, *answers: Answer) -> str:
        """Set the answers of a path; returns its address."""
        self._answers[path] = list(answers)
        return f"http://{self.authority}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        try:
            asked = _parse(await reader.readuntil(b"\r\n\r\n"))
            self.asked.append(asked)
            answers = self._answers[asked.path]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            await answer(asked, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side has heard enough
        finally:
            writer.close()

    async def end_answers(self) -> None:
        """Those that would go on for ever, too."""
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


@asynccontextmanager
async def media_host(tls: ssl.SSLContext | None = None) -> AsyncIterator[MediaHost]:
    host = MediaHost()
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=tls)
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        await host.end_answers()
        await server.wait_closed()


def _parse(head: bytes) -> Asked:
    first, *lines = head.decode().rstrip().split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return Asked(first.split(" ")[1], {name.lower(): value for name, value in pairs})


def head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(body: bytes, *, status: int = 200, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
    """The whole body, whatever was asked for."""
    return cut(body, len(body), status=status, headers=headers)


def cut(
    body: bytes, at: int, *, status: int = 200, headers: Mapping[str, str] = NO_HEADERS
) -> Answer:
    """Announce the whole body, send its beginning, and hang up."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        plain = {"Content-Type": "video/mp4", "Content-Length": str(len(body))}
        writer.write(head(status, {**plain, **headers}) + body[:at])
        await writer.drain()

    return answer


def ranged(
    body: bytes,
    *,
    at: int | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
    content_range: str | None = None,
) -> Answer:
    """Honour Range; hang up after byte ``at`` of the whole file where it is given."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        first = asked.first_byte
        if first is None:
            await cut(body, len(body) if at is None else at, headers=headers)(asked, writer)
            return
        rest = body[first:]
        named = content_range or f"bytes {first}-{len(body) - 1}/{len(body)}"
        part = {"Content-Range": named, **headers}
        end = len(rest) if at is None else at - first
        await cut(rest, end, status=206, headers=part)(asked, writer)

    return answer


def raw(*pieces: bytes) -> Answer:
    """Exactly these bytes, head and all."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.writelines(pieces)
        await writer.drain()

    return answer


def stall(body: bytes, at: int, until: asyncio.Event) -> Answer:
    """Send the beginning and then nothing, but stay on the line."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await cut(body, at)(asked, writer)
        await until.wait()

    return answer


def stream(block: bytes, blocks: int) -> Answer:
    """A long body that is never in memory as a whole."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        length = str(len(block) * blocks)
        writer.write(head(200, {"Content-Type": "video/mp4", "Content-Length": length}))
        for _ in range(blocks):
            writer.write(block)
            await writer.drain()

    return answer


def redirect(location: str, status: int = 302) -> Answer:
    return whole(b"", status=status, headers={"Location": location})


def chunked(pieces: Iterable[bytes]) -> bytes:
    """A body in chunks, with its end."""
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
