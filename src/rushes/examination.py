"""Opens a library only to look at it: what the doctor needs, where no studio is open.

Nothing in the library changes: no catalogue is made, swept or brought to another schema, and no
work goes on. A copy of the catalogue is looked at.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from rushes.catalogue.ballast import Ballast, ballast_of
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.copies import copied
from rushes.doctor.checks import Doctor, Examiner, Surroundings
from rushes.doctor.explain import Explainer
from rushes.doctor.finding import Finding, Status
from rushes.doctor.play_checks import Player
from rushes.doctor.unopened import Unopened
from rushes.domain.clock import Clock
from rushes.domain.errors import CatalogueError, CatalogueMissingError, StorageError
from rushes.domain.report import Report
from rushes.media.probe import Prober
from rushes.playback.playback import Playback
from rushes.playback.policy import SecurityPolicy
from rushes.playback.proxies import Proxies
from rushes.providers.registry import Registry
from rushes.settings import Settings
from rushes.store.local_store import LocalStore
from rushes.store.media_client import MediaClient
from rushes.store.media_hosts import MediaHosts
from rushes.store.sidecars import Sidecars
from rushes.store.spool import Spool
from rushes.store.storage_errors import storage_errors
from rushes.studio import (
    CATALOGUE,
    SystemClock,
    http_client,
    posters_of,
    providers_of,
    proxies_of,
    settings_in_force,
)


@dataclass(frozen=True, slots=True)
class Examination:
    """A library that is looked at."""

    examiner: Examiner
    policy: SecurityPolicy
    """What its page would be sent with."""


@contextlib.asynccontextmanager
async def open_examination(
    settings: Settings, *, clock: Clock | None = None
) -> AsyncIterator[Examination]:
    """Open a library to look at it. That it cannot be opened is something to be found.

    Raises:
        LibraryInUseError: another process works on it.
    """
    clock = clock or SystemClock()
    policy = SecurityPolicy.of(settings.remote_playback, MediaHosts.parse(settings.media_hosts))
    async with contextlib.AsyncExitStack() as closing:
        providers = providers_of(settings)
        for provider in providers:
            closing.push_async_callback(provider.close)
        surroundings = Surroundings(Registry(providers), clock, settings_in_force(settings))
        yield Examination(await _examiner(settings, surroundings, closing), policy)


async def _examiner(
    settings: Settings, surroundings: Surroundings, closing: contextlib.AsyncExitStack
) -> Examiner:
    try:
        catalogue = await _open_copy(settings, closing)
    except (CatalogueError, StorageError) as error:
        return Unopened(surroundings, error)
    home, clock = settings.home, surroundings.clock
    store, spool = LocalStore(home), Spool(settings.spool, home)
    ballast = Ballast(ballast_of(home / CATALOGUE))
    ballast.look()
    return Doctor(
        home=home,
        surroundings=surroundings,
        catalogue=catalogue,
        ballast=ballast,
        store=store,
        sidecars=Sidecars(store),
        spool=spool,
        posters=posters_of(home),
        proxies=proxies_of(home),
        driven=_nobody_works,
        reports=_nothing_reported,
        explainer=Explainer(
            catalogue=catalogue,
            store=store,
            spool=spool,
            clock=clock,
            keep_unsaved=settings.keep_unsaved,
            driven=_nobody_works,
            player=await _player(settings, catalogue, clock, closing),
        ),
        noted=_noted(catalogue),
    )


async def _open_copy(settings: Settings, closing: contextlib.AsyncExitStack) -> Catalogue:
    home = settings.home
    if not home.is_dir():
        raise CatalogueMissingError(f"{home} is not a folder.")
    if not (home / CATALOGUE).exists():
        raise CatalogueMissingError(f"{home} holds no {CATALOGUE}.")
    with storage_errors(home):
        path = closing.enter_context(copied(home / CATALOGUE))
    catalogue = await Catalogue.open_throwaway(path)
    closing.push_async_callback(catalogue.close)
    return catalogue


async def _player(
    settings: Settings, catalogue: Catalogue, clock: Clock, closing: contextlib.AsyncExitStack
) -> Player:
    """What is known of playing, with nothing that plays: no media host is asked."""
    store, spool = LocalStore(settings.home), Spool(settings.spool, settings.home)
    hosts = MediaHosts.parse(settings.media_hosts)
    prober = Prober()
    closing.push_async_callback(prober.close)
    playback = Playback(
        store=store,
        spool=spool,
        hosts=hosts,
        client=MediaClient(await closing.enter_async_context(http_client()), hosts),
        preference=settings.remote_playback,
        clock=clock,
    )
    proxies = Proxies(
        folder=proxies_of(settings.home),
        catalogue=catalogue,
        store=store,
        spool=spool,
        prober=prober,
    )
    return Player(playback.source_of, proxies.of, playback.heard, _nothing_reported)


def _noted(catalogue: Catalogue) -> list[Finding]:
    if catalogue.older is None:
        return []
    message = (
        f"An older Rushes wrote the catalogue (schema {catalogue.older}): a copy that was brought "
        "to this one's schema is looked at. The next studio brings the catalogue itself there."
    )
    return [Finding("library", "catalogue_older", Status.OK, message)]


def _nobody_works() -> frozenset[str]:
    return frozenset()


def _nothing_reported() -> tuple[Report, ...]:
    return ()
