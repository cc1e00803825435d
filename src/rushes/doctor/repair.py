"""Mends: found first, listed, and done only when told. What is not listed is not touched.

No mend costs anything, and no mend removes or replaces a media file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from rushes.catalogue import assets, provenance, relisting
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.catalogue.relisting import known_of
from rushes.catalogue.salvage import Remnants
from rushes.doctor.adopt import adopt_file
from rushes.doctor.file_checks import poster_of, without_poster
from rushes.doctor.library_files import compare
from rushes.doctor.mend import Mend, MendKind, Outcome, Plan
from rushes.doctor.planning import plan_mends, plan_update
from rushes.doctor.remnants import find, plan_remnants
from rushes.domain.asset import Asset
from rushes.domain.clock import Clock
from rushes.domain.errors import (
    ChecksumMismatchError,
    ConflictError,
    MediaNotHereError,
    RushesError,
)
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import MissingMedia, SavedMedia, lose, relink
from rushes.domain.problem import Failure
from rushes.domain.provenance import Provenance
from rushes.media.probe import Prober
from rushes.store.file_hash import holds
from rushes.store.local_store import LocalStore
from rushes.store.sidecars import Sidecars, UnreadableSidecar
from rushes.store.storage_errors import storage_errors

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Repair:
    catalogue: Catalogue
    store: LocalStore
    sidecars: Sidecars
    prober: Prober
    clock: Clock
    posters: Path
    write_sidecar: Callable[[str], Awaitable[None]]
    note_missing: Callable[[str], Awaitable[None]]
    remnants: Remnants = field(default_factory=Remnants)
    """What a damaged catalogue that was put aside and the journal of requests say."""

    async def look(self, *, adopt: bool = False) -> Plan:
        """All mends that can be seen, and what is strange and left alone. Changes nothing.

        ``adopt`` counts files that nobody knows among what can be mended.

        Raises:
            StorageError: the media folder cannot be read.
        """
        found = await compare(self.catalogue, self.store, self.sidecars)
        described = [one.provenance for one in (*found.unlisted, *found.alone)]
        listed = await self._listed([one.asset.id for one in described])
        drafts = await asyncio.to_thread(self.store.drafts)
        posterless = await without_poster(self.catalogue, self.posters)
        plan = plan_mends(found, listed, drafts, posterless, adopt=adopt)
        known = {one for each in described for one in _ids_of(each)} | await self._known()
        lost = plan_remnants(self.remnants, known)
        return replace(plan, mends=[*plan_update(self.catalogue.older), *plan.mends, *lost])

    async def _known(self) -> set[str]:
        """Those of the remnants' ids that are listed."""
        return await self.catalogue.read(lambda connection: known_of(connection, self.remnants))

    async def apply(self, mend: Mend) -> Outcome:
        """Do one mend, if it is still as it was seen."""
        try:
            await self._apply(mend)
        except RushesError as error:
            return Outcome(mend, error.problem)
        return Outcome(mend)

    async def _listed(self, ids: Sequence[str]) -> dict[str, Asset]:
        """Those of the assets that the catalogue has, by their ids."""
        found: list[Asset] = []
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            found += await self.catalogue.read(partial(assets.get_many, ids=some))
        return {str(asset.id): asset for asset in found}

    async def _apply(self, mend: Mend) -> None:
        match mend.kind:
            case MendKind.UPDATE_CATALOGUE:
                return  # what opened the catalogue to change it has done this
            case MendKind.TAKE_BACK:
                await self._take_back(mend.thing, mend.path)
            case MendKind.NOTE_MISSING:
                await self._note_missing(mend)
            case MendKind.WRITE_SIDECAR:
                await self.write_sidecar(mend.thing)
            case MendKind.REMOVE_DRAFT:
                await asyncio.to_thread(self.store.remove_draft, mend.path)
            case MendKind.MAKE_POSTER:
                await self._make_poster(mend.thing, mend.path)
            case _:
                await self._list(mend)

    async def _list(self, mend: Mend) -> None:
        match mend.kind:
            case MendKind.LIST_AGAIN:
                await self._list_again(mend.path)
            case MendKind.LIST_MISSING:
                await self._list_missing(mend.path)
            case MendKind.LIST_PROJECT:
                project = self.remnants.projects[mend.thing]
                await self.catalogue.write(
                    lambda transaction: provenance.ensure_project(transaction, project)
                )
            case MendKind.LIST_REMNANT:
                await self._list_remnant(mend.thing)
            case MendKind.ADOPT:
                await self._adopt(mend.path)

    async def _make_poster(self, asset_id: str, path: str) -> None:
        with storage_errors(self.store.home):
            self.posters.mkdir(parents=True, exist_ok=True)
            target = poster_of(self.posters, asset_id)
            await self.prober.make_poster(self.store.local_path(path), target)

    async def _adopt(self, path: str) -> None:
        asset = await adopt_file(self.catalogue, self.store, self.prober, self.clock, path)
        await self.write_sidecar(asset.id)
        if asset.kind is not MediaKind.AUDIO:
            await self._make_poster(asset.id, path)

    async def _list_again(self, path: str) -> None:
        """The bytes are read and measured again: a sidecar is believed only where they agree."""
        sidecar = await asyncio.to_thread(self.sidecars.read, path)
        if isinstance(sidecar, UnreadableSidecar):
            raise ConflictError(f"{path}: {sidecar.reason}")
        asset = sidecar.provenance.asset
        assert isinstance(asset.media, SavedMedia), "a sidecar speaks of a saved file"
        await self._check_bytes(sidecar.file, asset.media.size, asset.media.sha256)
        facts = await self.prober.probe(self.store.local_path(sidecar.file))
        measured = replace(asset, facts=facts, kind=facts.kind)
        known = replace(sidecar.provenance, asset=measured)
        await self.catalogue.write(lambda transaction: provenance.list_again(transaction, known))

    async def _list_missing(self, path: str) -> None:
        """A paid clip whose file is gone is listed too: the provider may still have it."""
        sidecar = await asyncio.to_thread(self.sidecars.read, path)
        if isinstance(sidecar, UnreadableSidecar):
            raise ConflictError(f"{path}: {sidecar.reason}")
        if await asyncio.to_thread(self.store.exists, sidecar.file):
            raise ConflictError(f"{sidecar.file} is there again.")
        asset = self._as_missing(sidecar.provenance.asset)
        known = replace(sidecar.provenance, asset=asset)
        await self.catalogue.write(lambda transaction: provenance.list_again(transaction, known))

    async def _list_remnant(self, thing: str) -> None:
        remnant = find(self.remnants, thing)
        asset = remnant.asset
        if asset is not None and isinstance(asset.media, SavedMedia):
            try:
                await self._check_bytes(asset.media.path, asset.media.size, asset.media.sha256)
            except (ChecksumMismatchError, MediaNotHereError):
                asset = self._as_missing(asset)
        await self.catalogue.write(
            lambda transaction: relisting.list_thing(
                transaction,
                remnant.project,
                remnant.generation,
                asset,
                was_deleted=self.remnants.has_all_assets,
            )
        )

    def _as_missing(self, asset: Asset) -> Asset:
        assert isinstance(asset.media, SavedMedia), "only what was saved can be missing"
        gone = MediaNotHereError(f"{asset.media.path} is not on the disk as it was saved.")
        return replace(asset, media=lose(asset.media, Failure(gone.problem, self.clock.now())))

    async def _take_back(self, asset_id: str, path: str) -> None:
        asset = await self.catalogue.read(lambda connection: assets.get(connection, asset_id))
        media = asset.media
        if not isinstance(media, SavedMedia | MissingMedia):
            raise ConflictError(f"It is {media.state} now.", state=media.state)
        await self._check_bytes(path, media.size, media.sha256)
        gone = MediaNotHereError(f"{media.path} is not on the disk.")
        failure = Failure(gone.problem, self.clock.now())

        def write(transaction: Transaction) -> None:
            lost = lose(media, failure) if isinstance(media, SavedMedia) else media
            back = relink(lost, path=path, size=media.size, sha256=media.sha256)
            assets.set_media(transaction, asset_id, back, before=media)

        await self.catalogue.write(write)

    async def _note_missing(self, mend: Mend) -> None:
        if await asyncio.to_thread(self.store.exists, mend.path):
            raise ConflictError(f"{mend.path} is there again.")
        await self.note_missing(mend.thing)

    async def _check_bytes(self, path: str, size: int, sha256: str) -> None:
        if not await asyncio.to_thread(self.store.exists, path):
            raise MediaNotHereError(f"{path} is not on the disk.")
        with storage_errors(self.store.home):
            local = self.store.local_path(path)
            if not await asyncio.to_thread(holds, local, size, sha256):
                raise ChecksumMismatchError(
                    f"{path} does not hold the bytes that were saved.",
                    remedy="Import it to have it listed as what it is.",
                    path=path,
                )


def _ids_of(described: Provenance) -> list[str]:
    generation = described.generation
    return [
        described.asset.id,
        described.project.id,
        *([] if generation is None else [generation.id]),
    ]
