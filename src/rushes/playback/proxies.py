"""Copies to play of what a browser cannot: made once, one at a time, kept as long as their asset.

They can be made again from the original at any time, so nothing depends on them: they lie in the
cache, are listed nowhere, and one that is cut off in the middle leaves only a draft, which goes at
the next start.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from rushes.catalogue import assets
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    AssetNotFoundError,
    MediaNotHereError,
    MediaUnreadableError,
    ProxyImpossibleError,
    ProxyNotThereError,
    RushesError,
)
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.playable import is_playable
from rushes.domain.playing import Proxy, ProxyState
from rushes.domain.problem import Problem
from rushes.media.probe import Prober
from rushes.media.proxies import Order, make_proxy, proxy_name
from rushes.playback.files import File, file_of, known_hash
from rushes.store.local_store import LocalStore
from rushes.store.spool import Spool
from rushes.store.storage_errors import storage_errors

DRAFT = ".part"
REMEMBERED = 200

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """One copy on its way."""

    task: asyncio.Task[None] | None = None
    progress: float | None = None
    """None as long as it waits for its turn."""


class Proxies:
    def __init__(
        self, *, folder: Path, catalogue: Catalogue, store: LocalStore, spool: Spool, prober: Prober
    ) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._store = store
        self._spool = spool
        self._prober = prober
        self._turn = asyncio.Lock()
        self._work: dict[str, Work] = {}
        self._failed: OrderedDict[str, Problem] = OrderedDict()

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, *, folder: Path, catalogue: Catalogue, store: LocalStore, spool: Spool, prober: Prober
    ) -> AsyncIterator[Self]:
        """Swept at the beginning; at the end nothing is made any more. Raises StorageError."""
        proxies = cls(folder=folder, catalogue=catalogue, store=store, spool=spool, prober=prober)
        await proxies.sweep()
        try:
            yield proxies
        finally:
            await proxies.close()

    async def of(self, asset: Asset) -> Proxy:
        """How it stands now."""
        needed = _is_needed(asset)
        name = self._name_of(asset)
        if name is None:
            return Proxy(needed)
        if await asyncio.to_thread((self._folder / name).is_file):
            return Proxy(needed, ProxyState.READY)
        if (work := self._work.get(name)) is not None:
            state = ProxyState.WAITING if work.progress is None else ProxyState.MAKING
            return Proxy(needed, state, work.progress)
        if (problem := self._failed.get(name)) is not None:
            return Proxy(needed, ProxyState.FAILED, problem=problem)
        return Proxy(needed)

    async def make(self, asset: Asset) -> Proxy:
        """Have it made, unless it is there or on its way. What failed is tried again.

        Raises:
            ProxyImpossibleError: it is a picture.
            MediaNotHereError: its bytes are not on this machine.
        """
        if asset.kind is MediaKind.IMAGE:
            raise ProxyImpossibleError(f"{asset.name!r} is an image.")
        now = await self.of(asset)
        if now.state in {ProxyState.READY, ProxyState.WAITING, ProxyState.MAKING}:
            return now
        original = await asyncio.to_thread(file_of, asset, self._store, self._spool)
        name = self._name_of(asset)
        if original is None or name is None or not await asyncio.to_thread(original.path.is_file):
            raise MediaNotHereError(f"Its state is {asset.media.state}.", state=asset.media.state)
        if name not in self._work:
            self._failed.pop(name, None)
            work = self._work[name] = Work()
            work.task = asyncio.create_task(self._run(asset, original, name, work))
        return await self.of(asset)

    async def file_of(self, asset: Asset) -> File:
        """The copy, to be sent. Raises ProxyNotThereError, StorageError."""
        name = self._name_of(asset)
        if name is None:
            raise ProxyNotThereError("Its bytes are not known.")
        path = self._folder / name
        try:
            with storage_errors(self._folder):
                found = await asyncio.to_thread(path.stat)
        except RushesError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                raise
            raise ProxyNotThereError("None has been made.") from error
        return File(self._folder, path, found.st_size, name.removesuffix(".mp4"))

    async def sweep(self) -> None:
        """Remove drafts, and the copies of what is not listed any more. Raises StorageError."""
        with storage_errors(self._folder):
            there = await asyncio.to_thread(_files_in, self._folder)
        if not there:
            return
        known = await self._catalogue.read(
            partial(assets.which_are_listed, wanted={_asset_id(one) for one in there})
        )
        left = [one for one in there if one.name.endswith(DRAFT) or _asset_id(one) not in known]
        with storage_errors(self._folder):
            await asyncio.to_thread(_remove, left)

    async def until_quiet(self) -> None:
        """Wait until nothing is being made."""
        while tasks := [work.task for work in self._work.values() if work.task is not None]:
            await asyncio.wait(tasks)

    async def close(self) -> None:
        """Stop what is being made. It is made anew when somebody asks again."""
        tasks = [work.task for work in self._work.values() if work.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _name_of(self, asset: Asset) -> str | None:
        sha256 = known_hash(asset.media)
        return None if sha256 is None else proxy_name(asset.id, sha256)

    async def _run(self, asset: Asset, original: File, name: str, work: Work) -> None:
        try:
            async with self._turn:
                work.progress = 0.0
                await self._make(asset, original, name, work)
        except RushesError as error:
            self._note_failure(name, error.problem)
        except Exception:
            # Nobody waits for this task: what is unforeseen is logged whole, and told by the copy.
            log.exception("no copy of %s could be made", asset.id)
            self._note_failure(name, RushesError("The log has the details.").problem)
        finally:
            del self._work[name]

    async def _make(self, asset: Asset, original: File, name: str, work: Work) -> None:
        draft = self._folder / f".{name}{DRAFT}"

        def told(share: float) -> None:
            work.progress = share

        try:
            with storage_errors(self._folder):
                await asyncio.to_thread(partial(self._folder.mkdir, parents=True, exist_ok=True))
                await asyncio.to_thread(partial(draft.unlink, missing_ok=True))
                duration = None if asset.facts is None else asset.facts.duration
                await make_proxy(Order(original.path, draft, duration), told)
                _check_same(asset.facts, await self._prober.probe(draft))
                await asyncio.to_thread(_give_name, draft, self._folder / name)
            await self._forget_removed(asset.id, self._folder / name)
        finally:
            draft.unlink(missing_ok=True)

    async def _forget_removed(self, asset_id: str, copy: Path) -> None:
        """It may have been deleted for good while its copy was made."""
        try:
            await self._catalogue.read(partial(assets.get, asset_id=asset_id))
        except AssetNotFoundError:
            await asyncio.to_thread(partial(copy.unlink, missing_ok=True))

    def _note_failure(self, name: str, problem: Problem) -> None:
        self._failed[name] = problem
        while len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)


def _is_needed(asset: Asset) -> bool | None:
    playable = is_playable(asset.facts)
    return None if playable is None else not playable


def _check_same(original: MediaFacts | None, copy: MediaFacts) -> None:
    """A copy that lacks frames would be believed. Raises MediaUnreadableError."""
    if original is None or original.frames == copy.frames:
        return
    raise MediaUnreadableError(
        f"{copy.frames} of its {original.frames} frames can be decoded.",
        frames=copy.frames,
        announced=original.frames,
    )


def _give_name(draft: Path, name: Path) -> None:
    """On the disk first: after a power cut there is the whole copy under this name, or none."""
    descriptor = os.open(draft, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(name)


def _asset_id(file: Path) -> str:
    return file.name.lstrip(".").partition(".")[0]


def _files_in(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []


def _remove(files: Iterable[Path]) -> None:
    for one in files:
        one.unlink(missing_ok=True)
