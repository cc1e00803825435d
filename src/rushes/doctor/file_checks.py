"""The files: is each where the list says, is each listed, does each hold what was saved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rushes.catalogue import assets, census
from rushes.catalogue.catalogue import Catalogue
from rushes.doctor.finding import Finding, Status
from rushes.doctor.library_files import compare, path_of
from rushes.doctor.wording import counted, first, several, some
from rushes.domain.asset import Asset
from rushes.domain.errors import StorageError
from rushes.domain.media_reference import SavedMedia
from rushes.store.file_hash import holds
from rushes.store.local_store import LocalStore
from rushes.store.sidecars import Sidecars
from rushes.store.spool import Spool
from rushes.store.storage_errors import storage_errors

REPAIR = "`rushes repair` shows what can be mended."
ADOPT = "`rushes repair --adopt` lists them as imports."
CHANGED = (
    "`rushes download ID` brings it again, and `rushes relink ID FILE` takes a copy that you have; "
    "`rushes import FILE` takes the damaged one as something of its own."
)
GONE = ("saved file is not on the disk", "saved files are not on the disk")
BACK = ("missing file is there again", "missing files are there again")
WITHOUT_SIDECAR = ("file has no sidecar", "files have no sidecar")
UNLISTED = (
    "file in the media folder belongs to no asset, and has a sidecar",
    "files in the media folder belong to no asset, and have a sidecar",
)
UNKNOWN = (
    "file in the media folder belongs to no asset",
    "files in the media folder belong to no asset",
)
WAITS_UNKNOWN = (
    "whole clip waits in the spool and belongs to no asset",
    "whole clips wait in the spool and belong to no asset",
)
TAKE_UP = (
    "`rushes repair --rebuild` and then `rushes resume` take up what was bought; "
    "`rushes import FILE` takes what is left over."
)
LEFT_BEHIND = ("unfinished file was left behind", "unfinished files were left behind")
FILES_AT_ONCE = 200
BYTES_AT_ONCE = 512 * 2**20
"""After so many files or bytes a look at them gives an answer, so that one can see it go on."""


async def check_files(catalogue: Catalogue, store: LocalStore, sidecars: Sidecars) -> list[Finding]:
    """What lies in the media folder against what is listed. Raises StorageError."""
    found = await compare(catalogue, store, sidecars)
    described = [*(one.file for one in found.unlisted), *(one.path for one in found.unreadable)]
    findings = [
        _about_assets("files_gone", GONE, found.gone),
        _about_assets("files_back", BACK, found.back),
        _about_assets("sidecars_missing", WITHOUT_SIDECAR, found.without_sidecar),
        _orphans("files_unlisted", UNLISTED, described, REPAIR),
        _orphans("files_unknown", UNKNOWN, found.unknown, ADOPT),
        _drafts(await asyncio.to_thread(store.abandoned)),
    ]
    differing = [finding for finding in findings if finding is not None]
    fine = "Every saved file is there with its sidecar, and every file is listed."
    return differing or [Finding("files", "files_right", Status.OK, fine)]


def _about_assets(code: str, what: tuple[str, str], found: Sequence[Asset]) -> Finding | None:
    if not found:
        return None
    paths = [path_of(one) for one in found]
    return Finding(
        "files",
        code,
        Status.WARNING,
        f"{several(len(found), *what)}: {some(paths)}.",
        REPAIR,
        ids=first([one.id for one in found]),
        paths=first(paths),
    )


def _orphans(code: str, what: tuple[str, str], paths: Sequence[str], remedy: str) -> Finding | None:
    if not paths:
        return None
    message = f"{several(len(paths), *what)}: {some(paths)}."
    return Finding("files", code, Status.WARNING, message, remedy, paths=first(paths))


def _drafts(paths: Sequence[str]) -> Finding | None:
    if not paths:
        return None
    message = f"{several(len(paths), *LEFT_BEHIND)}: {some(paths)}."
    return Finding(
        "files", "files_left_behind", Status.WARNING, message, REPAIR, paths=first(paths)
    )


async def check_waiting(catalogue: Catalogue, spool: Spool) -> list[Finding]:
    """Clips in the spool that no asset knows. Nothing removes them: they may be all there is of
    something that was bought. Raises StorageError.
    """
    clips = await asyncio.to_thread(spool.clips)
    owners = frozenset(owner for owner, _ in clips)
    known = await catalogue.read(partial(assets.which_are_listed, wanted=owners))
    unknown = [str(file) for owner, file in clips if owner not in known]
    if not unknown:
        return []
    message = f"{several(len(unknown), *WAITS_UNKNOWN)}: {some(unknown)}."
    return [
        Finding("spool", "spool_unknown", Status.WARNING, message, TAKE_UP, paths=first(unknown))
    ]


def poster_of(posters: Path, asset_id: str) -> Path:
    return posters / f"{asset_id}.jpg"


async def check_posters(catalogue: Catalogue, posters: Path) -> list[Finding]:
    lacking = await without_poster(catalogue, posters)
    if not lacking:
        return [Finding("posters", "posters_there", Status.OK, "Every picture has its poster.")]
    ids = [asset_id for asset_id, _ in lacking]
    # Nothing is wrong: each is made when somebody looks.
    message = f"{counted(ids)} have no poster yet. Each is made when it is looked at."
    remedy = "`rushes repair --apply` makes them all now."
    return [Finding("posters", "posters_missing", Status.OK, message, remedy, ids=first(ids))]


async def without_poster(catalogue: Catalogue, posters: Path) -> list[tuple[str, str]]:
    """The ids and paths of what has something to see, and no poster. Raises StorageError."""
    wanted = await catalogue.read(census.with_pictures)
    there = await asyncio.to_thread(names_in, posters)
    return [(one, path) for one, path in wanted if poster_of(posters, one).name not in there]


def names_in(folder: Path) -> frozenset[str]:
    with storage_errors(folder):
        try:
            return frozenset(one.name for one in folder.iterdir())
        except FileNotFoundError:
            return frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """One stretch of reading saved files again, and where to go on."""

    files: int
    """How many were read."""
    size: int
    """How many bytes they have."""
    files_in_all: int
    size_in_all: int
    findings: list[Finding]
    """The files that are not what was saved."""
    cursor: str | None
    """None when this was the last stretch."""


async def read_again(
    catalogue: Catalogue, store: LocalStore, after: str, size_at_once: int = BYTES_AT_ONCE
) -> Reading:
    """Read the next saved files whole, and compare each with the hash of what was saved."""
    in_all = await catalogue.read(census.count_files)
    ids = await catalogue.read(partial(census.saved_after, after=after, limit=FILES_AT_ONCE))
    findings: list[Finding] = []
    files = size = 0
    cursor: str | None = None
    for asset_id in ids:
        if size >= size_at_once:
            break
        asset = await catalogue.read(partial(assets.get, asset_id=asset_id))
        cursor = asset_id
        if isinstance(asset.media, SavedMedia):
            findings += await check_bytes(asset, asset.media, store)
            files, size = files + 1, size + asset.media.size
    is_last = cursor is None or (cursor == ids[-1] and len(ids) < FILES_AT_ONCE)
    return Reading(files, size, *in_all, findings, None if is_last else cursor)


async def check_bytes(asset: Asset, media: SavedMedia, store: LocalStore) -> list[Finding]:
    """Nothing when the file holds exactly what was saved; otherwise what is wrong with it."""
    try:
        with storage_errors(store.home):
            file = store.local_path(media.path)
            if not await asyncio.to_thread(store.exists, media.path):
                return [_file(asset, media, "file_gone", f"{media.path} is not there.", REPAIR)]
            if await asyncio.to_thread(holds, file, media.size, media.sha256):
                return []
    except StorageError as error:
        problem = error.problem
        return [_file(asset, media, problem.code, str(problem), problem.remedy)]
    message = f"{media.path} does not hold the bytes that were saved."
    return [_file(asset, media, "file_changed", message, CHANGED)]


def _file(asset: Asset, media: SavedMedia, code: str, message: str, remedy: str) -> Finding:
    return Finding(
        "bytes", code, Status.PROBLEM, message, remedy, ids=(asset.id,), paths=(media.path,)
    )
