"""Let go of saved files to free room: only of bytes that are proven to be at the provider.

ask the provider for the result → read the bytes there, whole → look at ours → commit → remove

The proof is made immediately before, each time: same length, same hash. The row goes first. So a
crash leaves either the file, which the next start takes back, or a row whose address was proven.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from rushes.catalogue import assets, generations, letting_go
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset
from rushes.domain.errors import RemoteDiffersError, RushesError, StorageError
from rushes.domain.generation import Done, Generation, Transfer
from rushes.domain.letting_go import Case, stays, why_it_stays
from rushes.domain.media_reference import (
    FormerFile,
    SavedMedia,
    UrlOnlyMedia,
    let_go,
    taken_back,
)
from rushes.domain.problem import Problem
from rushes.pipeline.same_file import what_differs
from rushes.pipeline.save import make_poster
from rushes.pipeline.tools import Tools
from rushes.pipeline.turns import Turns
from rushes.providers.provider import Delivery, RemoteFile

log = logging.getLogger(__name__)

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that is to be let go, or was."""

    asset: Asset
    """As it is now."""
    size: int
    """Bytes of the file."""
    problem: Problem | None = None
    """Why the file stays."""


@dataclass(frozen=True, slots=True)
class _Proven:
    """Where the same bytes were read just now."""

    source: RemoteFile
    delivery: Delivery


class LettingGo:
    def __init__(self, tools: Tools, turns: Turns) -> None:
        self._tools = tools
        self._turns = turns
        self._lane = asyncio.Semaphore(AT_ONCE)

    async def all_saved(self, project_id: str | None) -> list[str]:
        """The ids of everything that is saved, in a project or in all that are not in the trash."""
        return await self._tools.catalogue.read(
            lambda connection: assets.to_bring(connection, (SavedMedia.state,), project_id)
        )

    async def look(self, ids: Sequence[str]) -> list[Candidate]:
        """What would be tried, and what stays in any case. Changes nothing and asks nobody.

        Raises:
            AssetNotFoundError: one of them is not there.
        """
        cases = await self._tools.catalogue.read(
            lambda connection: [letting_go.case_of(connection, asset_id) for asset_id in ids]
        )
        return [_candidate(case) for case in cases]

    async def let_go(self, ids: Sequence[str]) -> list[Candidate]:
        """Let go of each of these files that may go and is proven to be at the provider.

        Each is read there whole. Costs no money, and may be called twice.

        Raises:
            AssetNotFoundError: one of them is not there; nothing was let go.
        """
        await self.look(ids)
        return await asyncio.gather(*(self._in_its_turn(asset_id) for asset_id in ids))

    async def take_back_cut_off(self) -> int:
        """Take back files whose removal was cut off: their proof is of another day.

        Returns how many there were.
        """
        former = await self._tools.catalogue.read(letting_go.let_go_before)
        there = await asyncio.to_thread(self._still_there, former)
        return sum([await self._take_back(asset) for asset in there])

    async def _in_its_turn(self, asset_id: str) -> Candidate:
        async with self._lane, self._turns.of(asset_id):
            [before] = await self.look([asset_id])
            if before.problem is not None:
                return before
            try:
                await self._let_go(before.asset)
            except RushesError as error:
                return replace(before, asset=await self._get(asset_id), problem=error.problem)
            return replace(before, asset=await self._get(asset_id))

    async def _let_go(self, asset: Asset) -> None:
        media = asset.media
        assert isinstance(media, SavedMedia), "looked at before"
        case = await self._tools.catalogue.read(
            lambda connection: letting_go.case_of(connection, asset.id)
        )
        assert case.generation is not None, "looked at before"
        proven = await self._prove(case.generation, media)
        if not (self._tools.posters / f"{asset.id}.jpg").exists():
            # Without the file none can be made any more.
            await make_poster(self._tools, asset.id, media.path)
        # Ours is looked at last: a file that was changed is nowhere else.
        differs = await what_differs(self._tools.store, media)
        if differs is not None:
            raise differs
        gone = await self._commit(case.generation, asset, proven)
        try:
            await asyncio.to_thread(self._tools.store.remove, media.path)
        except StorageError:
            await self._set_back(gone)
            raise

    async def _prove(self, generation: Generation, media: SavedMedia) -> _Proven:
        """Read the whole clip where the provider says now that it is."""
        assert isinstance(generation.state, Done), "looked at before"
        provider = self._tools.provider_of(generation)
        delivery = await provider.result(generation.state.ticket)
        source = await provider.media(delivery)
        if not isinstance(source, RemoteFile):
            raise stays("no_address", "It has no address at a provider.")
        self._check_lasts(source)

        def check_length(transfer: Transfer) -> None:
            if transfer.total not in {None, media.size}:
                raise RemoteDiffersError(
                    f"{transfer.total:,} bytes are announced, and {media.size:,} were saved."
                )

        received = await self._tools.downloader.fetch(
            source.url, _Nowhere(), expected_size=media.size, on_bytes=check_length
        )
        if (received.size, received.sha256) != (media.size, media.sha256):
            raise RemoteDiffersError(
                f"{received.size:,} bytes came that are not the {media.size:,} that were saved."
            )
        return _Proven(source, delivery)

    def _check_lasts(self, source: RemoteFile) -> None:
        """What is about to expire would be brought back at once."""
        soon = self._tools.clock.now() + timedelta(seconds=self._tools.pace.before_expiry)
        if source.expires_at is not None and source.expires_at <= soon:
            raise stays("expires", f"Its address expires at {source.expires_at:%Y-%m-%d %H:%M}.")

    async def _commit(self, generation: Generation, asset: Asset, proven: _Proven) -> Asset:
        media = asset.media
        assert isinstance(media, SavedMedia), "looked at before"
        gone = let_go(media, proven.source.url, proven.source.expires_at)
        step = self._tools.step("let go", f"{media.size:,} bytes are proven at {gone.url}")

        def write(transaction: Transaction) -> None:
            case = letting_go.case_of(transaction.connection, asset.id)
            assets.set_media(transaction, asset.id, gone, before=media)
            if (reason := why_it_stays(case)) is not None:
                raise reason
            generations.keep_document(transaction, generation.id, proven.delivery.document)
            generations.add_step(transaction, generation.id, step)

        await self._tools.catalogue.write(write)
        return replace(asset, media=gone)

    def _still_there(self, former: Sequence[Asset]) -> list[Asset]:
        there = []
        for asset in former:
            try:
                if self._tools.store.exists(_former_of(asset).path):
                    there.append(asset)
            except StorageError as error:
                log.warning("whether the file of %s is there cannot be told: %s", asset.id, error)
        return there

    async def _take_back(self, asset: Asset) -> bool:
        async with self._turns.of(asset.id):
            try:
                differs = await what_differs(self._tools.store, _back(asset))
            except StorageError as error:
                differs = error
            if differs is not None:
                log.warning("the file of %s was let go and stays so: %s", asset.id, differs)
                return False
            await self._set_back(asset)
        return True

    async def _set_back(self, gone: Asset) -> None:
        await self._tools.catalogue.write(
            lambda transaction: assets.set_media_unless_changed(
                transaction, gone.id, _back(gone), before=gone.media
            )
        )

    async def _get(self, asset_id: str) -> Asset:
        return await self._tools.catalogue.read(lambda connection: assets.get(connection, asset_id))


class _Nowhere:
    """Takes the bytes of a proof, of which only the hash is wanted."""

    def write(self, data: bytes) -> None:
        pass

    def restart(self) -> None:
        pass


def _candidate(case: Case) -> Candidate:
    media, reason = case.asset.media, why_it_stays(case)
    size = media.size if isinstance(media, SavedMedia) else 0
    return Candidate(case.asset, size, None if reason is None else reason.problem)


def _former_of(asset: Asset) -> FormerFile:
    assert isinstance(asset.media, UrlOnlyMedia), "only what was let go"
    assert asset.media.former is not None, "only what was let go"
    return asset.media.former


def _back(asset: Asset) -> SavedMedia:
    assert isinstance(asset.media, UrlOnlyMedia), "only what was let go"
    return taken_back(asset.media, _former_of(asset))
