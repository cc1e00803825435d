"""What lies in the media folder against what the catalogue lists: looked at, never changed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rushes.catalogue import assets, generations, letting_go
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.asset import Asset
from rushes.domain.media_reference import MissingMedia, SavedMedia
from rushes.store.local_store import LocalStore
from rushes.store.sidecars import MEDIA, Sidecar, Sidecars, UnreadableSidecar
from rushes.store.storage_errors import storage_errors


def path_of(asset: Asset) -> str:
    assert isinstance(asset.media, SavedMedia | MissingMedia), "only these have a file"
    return asset.media.path


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where the folder and the list differ."""

    without_sidecar: list[Asset] = field(default_factory=list)
    gone: list[Asset] = field(default_factory=list)
    """Saved in the list, and the file is not there."""
    back: list[Asset] = field(default_factory=list)
    """Missing in the list, and a file is there. Whether it is the same one has to be read."""
    still_missing: list[Asset] = field(default_factory=list)
    """Missing in the list, and no file is there."""
    unlisted: list[Sidecar] = field(default_factory=list)
    """Files that no asset names, with their sidecars."""
    unreadable: list[UnreadableSidecar] = field(default_factory=list)
    alone: list[Sidecar] = field(default_factory=list)
    """Sidecars whose file is nowhere, of assets that are not listed."""
    unknown: list[str] = field(default_factory=list)
    """Files that no asset names, without a sidecar."""


async def compare(catalogue: Catalogue, store: LocalStore, sidecars: Sidecars) -> Comparison:
    """Raises StorageError when the folder cannot be read: then nothing is called missing."""
    listed = await catalogue.read(assets.with_files)
    reserved = await catalogue.read(generations.paths_being_saved)
    reserved |= await catalogue.read(letting_go.former_paths)
    return await asyncio.to_thread(_compare, listed, reserved, store, sidecars)


def _compare(
    listed: list[Asset], reserved: set[str], store: LocalStore, sidecars: Sidecars
) -> Comparison:
    found = Comparison()
    for asset in listed:
        _compare_asset(found, asset, store, sidecars)
    paths = {path_of(asset) for asset in listed} | reserved
    described = set()
    for sidecar in sidecars.find():
        if isinstance(sidecar, UnreadableSidecar):
            found.unreadable.append(sidecar)
            continue
        described.add(sidecar.path)
        if sidecar.file in paths:
            continue
        described.add(sidecar.file)
        (found.unlisted if store.exists(sidecar.file) else found.alone).append(sidecar)
    known = paths | described | {one.path for one in found.unreadable}
    found.unknown.extend(path for path in files_below(store.home) if path not in known)
    return found


def _compare_asset(found: Comparison, asset: Asset, store: LocalStore, sidecars: Sidecars) -> None:
    is_there = store.exists(path_of(asset))
    if isinstance(asset.media, MissingMedia):
        (found.back if is_there else found.still_missing).append(asset)
    elif not is_there:
        found.gone.append(asset)
    elif not sidecars.exists(path_of(asset)):
        found.without_sidecar.append(asset)


def files_below(home: Path) -> Iterator[str]:
    """Every ordinary file in the media folder that is not hidden, relative to the library."""
    with storage_errors(home):
        for folder, _, names in os.walk(home / MEDIA):
            below = Path(folder).relative_to(home).as_posix()
            for name in sorted(names):
                if not name.startswith(".") and not Path(folder, name).is_symlink():
                    yield f"{below}/{name}"
