"""Builds a running studio from settings. The only place that names concrete classes."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import httpx
from pydantic import SecretStr

from rushes.access_token import access_token
from rushes.catalogue import assets
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.lock import LibraryLock
from rushes.doctor.checks import Doctor, Surroundings
from rushes.doctor.circumstances import SettingInForce
from rushes.doctor.explain import Explainer
from rushes.doctor.play_checks import Player
from rushes.domain.clock import Clock
from rushes.domain.errors import CatalogueFullError
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
from rushes.store.whereabouts import Whereabouts

CATALOGUE = "catalogue.sqlite"


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
        await _sweep_held(catalogue, held)
        sidecars = Sidecars(store)
        journal = RequestJournal(home)
        records = Records(catalogue, sidecars, clock)
        records.start()
        closing.push_async_callback(records.close)
        prober = Prober()
        closing.push_async_callback(prober.close)
        hosts = MediaHosts.parse(settings.media_hosts)
        client = await closing.enter_async_context(http_client())
        animatic, fal = providers_of(settings)
        closing.push_async_callback(animatic.close)
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
        players = await closing.enter_async_context(http_client())
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
        whereabouts = Whereabouts(store, held.spool)
        reveal = closing.enter_context(contextlib.closing(Reveal()))
        yield Studio(
            settings=settings,
            token=access_token(home),
            lock=lock,
            catalogue=catalogue,
            registry=registry,
            pipeline=pipeline,
            projects=projects,
            assets=Assets(catalogue, clock, keep_unsaved=settings.keep_unsaved),
            listings=Listings(catalogue, keep_unsaved=settings.keep_unsaved),
            generations=Generations(catalogue),
            imports=imports,
            relinks=Relinks(catalogue, store, imports, pipeline.recovery.look),
            trash=Trash(
                catalogue=catalogue,
                store=store,
                held=held,
                sidecars=sidecars,
                journal=journal,
                clock=clock,
                posters=posters,
                proxies=proxies_of(home),
                halted=pipeline.halted,
            ),
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
                surroundings=Surroundings(registry, clock, settings_in_force(settings)),
                catalogue=catalogue,
                ballast=catalogue.ballast,
                store=store,
                sidecars=sidecars,
                spool=held.spool,
                posters=posters,
                proxies=proxies_of(home),
                driven=pipeline.driven,
                reports=reports.newest,
                explainer=Explainer(
                    catalogue=catalogue,
                    store=store,
                    spool=held.spool,
                    clock=clock,
                    keep_unsaved=settings.keep_unsaved,
                    driven=pipeline.driven,
                    player=Player(
                        source_of=playback.source_of,
                        copy_of=proxies.of,
                        heard=playback.heard,
                        reports=reports.newest,
                    ),
                ),
            ),
            posters=posters,
            look_for_key=look_for_key,
        )


async def _sweep_held(catalogue: Catalogue, held: HeldBytes) -> None:
    """Only of what is saved nothing has to wait. A clip that no asset knows may be all there is."""
    owners = await asyncio.to_thread(held.owners)
    saved = await catalogue.read(partial(assets.which_are_saved, wanted=owners))
    await asyncio.to_thread(held.sweep, saved)


def providers_of(settings: Settings) -> tuple[AnimaticProvider, FalProvider]:
    """Making them starts nothing and writes nothing."""
    return AnimaticProvider(settings.home / "cache" / "animatic"), _fal(settings)


def settings_in_force(settings: Settings) -> list[SettingInForce]:
    return [SettingInForce(*one) for one in settings.told()]


def _fal(settings: Settings) -> FalProvider:
    submit = settings.submit_timeout
    return FalProvider(
        key=_revealed(settings.fal_key),
        queue_url=settings.fal_queue_url,
        platform_url=settings.fal_platform_url,
        timeouts=FalTimeouts(submit=submit, margin=max(1, submit / 10)),
        tls=_tls(),
    )


def http_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(verify=_tls(), trust_env=False)


@cache
def _tls() -> ssl.SSLContext:
    """One for all connections: each would read the trusted certificates anew, which takes long."""
    return httpx.create_ssl_context(trust_env=False)


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
