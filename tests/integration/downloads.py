"""Downloads from a real server, for tests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from rushes.domain.generation import Transfer
from rushes.store.download import Downloader
from rushes.store.local_store import LocalDraft, LocalStore
from rushes.store.media_hosts import MediaHosts
from tests.media_host import (
    MediaHost,
    media_host,
)

EDGE = b"\0edge"
"""By chance the others could look like the beginning of a page."""
BODY = EDGE + os.urandom(3 * 2**20 + 12345) + EDGE[::-1]
DIGEST = hashlib.sha256(BODY).hexdigest()
HALF = len(BODY) // 2
ETAG = {"ETag": '"one"'}
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Pauses:
    """Takes no time and remembers how long it was asked to wait."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


@pytest.fixture
async def host() -> AsyncIterator[MediaHost]:
    async with media_host() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    secrets = {"Authorization": "Key secret", "Cookie": "session=secret"}
    async with httpx.AsyncClient(headers=secrets, auth=("key", "secret")) as opened:
        yield opened


@pytest.fixture
def draft(tmp_path: Path) -> LocalDraft:
    return LocalStore(tmp_path, reserve=0).draft("take", "media")


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def downloader(client: httpx.AsyncClient, host: MediaHost, pauses: Pauses) -> Downloader:
    return make_downloader(client, host, sleep=pauses)


def make_downloader(client: httpx.AsyncClient, host: MediaHost, **more: Any) -> Downloader:
    more.setdefault("sleep", Pauses())
    return Downloader(client, MediaHosts.parse(host.authority), now=lambda: NOW, **more)


async def in_pieces() -> AsyncIterator[bytes]:
    yield BODY


def ignore(transfer: Transfer) -> None:
    """Nobody watches this download."""
