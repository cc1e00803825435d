"""The doctor: looks at everything, one check beside the other, and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

from rushes.catalogue.ballast import Ballast
from rushes.catalogue.catalogue import Catalogue
from rushes.doctor import disk_checks, file_checks, proxy_checks, record_checks
from rushes.doctor.circumstances import SettingInForce, check_settings, check_versions
from rushes.doctor.explain import Explainer, Explanation
from rushes.doctor.file_checks import Reading
from rushes.doctor.finding import Finding
from rushes.doctor.guard import PATIENCE, Check, guarded
from rushes.doctor.provider_checks import check_provider
from rushes.doctor.report_checks import check_reports
from rushes.domain.clock import Clock
from rushes.domain.report import Report
from rushes.providers.registry import Registry
from rushes.store.local_store import LocalStore
from rushes.store.sidecars import Sidecars
from rushes.store.spool import Spool

NAMED = Sequence[tuple[str, Check]]
LONG = 600.0
"""Seconds for a check that reads the whole catalogue, when that was asked for."""


class Examiner(Protocol):
    """Whoever looks: at a library, or at one that cannot be opened."""

    async def examine(self, *, thorough: bool = False) -> list[Finding]: ...

    async def read_again(self, after: str) -> Reading: ...

    async def explain(self, thing: str) -> Explanation: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a library depends on, and what can be looked at without it."""

    registry: Registry
    clock: Clock
    settings: Sequence[SettingInForce]

    def before(self) -> NAMED:
        return [
            ("versions", in_thread(check_versions)),
            *(
                (f"provider {one.id}", partial(check_provider, one, self.clock))
                for one in self.registry.providers
            ),
        ]

    def after(self) -> NAMED:
        return [("settings", in_thread(partial(check_settings, self.settings)))]


@dataclass(frozen=True, slots=True)
class Doctor:
    home: Path
    surroundings: Surroundings
    catalogue: Catalogue
    ballast: Ballast
    store: LocalStore
    sidecars: Sidecars
    spool: Spool
    posters: Path
    proxies: Path
    driven: Callable[[], frozenset[str]]
    """The generations that this process works on."""
    reports: Callable[[], Sequence[Report]]
    """What the page has reported."""
    explainer: Explainer
    noted: Sequence[Finding] = ()
    """What was seen when the library was opened."""

    async def examine(self, *, thorough: bool = False) -> list[Finding]:
        """All findings, in the order in which they are best read. No check fails another."""
        checks = [*self.surroundings.before(), *self._checks(thorough=thorough)]
        patience = LONG if thorough else PATIENCE
        found = await make([*checks, *self.surroundings.after()], patience)
        return [*self.noted, *found]

    async def read_again(self, after: str) -> Reading:
        """Read the next saved files whole. The whole library is many such stretches."""
        return await file_checks.read_again(self.catalogue, self.store, after)

    async def explain(self, thing: str) -> Explanation:
        """Why an asset or a generation cannot be seen or played."""
        return await self.explainer.explain(thing)

    def _checks(self, *, thorough: bool) -> NAMED:
        catalogue, store, clock = self.catalogue, self.store, self.surroundings.clock
        places = {
            "the library": self.home,
            "the spool": self.spool.folder,
        }
        return [
            ("clock", partial(record_checks.check_clock, catalogue, clock)),
            ("disk", in_thread(partial(disk_checks.check_room, places))),
            ("store", in_thread(partial(disk_checks.check_store, store))),
            ("disk", in_thread(partial(disk_checks.check_sync, store))),
            ("spool", in_thread(partial(disk_checks.check_spool, self.spool))),
            (
                "catalogue",
                partial(record_checks.check_catalogue, catalogue, thorough=thorough),
            ),
            ("ballast", in_thread(partial(disk_checks.check_ballast, self.ballast))),
            ("media", partial(record_checks.check_media, catalogue)),
            ("spool", partial(file_checks.check_waiting, catalogue, self.spool)),
            ("files", partial(file_checks.check_files, catalogue, store, self.sidecars)),
            ("posters", partial(file_checks.check_posters, catalogue, self.posters)),
            ("proxies", partial(proxy_checks.check_proxies, catalogue, self.proxies)),
            ("generations", self._check_generations),
            ("playback", self._check_reports),
        ]

    async def _check_reports(self) -> list[Finding]:
        return check_reports(self.reports())

    async def _check_generations(self) -> list[Finding]:
        return await record_checks.check_generations(
            self.catalogue, self.surroundings.clock, self.driven()
        )


async def make(checks: NAMED, patience: float = PATIENCE) -> list[Finding]:
    """All at once; what they find comes in their order."""
    found = await asyncio.gather(*(guarded(name, check, patience) for name, check in checks))
    return list(chain.from_iterable(found))


def in_thread(check: Callable[[], Sequence[Finding]]) -> Check:
    """A check that waits for the disk, as one that can be awaited."""

    async def run() -> Sequence[Finding]:
        return await asyncio.to_thread(check)

    return run
