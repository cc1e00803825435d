"""Opens a library with nothing running in it, so that it can be mended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from rushes.catalogue import integrity
from rushes.catalogue.catalogue import PATIENCE, Catalogue
from rushes.catalogue.copies import copied
from rushes.catalogue.lock import LibraryLock
from rushes.catalogue.salvage import Remnants, remnants
from rushes.catalogue.set_aside import set_aside
from rushes.doctor.remnants import with_journal
from rushes.doctor.repair import Repair
from rushes.domain.clock import Clock
from rushes.domain.errors import CatalogueCorruptError, ConflictError
from rushes.library.assets import Assets
from rushes.library.records import Records
from rushes.media.probe import Prober
from rushes.settings import Settings
from rushes.store.local_store import LocalStore
from rushes.store.request_journal import RequestJournal
from rushes.store.sidecars import Sidecars
from rushes.store.storage_errors import storage_errors
from rushes.studio import CATALOGUE, SystemClock, posters_of


@dataclass(frozen=True, slots=True)
class RepairShop:
    """A library with nothing running in it, open to be mended."""

    repair: Repair
    damaged: Path | None
    """A damaged catalogue: where it was put, or where it is as long as nothing is changed."""


@contextlib.asynccontextmanager
async def open_repair_shop(
    settings: Settings, *, rebuild: bool, change: bool, clock: Clock | None = None
) -> AsyncIterator[RepairShop]:
    """Open a library to look for mends, and with ``change`` to do them.

    ``rebuild`` begins a new catalogue beside a damaged one. Without ``change`` nothing in the
    library changes, not even its lock: a copy of the catalogue is opened, and thrown away.

    Raises:
        LibraryInUseError: another process works on it.
        ConflictError: the catalogue is sound, so there is nothing to rebuild.
        StorageError, CatalogueError: the library cannot be used.
    """
    clock = clock or SystemClock()
    home = settings.home
    async with contextlib.AsyncExitStack() as closing:
        with storage_errors(home):
            path = _path_to_open(home, closing, change=change)
        opened = Catalogue.open if change else Catalogue.open_throwaway
        aside = None
        if rebuild and await _is_damaged(path, opened):
            with storage_errors(path.parent):
                aside = set_aside(path, clock.now())
        left = await asyncio.to_thread(_left_over, home, aside)
        catalogue = await opened(path)
        closing.push_async_callback(catalogue.close)
        prober = Prober()
        closing.push_async_callback(prober.close)
        store = LocalStore(home)
        sidecars = Sidecars(store)
        repair = Repair(
            catalogue=catalogue,
            store=store,
            sidecars=sidecars,
            prober=prober,
            clock=clock,
            posters=posters_of(home),
            write_sidecar=Records(catalogue, sidecars, clock).write,
            note_missing=Assets(catalogue, clock).note_missing,
            remnants=left,
        )
        damaged = aside if change or aside is None else home / CATALOGUE
        yield RepairShop(repair, damaged)


def _path_to_open(home: Path, closing: contextlib.AsyncExitStack, *, change: bool) -> Path:
    if not change:
        return closing.enter_context(copied(home / CATALOGUE))
    lock = LibraryLock.take(home)
    closing.callback(lock.release)
    return home / CATALOGUE


def _left_over(home: Path, damaged: Path | None) -> Remnants:
    """What is in no list: of a damaged catalogue, and of the requests that were sent."""
    left = Remnants() if damaged is None else remnants(damaged)
    return with_journal(left, RequestJournal(home).read())


async def _is_damaged(path: Path, opened: Callable[[Path], Awaitable[Catalogue]]) -> bool:
    """Whether the catalogue has to be begun anew. A sound one never is."""
    if not await asyncio.to_thread(path.exists):
        return False
    try:
        await asyncio.to_thread(integrity.refuse_damage, path, PATIENCE)
        catalogue = await opened(path)
    except CatalogueCorruptError:
        return True
    await catalogue.close()
    raise ConflictError(
        "The catalogue is sound, so there is nothing to rebuild.",
        remedy="Run `rushes repair` without --rebuild.",
    )
