"""A studio behind a real server, and streams of its events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from rushes.server.serve import address_of, door_of, listen, serve
from rushes.studio import Studio

PATIENCE = 20
"""Seconds after which a test that waits for an event gives up."""


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    data: dict[str, object]
    id: str


class Watch:
    """One open stream of events."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._events = self._read()

    async def next(self) -> Event:
        return await asyncio.wait_for(anext(self._events), PATIENCE)

    async def rest(self) -> list[Event]:
        """All until the stream ends by itself."""

        async def read() -> list[Event]:
            return [event async for event in self._events]

        return await asyncio.wait_for(read(), PATIENCE)

    async def _read(self) -> AsyncIterator[Event]:
        fields: dict[str, str] = {}
        async for line in self.answer.aiter_lines():
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(":")
                fields[name] = value.removeprefix(" ")
            elif "event" in fields:
                yield Event(fields["event"], json.loads(fields["data"]), fields["id"])
                fields = {}


@asynccontextmanager
async def served(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    """The studio behind a real server on a free port. Several may run at once."""
    # Not by a signal: a process has one handler for it, and may have several servers.
    enough = asyncio.Event()

    async def until() -> None:
        await enough.wait()

    with listen("127.0.0.1", 0) as listening:
        # From here on a client may connect; it waits until the server takes it.
        listening.listen()
        door = door_of(studio, listening)
        serving = asyncio.create_task(serve(studio, door, listening, until()))
        bearer = {"Authorization": f"Bearer {door.token}"}
        try:
            async with httpx.AsyncClient(
                base_url=address_of(door), headers=bearer, timeout=PATIENCE
            ) as client:
                assert (await client.get("/api/health")).status_code == 200
                yield client
        finally:
            enough.set()
            await asyncio.wait_for(serving, PATIENCE)


@asynccontextmanager
async def watching(
    server: httpx.AsyncClient, after: str | bytes | None = None
) -> AsyncIterator[Watch]:
    headers = {} if after is None else {"Last-Event-ID": after}
    async with server.stream("GET", "/api/events", headers=headers) as answer:
        assert answer.status_code == 200
        yield Watch(answer)
