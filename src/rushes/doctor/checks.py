"""The checks of the doctor. Each looks at one thing and changes nothing."""

from __future__ import annotations

import asyncio
import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import rushes
from rushes.catalogue import assets, integrity
from rushes.catalogue.catalogue import Catalogue
from rushes.doctor.finding import Finding, Status
from rushes.domain.errors import RushesError, StorageError
from rushes.providers.provider import Provider
from rushes.providers.registry import Registry
from rushes.store.store import MediaStore

LIBRARIES = ("av", "fastapi", "httpx", "sqlalchemy", "uvicorn")
ROOM_WANTED = 1_000_000_000
"""Bytes below which the doctor warns: about a hundred clips."""
REMEDY: Mapping[str, str] = {
    "unsaved": "Make room or mend the disk; `rushes retry --all` tries again at once.",
    "url_only": "`rushes download --all` brings them here now.",
    "expired": "`rushes retry ID` asks once more; `rushes relink ID FILE` takes a file of yours.",
    "missing": "Put the files back, or bring them again: `rushes download --all`.",
}


class Doctor:
    def __init__(
        self, home: Path, catalogue: Catalogue, registry: Registry, store: MediaStore
    ) -> None:
        self._home = home
        self._catalogue = catalogue
        self._registry = registry
        self._store = store

    async def examine(self) -> list[Finding]:
        """All findings, in the order in which they are best read."""
        return [
            check_versions(),
            await asyncio.to_thread(check_disk, self._home),
            await asyncio.to_thread(check_store, self._store),
            await self._check_catalogue(),
            *await self._check_media(),
            *(check_provider(provider) for provider in self._registry.providers),
        ]

    async def _check_catalogue(self) -> Finding:
        complaints = await self._catalogue.read(integrity.complaints)
        if complaints:
            return Finding(
                "catalogue",
                Status.ERROR,
                f"SQLite finds {len(complaints)} faults, first: {complaints[0]}",
                "Keep the file as it is, and restore it from a copy.",
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
