"""The checks of the doctor. Each looks at one thing and changes nothing."""

from __future__ import annotations

import asyncio
import platform
import shutil
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import rushes
from rushes.catalogue import assets, generations, integrity
from rushes.catalogue.ballast import SIZE
from rushes.catalogue.catalogue import Catalogue
from rushes.doctor.finding import Finding, Status
from rushes.doctor.library_files import compare, path_of
from rushes.domain.errors import CatalogueCorruptError, RushesError, StorageError
from rushes.domain.generation import Unconfirmed
from rushes.domain.report import Report
from rushes.providers.provider import Provider
from rushes.providers.registry import Registry
from rushes.store.local_store import LocalStore, in_words
from rushes.store.sidecars import Sidecars
from rushes.store.store import MediaStore

LIBRARIES = ("av", "fastapi", "httpx", "sqlalchemy", "uvicorn")
ROOM_WANTED = 1_000_000_000
"""Bytes below which the doctor warns: about a hundred clips."""
REMEDY: Mapping[str, str] = {
    "unsaved": "Make room or mend the disk; `rushes retry --all` tries again at once.",
    "url_only": "`rushes download --all` brings them here now.",
    "expired": "`rushes retry ID` asks once more; `rushes relink ID FILE` takes a file of yours.",
    "missing": "Put the files back and run `rushes repair --apply`, or `rushes download --all`.",
}

REPAIR = "See what can be mended with: rushes repair"
UNCONFIRMED = "Look at your requests at the provider. Nothing is sent again by itself."
REPORTED = "Open the clip that is named: the page says what it needs."
SHOWN = 5
"""Ids or paths that a message names."""


class Doctor:
    def __init__(
        self,
        home: Path,
        catalogue: Catalogue,
        registry: Registry,
        store: LocalStore,
        sidecars: Sidecars,
        reports: Callable[[], Sequence[Report]] = tuple,
    ) -> None:
        self._home = home
        self._catalogue = catalogue
        self._registry = registry
        self._store = store
        self._sidecars = sidecars
        self._reports = reports

    async def examine(self) -> list[Finding]:
        """All findings, in the order in which they are best read."""
        return [
            check_versions(),
            await asyncio.to_thread(check_disk, self._home),
            await asyncio.to_thread(check_store, self._store),
            await self._check_catalogue(),
            check_ballast(self._catalogue),
            *await self._check_media(),
            *await self._check_files(),
            *await self._check_generations(),
            check_reports(self._reports()),
            *(check_provider(provider) for provider in self._registry.providers),
        ]

    async def _check_catalogue(self) -> Finding:
        complaints = await self._catalogue.read(integrity.complaints)
        if complaints:
            return Finding(
                "catalogue",
                Status.ERROR,
                f"SQLite finds {len(complaints)} faults, first: {complaints[0]}",
                CatalogueCorruptError.remedy,
            )
        return Finding("catalogue", Status.OK, "SQLite finds no fault in the catalogue.")

    async def _check_media(self) -> list[Finding]:
        counts = await self._catalogue.read(assets.count_by_state)
        saved = counts.pop("saved", 0)
        findings = [Finding("media", Status.OK, f"{saved:,} saved.")]
        for state, number in sorted(counts.items()):
            message = f"{number:,} {state.replace('_', '-')}."
            findings.append(Finding("media", Status.WARNING, message, REMEDY[state]))
        return findings

    async def _check_files(self) -> list[Finding]:
        """What lies in the media folder against what is listed."""
        try:
            found = await compare(self._catalogue, self._store, self._sidecars)
        except StorageError as error:
            return [Finding("files", Status.ERROR, str(error.problem), error.problem.remedy)]
        orphans = [
            *(one.file for one in found.unlisted),
            *found.unknown,
            *(one.path for one in found.unreadable),
        ]
        findings = [
            _differs("saved files are not on the disk", [path_of(one) for one in found.gone]),
            _differs("missing files are there again", [path_of(one) for one in found.back]),
            _differs("files have no sidecar", [path_of(one) for one in found.without_sidecar]),
            _differs("files in the media folder belong to no asset", orphans),
        ]
        differing = [finding for finding in findings if finding is not None]
        fine = "Every saved file is there with its sidecar, and every file is listed."
        return differing or [Finding("files", Status.OK, fine)]

    async def _check_generations(self) -> list[Finding]:
        by_state = await self._catalogue.read(generations.ids_by_state)
        unconfirmed = by_state.pop(Unconfirmed.name, [])
        unfinished = [one for ids in by_state.values() for one in ids]
        findings = [
            Finding("generations", Status.OK, f"{_counted(unfinished)} unfinished."),
        ]
        if unconfirmed:
            message = f"{_counted(unconfirmed)} unconfirmed: it is not known if they were bought."
            findings.append(Finding("generations", Status.WARNING, message, UNCONFIRMED))
        return findings


def _counted(things: Sequence[str]) -> str:
    """How many there are, and the first of them by name."""
    shown = ", ".join(things[:SHOWN])
    more = ", …" if len(things) > SHOWN else ""
    return f"{len(things):,} ({shown}{more})" if things else "0"


def _differs(what: str, paths: Sequence[str]) -> Finding | None:
    if not paths:
        return None
    shown = ", ".join(paths[:SHOWN]) + (", …" if len(paths) > SHOWN else "")
    return Finding("files", Status.WARNING, f"{len(paths):,} {what}: {shown}.", REPAIR)


def check_ballast(catalogue: Catalogue) -> Finding:
    ballast = catalogue.ballast
    held = in_words(ballast.held)
    if ballast.is_whole:
        message = f"{held} are held back for the catalogue, should the disk be full."
        return Finding("ballast", Status.OK, message)
    message = f"{held} of {in_words(SIZE)} are held back for the catalogue."
    return Finding("ballast", Status.WARNING, message, "Free some room; it is taken by itself.")


def check_reports(reports: Sequence[Report]) -> Finding:
    """What the page and its browser have reported since the studio started."""
    if not reports:
        return Finding("playback", Status.OK, "The page has reported nothing.")
    shown = "; ".join(map(str, reports[:SHOWN])) + ("; …" if len(reports) > SHOWN else "")
    number = sum(report.count for report in reports)
    message = f"The page has reported {number:,} times, newest first: {shown}."
    return Finding("playback", Status.WARNING, message, REPORTED)


def check_versions() -> Finding:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    message = f"Rushes {rushes.__version__}, Python {platform.python_version()}, {libraries}."
    return Finding("versions", Status.OK, message)


def check_disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    message = f"{free / 1e9:.1f} GB are free on the disk of {home}."
    if free < ROOM_WANTED:
        return Finding("disk", Status.WARNING, message, "Free some room.")
    return Finding("disk", Status.OK, message)


def check_store(store: MediaStore) -> Finding:
    """Write a small file for real, and take it away again."""
    try:
        draft = store.draft("doctor", "media")
        try:
            draft.write(b"doctor")
        finally:
            draft.discard()
    except StorageError as error:
        return Finding("store", Status.ERROR, str(error.problem), error.problem.remedy)
    return Finding("store", Status.OK, "A file can be written to the media folder.")


def check_provider(provider: Provider) -> Finding:
    try:
        provider.check_ready()
    except RushesError as error:
        return Finding(
            f"provider {provider.id}", Status.WARNING, str(error.problem), error.problem.remedy
        )
    return Finding(f"provider {provider.id}", Status.OK, "Ready.")
