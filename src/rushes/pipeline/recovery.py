"""Attempts that a person asks for: save again, bring here, look again. None of them costs.

Each may be called twice and from two places at once: what is under way is waited for, and what is
saved already is only checked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset, Generated
from rushes.domain.errors import (
    CatalogueError,
    DownloadError,
    MediaError,
    MediaGoneError,
    ProviderError,
    RemoteDiffersError,
    RushesError,
    StorageError,
)
from rushes.domain.generation import Done, Generation, Saving
from rushes.domain.media_reference import (
    ExpiredMedia,
    FormerFile,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
    ask_again,
    download_failed,
    found,
    lose,
)
from rushes.domain.problem import Failure
from rushes.pipeline.bring import what_waits
from rushes.pipeline.driver import Driver
from rushes.pipeline.links import renew_link
from rushes.pipeline.media_path import free_path
from rushes.pipeline.missing import Lost, bring_again
from rushes.pipeline.outcome import wait_until
from rushes.pipeline.same_file import check_same_as_former, what_differs
from rushes.pipeline.tools import Tools
from rushes.pipeline.turns import Turns
from rushes.pipeline.unsaved import again
from rushes.store.file_hash import measured
from rushes.store.storage_errors import storage_errors

PART = 500
"""How many assets are read at once."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came of an attempt."""

    asset: Asset
    """As it is after it."""
    failure: Failure | None
    """Why its bytes are not known to be here."""
    under_way: bool = False
    """Whether the attempt goes on, longer than one waits for an answer."""


class Recovery:
    def __init__(self, tools: Tools, driver: Driver, turns: Turns) -> None:
        self._tools = tools
        self._driver = driver
        self._turns = turns

    async def retry(self, ids: Sequence[str]) -> list[Recovered]:
        """Try at once to save each of these, and wait for what comes of it.

        Raises:
            AssetNotFoundError: one of them is not there; nothing was tried.
        """
        return await self._attempt(ids, brings_missing=False)

    async def download(self, ids: Sequence[str]) -> list[Recovered]:
        """The same, and a file that has left the disk is brought again from the provider."""
        return await self._attempt(ids, brings_missing=True)

    async def retry_all(self, project_id: str | None) -> list[Recovered]:
        """Everything that has failed in a project, or in all that are not in the trash."""
        failed = await self._ids(project_id, UnsavedMedia.state, MissingMedia.state)
        waiting = await self._read(await self._ids(project_id, UrlOnlyMedia.state))
        failed += [asset.id for asset in waiting if getattr(asset.media, "failure", None)]
        return await self.retry(failed)

    async def download_all(self, project_id: str | None) -> list[Recovered]:
        """Everything whose bytes are at the provider and not here."""
        return await self.download(
            await self._ids(project_id, UrlOnlyMedia.state, MissingMedia.state)
        )

    async def look_again(self, asset: Asset) -> Asset:
        """Look whether the file of a missing asset is back; the asset as it is after it."""
        if not isinstance(asset.media, MissingMedia):
            return asset
        async with self._turns.of(asset.id):
            with contextlib.suppress(StorageError):
                await self._find(asset, asset.media)
            return await self._get(asset.id)

    async def look(self, asset_id: str) -> Asset:
        """Look whether a saved or missing file is what was saved; the asset as it is after it.

        Raises:
            StorageError: that cannot be told.
        """
        async with self._turns.of(asset_id):
            await self._look(await self._get(asset_id))
            return await self._get(asset_id)

    async def bring_before_expiry(self, asset_id: str) -> None:
        """Bring a clip here that is kept as an address only."""
        asset = await self._get(asset_id)
        if await self._reopen(asset):
            self._start(asset)

    async def ask_about(self, asset_id: str, error: MediaGoneError) -> Asset:
        """A media host has said that a clip is gone: have the provider asked, as saving does.

        Returns the asset as it is after it: with another address, expired, or as it was.
        """
        async with self._turns.of(asset_id):
            asset = await self._get(asset_id)
            generation_id = _generation_of(asset)
            if generation_id is None or not isinstance(asset.media, UrlOnlyMedia):
                return asset
            generation = await self._generation(generation_id)
            if isinstance(generation.state, Done):
                await renew_link(self._tools, generation, generation.state, asset, error)
            else:
                # It is being brought here, and meets the same answer by itself.
                self._start(asset)
            return await self._get(asset_id)

    async def save_passed(self, asset_id: str, path: Path) -> bool:
        """Save a clip that is kept as an address from a file in which all of it has been gathered.

        It is copied to where bytes wait and saved from there, checked like any other. False when
        nothing of the kind is wanted any more.

        Raises:
            RemoteDiffersError: it is not what was let go here; its asset says so.
            StorageError: there is no place where it could wait.
        """
        asset = await self._get(asset_id)
        generation_id = _generation_of(asset)
        if generation_id is None or not isinstance(asset.media, UrlOnlyMedia):
            return False
        if not isinstance((await self._generation(generation_id)).state, Done):
            return False
        if asset.media.former is not None:
            await self._check_former(asset, asset.media, path)
        await self._tools.held.keep(asset_id, path)
        if not await self._reopen(asset):
            return False
        self._start(asset)
        return True

    async def _check_former(self, asset: Asset, media: UrlOnlyMedia, path: Path) -> None:
        with storage_errors(path):
            size, sha256 = await asyncio.to_thread(measured, path)
        try:
            check_same_as_former(media, size, sha256)
        except RemoteDiffersError as error:
            failure = again(self._tools, media, error.problem)
            await self._set_media(asset, media, download_failed(media, failure))
            raise

    async def _generation(self, generation_id: str) -> Generation:
        return await self._tools.catalogue.read(
            lambda connection: generations.get(connection, generation_id)
        )

    async def _ids(self, project_id: str | None, *states: str) -> list[str]:
        return await self._tools.catalogue.read(
            lambda connection: assets.to_bring(connection, states, project_id)
        )

    async def _attempt(self, ids: Sequence[str], *, brings_missing: bool) -> list[Recovered]:
        # First all are started, then all are waited for: they go on side by side.
        started = [
            await self._begin(asset, brings_missing=brings_missing)
            for asset in await self._read(ids)
        ]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._tools.pace.answer_within):
                for begun in started:
                    await self._wait(begun.asset)
        ended = await self._read(ids)
        return [
            Recovered(asset, _failure_of(asset) or begun.failure, self._is_under_way(asset))
            for asset, begun in zip(ended, started, strict=True)
        ]

    async def _begin(self, asset: Asset, *, brings_missing: bool) -> Recovered:
        """Start the attempt. Returns the asset as it was when the attempt began."""
        match asset.media:
            case SavedMedia() | MissingMedia():
                async with self._turns.of(asset.id):
                    error = await self._check_file(asset.id, brings_missing=brings_missing)
                now = self._tools.clock.now()
                failure = None if error is None else Failure(error.problem, now)
                return Recovered(await self._get(asset.id), failure)
            case ExpiredMedia() as expired:
                await self._reopen(asset)
                self._start(asset)
                return Recovered(replace(asset, media=ask_again(expired)), None)
            case _:
                await self._reopen(asset)
                self._start(asset)
                return Recovered(asset, None)

    def _is_under_way(self, asset: Asset) -> bool:
        generation_id = _generation_of(asset)
        is_open = isinstance(asset.media, UrlOnlyMedia | UnsavedMedia)
        return is_open and generation_id is not None and self._driver.is_busy(generation_id)

    async def _wait(self, before: Asset) -> None:
        generation_id = _generation_of(before)
        if generation_id is None:
            return

        async def is_over() -> bool:
            media = (await self._get(before.id)).media
            if not isinstance(media, UrlOnlyMedia | UnsavedMedia):
                return True
            has_changed = media != before.media
            is_driven = generation_id in self._driver.driven
            return not is_driven or (has_changed and not self._driver.is_busy(generation_id))

        await wait_until(self._tools, is_over)

    async def _reopen(self, asset: Asset) -> bool:
        """Make a generation that is done, without its clip being here, one that is being saved."""
        generation_id = _generation_of(asset)
        if generation_id is None:
            return False
        step = self._tools.step("asked for")

        def write(transaction: Transaction) -> bool:
            generation = generations.get(transaction.connection, generation_id)
            media = assets.get(transaction.connection, asset.id).media
            if isinstance(media, SavedMedia | MissingMedia) or not isinstance(
                generation.state, Done
            ):
                return False
            if isinstance(media, ExpiredMedia):
                assets.set_media(transaction, asset.id, ask_again(media), before=media)
            path, sha256 = self._place(transaction, generation, media.former)
            saving = Saving(generation.state.ticket, generation.state.document, path, sha256)
            generations.move(transaction, generation.id, saving, now=step.at, step=step)
            return True

        return await self._tools.catalogue.write(write)

    def _place(
        self, transaction: Transaction, generation: Generation, former: FormerFile | None
    ) -> tuple[str, str | None]:
        """Where it will be saved, and the hash of what may lie there already."""
        if former is not None:
            return former.path, former.sha256
        project = projects.get(transaction.connection, generation.project_id)
        return free_path(self._tools, transaction, project.media_folder, generation), None

    def _start(self, asset: Asset) -> None:
        generation_id = _generation_of(asset)
        if generation_id is not None:
            self._driver.start([generation_id])

    async def _check_file(self, asset_id: str, *, brings_missing: bool) -> StorageError | None:
        """Look whether the file is what was saved, and say so; bring it again where that helps."""
        asset = await self._get(asset_id)
        try:
            await self._look(asset)
        except StorageError as error:
            # Whether the file is there cannot be told now, so its state stays.
            return error
        asset = await self._get(asset_id)
        if not isinstance(asset.media, MissingMedia):
            return None
        held = await what_waits(self._tools, asset)
        # What an earlier attempt has left waiting is saved even if nothing is to be downloaded.
        if brings_missing or held is not None:
            await self._bring_again(asset, asset.media)
        return None

    async def _look(self, asset: Asset) -> None:
        match asset.media:
            case MissingMedia() as media:
                await self._find(asset, media)
            case SavedMedia() as media:
                error = await what_differs(self._tools.store, media)
                if error is not None:
                    failure = Failure(error.problem, self._tools.clock.now())
                    await self._set_media(asset, media, lose(media, failure))

    async def _find(self, asset: Asset, media: MissingMedia) -> None:
        error = await what_differs(self._tools.store, media)
        if error is None:
            await self._set_media(asset, media, found(media))
            await asyncio.to_thread(self._tools.held.drop, asset.id)
        elif error.problem != media.failure.problem:
            await self._note(asset, error)

    async def _note(self, asset: Asset, error: RushesError) -> None:
        """Keep with a missing file what the newest look has shown."""
        media = asset.media
        if isinstance(media, MissingMedia):
            failure = Failure(error.problem, self._tools.clock.now(), media.failure.attempts + 1)
            await self._set_media(asset, media, replace(media, failure=failure))

    async def _bring_again(self, asset: Asset, media: MissingMedia) -> None:
        generation_id = _generation_of(asset)
        if generation_id is None:
            return
        generation = await self._generation(generation_id)
        if not isinstance(generation.state, Done):
            return
        try:
            await bring_again(self._tools, Lost(asset.id, media, generation, generation.state))
        except (StorageError, CatalogueError, DownloadError, MediaError, ProviderError) as error:
            # Its address may be another by now.
            await self._note(await self._get(asset.id), error)

    async def _set_media(self, asset: Asset, before: MediaReference, now: MediaReference) -> None:
        """Write down a new state, unless somebody else has written another meanwhile."""
        await self._tools.catalogue.write(
            lambda transaction: assets.set_media_unless_changed(
                transaction, asset.id, now, before=before
            )
        )

    async def _get(self, asset_id: str) -> Asset:
        return await self._tools.catalogue.read(lambda connection: assets.get(connection, asset_id))

    async def _read(self, ids: Sequence[str]) -> list[Asset]:
        """The assets of these ids, in their order."""
        by_id: dict[str, Asset] = {}
        for start in range(0, len(ids), PART):
            part = ids[start : start + PART]
            read = await self._tools.catalogue.read(partial(assets.get_many, ids=part))
            by_id |= {asset.id: asset for asset in read}
        return [by_id[one] if one in by_id else await self._get(one) for one in ids]


def _generation_of(asset: Asset) -> str | None:
    return asset.origin.generation_id if isinstance(asset.origin, Generated) else None


def _failure_of(asset: Asset) -> Failure | None:
    return getattr(asset.media, "failure", None)
