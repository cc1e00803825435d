"""From where each clip of a library is played, and what its media host has said about it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TypeAlias

import httpx

from rushes.domain.asset import Asset
from rushes.domain.clock import Clock
from rushes.domain.errors import DownloadError, MediaHostRefusedError, RangeError, StorageError
from rushes.domain.playing import Heard, Source
from rushes.domain.problem import Problem
from rushes.playback.conditions import Asked
from rushes.playback.files import File, file_of
from rushes.playback.policy import SecurityPolicy, is_named
from rushes.playback.relay import Relayed, open_relay
from rushes.playback.source import (
    Reach,
    RemotePlayback,
    choose_source,
    not_here,
    remote_url,
    switched_off,
)
from rushes.store.local_store import LocalStore
from rushes.store.media_client import MediaClient
from rushes.store.media_hosts import MediaHosts
from rushes.store.spool import Spool

HEARD_FOR = timedelta(minutes=1)
"""How long the word of a media host counts when a source is chosen."""
REMEMBERED = 1_000
ONE_BYTE = "bytes=0-0"

Origin: TypeAlias = str


class Playback:
    def __init__(
        self,
        *,
        store: LocalStore,
        spool: Spool,
        hosts: MediaHosts,
        client: MediaClient,
        preference: RemotePlayback,
        clock: Clock,
    ) -> None:
        self._store = store
        self._spool = spool
        self._hosts = hosts
        self._client = client
        self.preference = preference
        self.policy = SecurityPolicy.of(preference, hosts)
        self._clock = clock
        self._heard: OrderedDict[str, Heard] = OrderedDict()

    def file_of(self, asset: Asset) -> File | None:
        """The file with the bytes of an asset. Raises StorageError."""
        return file_of(asset, self._store, self._spool)

    async def source_of(self, asset: Asset) -> Source:
        return choose_source(asset.media, self.preference, await self._reach(asset))

    def heard(self, asset_id: str) -> Heard | None:
        """What the media host last answered about this asset, however long ago."""
        return self._heard.get(asset_id)

    async def relay(self, asset: Asset, asked: Asked) -> Relayed:
        """Open the clip at its media host, to pass it on. See ``open_relay`` for its errors.

        Raises:
            MediaNotHereError: there is nothing to be had from elsewhere, or it is not wanted.
        """
        url = remote_url(asset.media)
        if url is None:
            raise not_here(asset.media)
        if self.preference is RemotePlayback.LOCAL:
            raise switched_off(asset.media)
        return await self._open(asset, url, asked)

    async def listen(self, asset: Asset, origin: Origin) -> DownloadError | None:
        """Ask the media host for one byte, to hear what it says now; what is wrong, if anything."""
        url = remote_url(asset.media)
        if url is None or self.preference is RemotePlayback.LOCAL:
            return None
        named = origin if self.preference is RemotePlayback.DIRECT else None
        try:
            relayed = await self._open(asset, url, Asked(range=ONE_BYTE), named)
        except DownloadError as error:
            return error
        except RangeError:
            return None  # it is there, and empty
        await relayed.close()
        return None

    async def _open(
        self, asset: Asset, url: str, asked: Asked, origin: Origin | None = None
    ) -> Relayed:
        measured = None if asset.facts is None else asset.facts.content_type
        try:
            relayed = await open_relay(
                self._client, url, asked, content_type=measured, origin=origin
            )
        except RangeError:
            raise
        except DownloadError as error:
            self._note(asset, url, problem=error.problem)
            raise
        status, heard = relayed.passage.status, relayed.heard
        self._note(asset, url, status=status.value, headers=heard, origin=origin)
        return relayed

    def _note(
        self,
        asset: Asset,
        url: str,
        *,
        status: int | None = None,
        problem: Problem | None = None,
        headers: httpx.Headers | None = None,
        origin: Origin | None = None,
    ) -> None:
        headers = headers or httpx.Headers()
        told = problem.facts.get("status") if problem else status
        self._heard[asset.id] = Heard(
            host=httpx.URL(url).host,
            checked_at=self._clock.now(),
            status=told if isinstance(told, int) else None,
            problem=problem,
            cors=_lets_read(headers.get("Access-Control-Allow-Origin"), origin),
            resource_policy=headers.get("Cross-Origin-Resource-Policy"),
        )
        self._heard.move_to_end(asset.id)
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)

    async def _reach(self, asset: Asset) -> Reach:
        url = remote_url(asset.media)
        refused, listed = None, False
        if url is not None:
            try:
                listed = is_named(self.policy, self._hosts, url)
            except MediaHostRefusedError as error:
                refused = error.problem
        is_there = await asyncio.to_thread(self._is_there, asset)
        return Reach(is_there, self._newly_heard(asset.id), refused, listed)

    def _is_there(self, asset: Asset) -> bool:
        try:
            file = self.file_of(asset)
            return file is not None and file.path.is_file()
        except (StorageError, OSError):
            # A disk that cannot be looked at has nothing to play now.
            return False

    def _newly_heard(self, asset_id: str) -> Heard | None:
        heard = self._heard.get(asset_id)
        return heard if heard is not None and self._is_new(heard.checked_at) else None

    def _is_new(self, at: datetime) -> bool:
        return self._clock.now() - at < HEARD_FOR


def _lets_read(allowed: str | None, origin: Origin | None) -> bool | None:
    """Whether a page of this origin may read the answer. Without one only ``*`` is a sure sign."""
    if allowed == "*":
        return True
    return None if origin is None else allowed == origin
