"""Builds a running studio from settings. The only place that names concrete classes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from pydantic import SecretStr

from rushes.catalogue import assets, integrity
from rushes.catalogue.catalogue import PATIENCE, Catalogue
from rushes.catalogue.lock import LibraryLock
from rushes.catalogue.salvage import Remnants, remnants
from rushes.catalogue.set_aside import set_aside
from rushes.doctor.checks import Doctor
from rushes.doctor.circumstances import SettingInForce
from rushes.doctor.explain import Explainer
from rushes.doctor.remnants import with_journal
from rushes.doctor.repair import Repair
from rushes.domain.clock import Clock
from rushes.domain.errors import CatalogueCorruptError, CatalogueFullError, ConflictError
from rushes.key_store import FoundKey
from rushes.library.assets import Assets
from rushes.library.frames import Frames
from rushes.library.generations import Generations
from rushes.library.imports import Imports
from rushes.library.listing import Listings
from rushes.library.notices import Notices
from rushes.library.projects import Projects
from rushes.library.records import Records
from rushes.library.relink import Relinks
from rushes.library.reveal import Reveal
from rushes.library.trash import Trash
from rushes.library.whereabouts import Whereabouts
from rushes.media.probe import Prober
from rushes.pipeline.pace import Pace
from rushes.pipeline.passed import Passed
from rushes.pipeline.pipeline import Pipeline
from rushes.pipeline.tools import Tools
from rushes.playback.playback import Playback
from rushes.playback.proxies import Proxies
from rushes.playback.reports import Reports
from rushes.providers.animatic.provider import AnimaticProvider
from rushes.providers.fal.client import FalProvider
from rushes.providers.fal.connection import FalTimeouts
from rushes.providers.registry import Registry
from rushes.settings import Settings
from rushes.store.download import Downloader
from rushes.store.held_bytes import HeldBytes
from rushes.store.local_store import LocalStore
from rushes.store.media_client import MediaClient
from rushes.store.media_hosts import MediaHosts
from rushes.store.memory import ROOM, Memory
from rushes.store.passing_bytes import PassingBytes
from rushes.store.request_journal import RequestJournal
from rushes.store.sidecars import Sidecars
from rushes.store.spool import Spool
from rushes.store.storage_errors import storage_errors

CATALOGUE = "catalogue.sqlite"
TOKEN = "access-token"  # noqa: S105  # the name of a file, not a token


def posters_of(home: Path) -> Path:
    return home / "cache" / "posters"


def proxies_of(home: Path) -> Path:
    return home / "cache" / "proxies"


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Studio:
    """An open library and everything that can be done with it."""

    settings: Settings
    token: str
    """Whoever has it may use the studio over HTTP."""
    lock: LibraryLock
    catalogue: Catalogue
    registry: Registry
    pipeline: Pipeline
    projects: Projects
    assets: Assets
    listings: Listings
    generations: Generations
    imports: Imports
    relinks: Relinks
    frames: Frames
    whereabouts: Whereabouts
    reveal: Reveal
    trash: Trash
    notices: Notices
    records: Records
    store: LocalStore
    held: HeldBytes
    prober: Prober
    playback: Playback
    proxies: Proxies
    passed: Passed | None
    """Keeps what passes on its way to a player; None where that is not wanted."""
    reports: Reports
    doctor: Doctor
    posters: Path
    look_for_key: Callable[[], Awaitable[None]]
    """Read the fal key anew, so that one that has just been set counts at once."""


@contextlib.asynccontextmanager
async def open_studio(
    settings: Settings,
    *,
    clock: Clock | None = None,
    pace: Pace | None = None,
    memory_room: int = ROOM,
    find_key: Callable[[], FoundKey] | None = None,
) -> AsyncIterator[Studio]:
    """Open the library of these settings, and close it in the right order at the end.

    ``find_key`` is where ``look_for_key`` looks; without it the key of the settings stays.
    Nothing is driven before ``studio.pipeline.resume()``.

    Raises:
        LibraryInUseError: another process works on it.
        StorageError, CatalogueError: the library cannot be used.
    """
    clock = clock or SystemClock()
    home = settings.home
    posters = posters_of(home)
    with storage_errors(home):
        posters.mkdir(parents=True, exist_ok=True)
    async with contextlib.AsyncExitStack() as closing:
        with storage_errors(home):
            lock = LibraryLock.take(home)
        closing.callback(lock.release)
        catalogue = await Catalogue.open(home / CATALOGUE)
        closing.push_async_callback(catalogue.close)
        store = LocalStore(home)
        store.sweep()
        held = HeldBytes(Spool(settings.spool, home), Memory(memory_room))
        # On a full disk the rows go on saying it until the next try to save.
        with contextlib.suppress(CatalogueFullError):
            await catalogue.write(assets.forget_memory)
        held.sweep(frozenset(await catalogue.read(assets.unsaved_ids)))
        sidecars = Sidecars(store)
        journal = RequestJournal(home)
        records = Records(catalogue, sidecars, clock)
        records.start()
        closing.push_async_callback(records.close)
        prober = Prober()
        closing.push_async_callback(prober.close)
        hosts = MediaHosts.parse(settings.media_hosts)
        client = await closing.enter_async_context(httpx.AsyncClient(trust_env=False))
        animatic = AnimaticProvider(home / "cache" / "animatic")
        closing.push_async_callback(animatic.close)
        fal = FalProvider(
            key=_revealed(settings.fal_key),
            queue_url=settings.fal_queue_url,
            platform_url=settings.fal_platform_url,
            timeouts=FalTimeouts(
                submit=settings.submit_timeout, margin=max(1, settings.submit_timeout / 10)
            ),
        )
        closing.push_async_callback(fal.close)

        async def look_for_key() -> None:
            if find_key is not None:
                fal.use_key(_revealed((await asyncio.to_thread(find_key)).key))

        registry = Registry((animatic, fal))
        pipeline = Pipeline(
            Tools(
                catalogue=catalogue,
                registry=registry,
                store=store,
                held=held,
                downloader=Downloader(client, hosts),
                prober=prober,
                journal=journal,
                clock=clock,
                posters=posters,
                pace=pace or Pace(),
            )
        )
        closing.push_async_callback(pipeline.close)
        passed = _keeper_of_passing(settings, pipeline)
        if passed is not None:
            closing.push_async_callback(passed.close)
        # Of its own: players that pause hold connections, which no download must wait for.
        players = await closing.enter_async_context(httpx.AsyncClient(trust_env=False))
        playback = Playback(
            store=store,
            spool=held.spool,
            hosts=hosts,
            client=MediaClient(players, hosts),
            preference=settings.remote_playback,
            clock=clock,
        )
        proxies = await closing.enter_async_context(
            Proxies.opened(
                folder=proxies_of(home),
                catalogue=catalogue,
                store=store,
                spool=held.spool,
                prober=prober,
            )
        )
        reports = Reports(clock)
        projects = Projects(catalogue, clock)
        await projects.ensure_one()
        imports = Imports(catalogue, store, prober, clock, posters)
        whereabouts = Whereabouts(store, held)
        reveal = closing.enter_context(contextlib.closing(Reveal()))
        yield Studio(
            settings=settings,
            token=_access_token(home),
            lock=lock,
            catalogue=catalogue,
            registry=registry,
            pipeline=pipeline,
            projects=projects,
            assets=Assets(catalogue, clock, keep_unsaved=settings.keep_unsaved),
            listings=Listings(catalogue, keep_unsaved=settings.keep_unsaved),
            generations=Generations(catalogue),
            imports=imports,
            relinks=Relinks(catalogue, store, imports),
            trash=Trash(catalogue, store, sidecars, journal, clock, posters, proxies_of(home)),
            frames=Frames(catalogue, prober, imports, whereabouts),
            whereabouts=whereabouts,
            reveal=reveal,
            notices=Notices(catalogue, clock),
            records=records,
            store=store,
            held=held,
            prober=prober,
            playback=playback,
            proxies=proxies,
            passed=passed,
            reports=reports,
            doctor=Doctor(
                home=home,
                catalogue=catalogue,
                registry=registry,
                store=store,
                sidecars=sidecars,
                spool=held.spool,
                posters=posters,
                proxies=proxies_of(home),
                clock=clock,
                settings=[SettingInForce(*one) for one in settings.told()],
                driven=pipeline.driven,
                reports=reports.newest,
                explainer=Explainer(
                    catalogue=catalogue,
                    store=store,
                    spool=held.spool,
                    clock=clock,
                    keep_unsaved=settings.keep_unsaved,
                    driven=pipeline.driven,
                ),
            ),
            posters=posters,
            look_for_key=look_for_key,
        )


def _keeper_of_passing(settings: Settings, pipeline: Pipeline) -> Passed | None:
    """What keeps the bytes on their way to a player, where the person wants that."""
    if not settings.keep_relayed:
        return None
    folder = settings.home / "cache" / "passing"
    passing = PassingBytes(folder)
    with storage_errors(folder):
        passing.sweep()
    return Passed(pipeline.recovery, passing)


def _revealed(key: SecretStr | None) -> str | None:
    return None if key is None else key.get_secret_value()


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

    ``rebuild`` begins a new catalogue beside a damaged one. Without ``change`` nothing is made: the
    library is then compared with an empty catalogue that is thrown away.

    Raises:
        LibraryInUseError: another process works on it.
        ConflictError: the catalogue is sound, so there is nothing to rebuild.
        StorageError, CatalogueError: the library cannot be used.
    """
    clock = clock or SystemClock()
    home = settings.home
    async with contextlib.AsyncExitStack() as closing:
        with storage_errors(home):
            lock = LibraryLock.take(home)
        closing.callback(lock.release)
        path, damaged = home / CATALOGUE, None
        if await _is_damaged(path, rebuild=rebuild):
            with storage_errors(home):
                damaged = set_aside(path, clock.now()) if change else path
        left = await asyncio.to_thread(_left_over, home, damaged)
        if not change and (damaged is not None or not path.exists()):
            scratch = closing.enter_context(tempfile.TemporaryDirectory(prefix="rushes-"))
            path = Path(scratch) / CATALOGUE
        catalogue = await Catalogue.open(path)
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
        yield RepairShop(repair, damaged)


def _left_over(home: Path, damaged: Path | None) -> Remnants:
    """What is in no list: of a damaged catalogue, and of the requests that were sent."""
    left = Remnants() if damaged is None else remnants(damaged)
    return with_journal(left, RequestJournal(home).read())


async def _is_damaged(path: Path, *, rebuild: bool) -> bool:
    """Whether the catalogue has to be begun anew. A sound one never is."""
    if not rebuild or not await asyncio.to_thread(path.exists):
        return False
    try:
        await asyncio.to_thread(integrity.refuse_damage, path, PATIENCE)
        catalogue = await Catalogue.open(path)
    except CatalogueCorruptError:
        return True
    await catalogue.close()
    raise ConflictError(
        "The catalogue is sound, so there is nothing to rebuild.",
        remedy="Run `rushes repair` without --rebuild.",
    )


def _access_token(home: Path) -> str:
    """The library's token: random, made once, readable by its owner only."""
    path = home / TOKEN
    with storage_errors(path):
        with contextlib.suppress(FileNotFoundError):
            # Empty when the machine stopped before it was written: that would let everybody in.
            if token := path.read_text().strip():
                return token
        token = secrets.token_urlsafe(32)
        new = path.with_name(f".{TOKEN}.new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(token)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        return token
