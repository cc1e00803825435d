"""A real studio in a folder of its own, and a client that holds its token.

All tests of a module share an event loop, so that a module may also share its studio.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from rushes.server.app import create_app
from rushes.server.gate import Door
from rushes.settings import Settings
from rushes.studio import Studio, open_studio

ADDRESS = "http://127.0.0.1"


@pytest_asyncio.fixture(loop_scope="module")
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with open_studio(Settings(home=tmp_path / "library")) as opened:
        yield opened


@pytest.fixture
def door(studio: Studio) -> Door:
    return Door(studio.token, 80)


@asynccontextmanager
async def client_of(
    studio: Studio, *, has_token: bool = True, door: Door | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a studio, with or without its token."""
    door = door or Door(studio.token, 80)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(studio, door)),
        base_url=ADDRESS,
        headers={"Authorization": f"Bearer {door.token}"} if has_token else {},
    ) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def anyone(studio: Studio, door: Door) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    async with client_of(studio, has_token=False, door=door) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def client(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    """A client that holds the token."""
    async with client_of(studio) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def project(client: httpx.AsyncClient) -> str:
    """The id of the project that every library begins with."""
    listed = (await client.get("/api/projects")).json()["items"]
    return str(listed[0]["id"])
