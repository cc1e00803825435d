"""A plain model of the listing: the same questions, answered from the wide rows in plain Python."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from rushes.catalogue import assets, generations
from rushes.domain.asset import Asset
from rushes.domain.generation import (
    UNDER_WAY,
    Generation,
)
from rushes.domain.listing import Elsewhere, Filter, Hidden, Sort
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import (
    UnsavedMedia,
    UrlOnlyMedia,
)
from tests.listed_things import PROJECTS, Thing


@dataclass(frozen=True)
class Plain:
    """An item, from what the tables of generations and assets say."""

    n: int
    generation: Generation | None
    asset: Asset | None

    @property
    def id(self) -> str:
        return self.generation.id if self.generation else self.asset.id

    @property
    def project_id(self) -> str:
        return (self.generation or self.asset).project_id

    @property
    def created_at(self) -> datetime:
        return (self.generation or self.asset).created_at

    @property
    def progress(self) -> str:
        return self.generation.state.name if self.generation else "done"

    @property
    def state(self) -> str:
        stage = "waiting" if self.progress in UNDER_WAY else self.progress
        if self.asset is None:
            return stage
        reference = self.asset.media
        is_coming = isinstance(reference, UrlOnlyMedia) and reference.failure is None
        return stage if is_coming and stage == "waiting" else reference.state

    @property
    def is_given_up(self) -> bool:
        reference = self.asset.media if self.asset else None
        return isinstance(reference, UnsavedMedia) and reference.failure.attempts >= 3

    @property
    def seconds(self) -> float | None:
        measured = self.asset.facts if self.asset else None
        return float(measured.duration) if measured and measured.duration is not None else None

    @property
    def size(self) -> int | None:
        reference = self.asset.media if self.asset else None
        held = getattr(reference, "held", reference)
        return getattr(held, "size", None)

    @property
    def shot(self) -> tuple[str, str]:
        return (self.project_id, self.generation.request.prompt if self.generation else self.id)

    @property
    def name(self) -> str:
        if self.asset:
            return plain(self.asset.name)
        return plain(f"AI: {self.generation.request.prompt}")

    @property
    def text(self) -> str:
        parts = []
        if self.generation:
            parts += [self.generation.request.prompt, self.generation.request.model]
        if self.asset:
            parts += [
                self.asset.name,
                self.asset.notes,
                getattr(self.asset.origin, "file_name", ""),
            ]
            parts.append(getattr(self.asset.media, "path", "").split("/")[-1])
        return plain("\n".join(parts))


def plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not "\u0300" <= c <= "\u036f").casefold()


def model(connection: Connection, things: list[Thing]) -> list[Plain]:
    found = []
    for n, thing in enumerate(things):
        generation, asset = None, None
        if thing.generation_id is not None:
            generation = generations.get(connection, thing.generation_id)
        if thing.asset_id is not None:
            [asset] = assets.get_many(connection, [thing.asset_id]) or [None]
        if generation is None and asset is None:
            continue
        item = Plain(n, generation, asset)
        if item.state != "done":
            found.append(item)
    return found


def fits(item: Plain, only: Filter, *, as_asset: bool = False) -> bool:
    asset, generation = item.asset, item.generation
    state = asset.media.state if as_asset else item.state
    at = asset.created_at if as_asset else item.created_at
    kind = asset.kind if asset else MediaKind.VIDEO
    sound = asset.facts.has_audio if asset and asset.facts else None
    seconds = item.seconds
    return (
        all(plain(word) in item.text for word in only.text.split())
        and (not only.states or state in only.states)
        and (not only.models or bool(generation and generation.request.model in only.models))
        and (not only.kinds or kind in only.kinds)
        and (only.rating is None or (asset.rating if asset else 0) >= only.rating)
        and (not only.flags or ((asset and asset.flag) or "none") in only.flags)
        and (only.since is None or at >= only.since)
        and (only.until is None or at < only.until)
        and (only.min_duration is None or (seconds is not None and seconds >= only.min_duration))
        and (only.max_duration is None or (seconds is not None and seconds <= only.max_duration))
        and (only.sound is None or sound is only.sound)
        and (only.shot is None or bool(generation and generation.shot == only.shot))
    )


def is_in_trash(item: Plain, only: Filter) -> bool:
    goes_along = item.project_id == "p3" and only.project_id != "p3"
    return goes_along or bool(item.asset and item.asset.trashed_at)


def is_shown(item: Plain, only: Filter) -> bool:
    if only.trashed:
        return is_in_trash(item, only)
    return not is_in_trash(item, only) and (only.keep_unsaved or not item.is_given_up)


def is_here(item: Plain, only: Filter) -> bool:
    return only.project_id in {None, item.project_id}


def model_hidden(found: list[Plain], only: Filter) -> Hidden:
    shown = [item for item in found if is_here(item, only) and is_shown(item, only)]
    trash = [item for item in found if is_here(item, only) and is_in_trash(item, only)]
    unsaved = [item for item in found if item.is_given_up and is_here(item, only)]
    in_other = {
        name: sum(
            fits(item, only) and is_shown(item, only) for item in found if item.project_id == name
        )
        for name in PROJECTS
        if only.project_id not in {None, name}
    }
    return Hidden(
        filters=sum(not fits(item, only) for item in shown),
        trash=0 if only.trashed else len(trash),
        unsaved=0 if only.keep_unsaved else sum(not is_in_trash(item, only) for item in unsaved),
        other_projects=tuple(
            Elsewhere(name, f"P {name}", number)
            for name, number in sorted(in_other.items(), key=lambda one: (-one[1], one[0]))
            if number
        ),
    )


def in_order(found: list[Plain], sort: Sort) -> list[Plain]:
    oldest = sorted(found, key=lambda item: (item.created_at, item.n))
    newest = list(reversed(oldest))
    match sort:
        case Sort.NEWEST:
            return newest
        case Sort.OLDEST:
            return oldest
        case Sort.RATING:
            return sorted(newest, key=lambda item: -(item.asset.rating if item.asset else 0))
        case Sort.LONGEST:
            return sorted(newest, key=lambda item: (item.seconds is None, -(item.seconds or 0)))
        case Sort.SHORTEST:
            return sorted(oldest, key=lambda item: (item.seconds is None, item.seconds or 0))
        case Sort.LARGEST:
            return sorted(newest, key=lambda item: (item.size is None, -(item.size or 0)))
        case Sort.NAME:
            return sorted(oldest, key=lambda item: item.name)
