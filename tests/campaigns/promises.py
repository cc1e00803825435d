"""What must be true of a library and of the bill, whatever has happened before.

Everything is read from outside: the catalogue's file, the media folder and the emulator's ledger.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from rushes.catalogue import asset_list, generations
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.pages import Page
from rushes.domain.asset import Asset
from rushes.domain.generation import Cancelled, Failed, Generation, Unconfirmed
from rushes.domain.listing import Filter
from rushes.domain.media_reference import SavedMedia
from tests.emulator import FalEmulator, LedgerEntry

T = TypeVar("T")

FREE = "animatic"
DIRECT = "[fault:direct-answer]"
HIDDEN_FROM_LIST = re.compile(r"\[fault:list-")


@dataclass(frozen=True)
class Library:
    """Everything that a catalogue lists."""

    home: Path
    generations: tuple[Generation, ...]
    assets: tuple[Asset, ...]

    @property
    def by_generation(self) -> dict[str, Asset]:
        found = {asset.id: asset for asset in self.assets}
        return {one.id: found[one.asset_id] for one in self.generations if one.asset_id is not None}


async def read_library(home: Path) -> Library:
    catalogue = await Catalogue.open(home / "catalogue.sqlite")
    try:
        return Library(
            home,
            await _all(
                catalogue,
                lambda connection, cursor: generations.list_newest(
                    connection, generations.Filter(), cursor=cursor
                ),
            ),
            await _all(
                catalogue,
                lambda connection, cursor: asset_list.page(connection, Filter(), cursor=cursor)[0],
            ),
        )
    finally:
        await catalogue.close()


async def _all(
    catalogue: Catalogue, list_page: Callable[[Connection, str | None], Page[T]]
) -> tuple[T, ...]:
    items: list[T] = []
    cursor: str | None = None
    while True:
        page = await catalogue.read(lambda connection, cursor=cursor: list_page(connection, cursor))
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            return tuple(items)


def broken_catalogue(home: Path) -> Iterator[str]:
    """The file is whole, by SQLite's own full check."""
    try:
        with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
            said = [line for (line,) in connection.execute("PRAGMA integrity_check")]
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        yield f"the catalogue cannot be read: {error}"
        return
    if said != ["ok"]:
        yield f"integrity_check says {said[:3]}"
    if strays:
        yield f"foreign_key_check says {strays[:3]}"


def broken_money(library: Library, ledger: list[LedgerEntry], fal: FalEmulator) -> Iterator[str]:
    """Each order was bought at most once, and everything bought belongs to one generation."""
    orders = Counter((entry.endpoint, entry.payload["prompt"]) for entry in ledger)
    for (endpoint, prompt), times in orders.items():
        if times > 1:
            yield f"bought {times} times: {endpoint} {prompt!r}"
    owners: dict[str, list[Generation]] = {}
    for one in library.generations:
        if (ticket := getattr(one.state, "ticket", None)) is not None:
            owners.setdefault(ticket.request_id, []).append(one)
    for entry in ledger:
        yield from _broken_purchase(entry, owners.get(entry.request_id, []), library, fal)
    known = {entry.request_id for entry in ledger}
    for request_id, found in owners.items():
        if request_id not in known and found[0].request.model != FREE:
            yield f"{found[0].id} holds request {request_id}, which nobody accepted"


def _broken_purchase(
    entry: LedgerEntry, found: list[Generation], library: Library, fal: FalEmulator
) -> Iterator[str]:
    prompt = str(entry.payload["prompt"])
    if len(found) > 1:
        yield f"request {entry.request_id} belongs to {[one.id for one in found]}"
    if not found and not _is_hidden(prompt, library) and not _was_refused(prompt, library):
        yield f"bought and forgotten: request {entry.request_id} {prompt!r}"
    for one in found:
        if isinstance(one.state, Cancelled) and not fal.is_cancelled(entry.request_id):
            yield f"{one.id} counts as cancelled, and its request went on"


def _is_hidden(prompt: str, library: Library) -> bool:
    """The provider's list does not tell of the request, and Rushes says that it does not know."""
    states = [one.state for one in library.generations if one.request.prompt == prompt]
    unknown = any(isinstance(state, Unconfirmed) for state in states)
    return unknown and bool(HIDDEN_FROM_LIST.search(prompt))


def _was_refused(prompt: str, library: Library) -> bool:
    """The submit itself was answered with the model's refusal: there is no clip to come."""
    states = [one.state for one in library.generations if one.request.prompt == prompt]
    return DIRECT in prompt and all(isinstance(state, Failed) for state in states)


def lost_orders(library: Library, answered: Collection[str]) -> Iterator[str]:
    """What was answered with "accepted" is listed."""
    listed = {one.id for one in library.generations} | {one.id for one in library.assets}
    for one in answered:
        if one not in listed:
            yield f"lost: {one} was accepted and is not listed"


def differing_files(
    library: Library, fal: FalEmulator, imports: Mapping[str, bytes] | None = None
) -> Iterator[str]:
    """What is called saved is there, as described, and is what was delivered or imported."""
    origins = {one.asset_id: one for one in library.generations if one.asset_id is not None}
    for asset in library.assets:
        if not isinstance(asset.media, SavedMedia):
            continue
        path = library.home / asset.media.path
        if not path.is_file():
            yield f"{asset.media.path} is called saved and is not there"
            continue
        kept = path.read_bytes()
        described = (asset.media.size, asset.media.sha256)
        if described != (len(kept), hashlib.sha256(kept).hexdigest()):
            yield f"{asset.media.path} is not the file that the catalogue describes"
        wanted = _wanted(asset, origins.get(asset.id), fal, imports or {})
        if wanted is not None and kept not in wanted:
            yield f"{asset.media.path} ({asset.name}) differs from what was delivered"


def _wanted(
    asset: Asset,
    generation: Generation | None,
    fal: FalEmulator,
    imports: Mapping[str, bytes],
) -> tuple[bytes, ...] | None:
    """The bytes that may be kept. An animatic has none to compare with but its own hash."""
    if generation is None:
        return (imports[asset.name],)
    if generation.request.model == FREE:
        return None
    ticket = getattr(generation.state, "ticket", None)
    return () if ticket is None else fal.clips_of(ticket.request_id)


def stray_files(library: Library, imports: Mapping[str, bytes] | None = None) -> Iterator[str]:
    """Nothing lies about that the catalogue does not know."""
    named = {library.home / asset.media.path for asset in library.assets if _has_file(asset)}
    for path in _files(library.home / "media"):
        if path not in named and not _is_explained(path, named, imports or {}):
            yield f"stray file {path.relative_to(library.home)}"
    for path in _files(library.home):
        if path.suffix in {".part", ".tmp"} or path.name.startswith(".tmp"):
            yield f"left behind: {path.relative_to(library.home)}"
    ids = {asset.id for asset in library.assets}
    for path in _files(library.home / "cache" / "posters"):
        if path.stem not in ids:
            yield f"poster of nothing: {path.name}"


def cut_off_imports(library: Library, imports: Mapping[str, bytes]) -> int:
    """Whole files of imports that were never answered. A known flaw: nothing lists them yet."""
    named = {library.home / asset.media.path for asset in library.assets if _has_file(asset)}
    files = _files(library.home / "media")
    return sum(path not in named and _is_cut_off_import(path, imports) for path in files)


def _is_explained(path: Path, named: Collection[Path], imports: Mapping[str, bytes]) -> bool:
    """What describes a file lies beside it and has its name."""
    is_description = path.suffix == ".json" and any(
        path.parent == one.parent and path.name.lstrip(".").startswith(one.stem) for one in named
    )
    return is_description or _is_cut_off_import(path, imports)


def _is_cut_off_import(path: Path, imports: Mapping[str, bytes]) -> bool:
    return bool(imports) and path.suffix != ".part" and path.read_bytes() in imports.values()


def _has_file(asset: Asset) -> bool:
    return isinstance(asset.media, SavedMedia)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def all_broken(
    library: Library,
    fal: FalEmulator,
    *,
    answered: Collection[str] = (),
    imports: Mapping[str, bytes] | None = None,
) -> list[str]:
    return [
        *broken_catalogue(library.home),
        *broken_money(library, list(fal.ledger), fal),
        *lost_orders(library, answered),
        *differing_files(library, fal, imports),
        *stray_files(library, imports),
    ]
