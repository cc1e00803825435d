"""How a command reaches the studio: over HTTP when one is open, in this process when none is.

Both ways speak the same interface, so a command is written once, and its errors are the same.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from rushes.access_token import TOKEN
from rushes.catalogue.lock import read_holder
from rushes.cli.output import Document, Output
from rushes.domain.errors import LibraryInUseError, TokenMissingError
from rushes.examination import open_examination
from rushes.key_store import find_key
from rushes.server.app import create_app, create_app_to_look
from rushes.server.gate import DEFAULT_HTTP_PORT, Door
from rushes.settings import Settings, load_settings
from rushes.studio import Studio, open_studio

LOOK_AGAIN = 0.3


class ProblemAnswerError(Exception):
    """The studio answered with a problem."""

    def __init__(self, problem: Document) -> None:
        super().__init__(problem.get("title", ""))
        self.problem = problem


class Api:
    """The studio's HTTP interface, wherever it runs."""

    def __init__(self, client: httpx.AsyncClient, home: Path, studio: Studio | None) -> None:
        self._client = client
        self.home = home
        self.studio = studio
        """The studio when it runs in this process."""

    async def get(self, path: str, **query: Any) -> Document:
        return self._read(await self._client.get(path, params=query))

    async def post(self, path: str, body: Document | None = None, **query: Any) -> Document:
        return self._read(await self._client.post(path, json=body, params=query))

    async def patch(self, path: str, body: Document) -> Document:
        return self._read(await self._client.patch(path, json=body))

    async def upload(
        self, path: str, file: Path, *, field: str = "files", **query: Any
    ) -> Document:
        with file.open("rb") as opened:
            files = {field: (file.name, opened)}
            return self._read(await self._client.post(path, files=files, params=query))

    async def every(self, path: str, **query: Any) -> list[Document]:
        """All items of a list, page after page."""
        items: list[Document] = []
        cursor: str | None = None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = await self.get(path, **query, **more)
            items.extend(page["items"])
            cursor = page.get("next_cursor")
            if cursor is None:
                return items

    def _read(self, response: httpx.Response) -> Document:
        document = response.json()
        if response.is_error:
            raise ProblemAnswerError(document)
        assert isinstance(document, dict), "every answer of the interface is an object"
        return document


@asynccontextmanager
async def connect(home: Path | None, output: Output) -> AsyncIterator[Api]:
    """Reach the studio of a library, waiting while another command works on it."""
    async with AsyncExitStack() as stack:
        yield await _reach(load_settings(home), output, stack, _open_here)


@asynccontextmanager
async def connect_to_look(home: Path | None, output: Output) -> AsyncIterator[Api]:
    """The same for a command that only looks: where no studio is open, none is opened."""
    async with AsyncExitStack() as stack:
        yield await _reach(load_settings(home), output, stack, _look_here)


@asynccontextmanager
async def connect_if_open(home: Path) -> AsyncIterator[Api | None]:
    """The studio that has a library open now, if there is one. Opens none."""
    holder = read_holder(home)
    if holder is None or holder.url is None:
        yield None
        return
    async with _remote_at(home, holder.url) as api:
        yield api


async def _open_here(settings: Settings, stack: AsyncExitStack) -> Api:
    studio = await stack.enter_async_context(open_studio(settings, find_key=find_key))
    door = Door(studio.token, DEFAULT_HTTP_PORT)
    client = await stack.enter_async_context(_local(create_app(studio, door), door))
    return Api(client, settings.home, studio)


async def _look_here(settings: Settings, stack: AsyncExitStack) -> Api:
    found = await stack.enter_async_context(open_examination(settings))
    # Of no library: that one's own is neither needed nor made.
    door = Door(secrets.token_urlsafe(32), DEFAULT_HTTP_PORT)
    app = create_app_to_look(found.examiner, found.policy, door)
    return Api(await stack.enter_async_context(_local(app, door)), settings.home, None)


async def _reach(
    settings: Settings,
    output: Output,
    stack: AsyncExitStack,
    here: Callable[[Settings, AsyncExitStack], Awaitable[Api]],
) -> Api:
    has_said = False
    while True:
        try:
            return await here(settings, stack)
        except LibraryInUseError as error:
            holder = read_holder(settings.home)
            if holder is not None and holder.url is not None:
                return await stack.enter_async_context(_remote_at(settings.home, holder.url))
            if not has_said:
                output.say(f"{error.problem.detail} Waiting until it has finished.")
                has_said = True
            await asyncio.sleep(LOOK_AGAIN)


@asynccontextmanager
async def _remote_at(home: Path, url: str) -> AsyncIterator[Api]:
    token = _read_token(home)
    headers = {"Authorization": f"Bearer {token}"}
    timeout = httpx.Timeout(30, read=None)
    async with httpx.AsyncClient(
        base_url=url, headers=headers, timeout=timeout, trust_env=False
    ) as client:
        yield Api(client, home, None)


def _read_token(home: Path) -> str:
    try:
        return (home / TOKEN).read_text().strip()
    except OSError as error:
        raise TokenMissingError(f"{home / TOKEN} cannot be read: {error.strerror}.") from error


def _local(app: FastAPI, door: Door) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://127.0.0.1",
        headers={"Authorization": f"Bearer {door.token}"},
    )
