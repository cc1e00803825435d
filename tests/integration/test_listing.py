"""The listing beside a plain model of it: whatever is written and asked, both say the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, StaticPool, create_engine, select

from rushes.catalogue import asset_list, assets, generations, items, listing, projects, schema
from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.tables import item_texts, tallies
from rushes.catalogue.tables import items as item_table
from rushes.domain.asset import Asset, Generated, Imported
from rushes.domain.generation import (
    UNDER_WAY,
    Cancelled,
    Delivered,
    Done,
    Failed,
    Generation,
    GenerationRequest,
    GenerationState,
    Planned,
    Queued,
    Running,
    Saving,
    Submitted,
    Submitting,
    Ticket,
    Unconfirmed,
)
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId
from rushes.domain.listing import ITEM_STATES, Elsewhere, Filter, Hidden, Sort
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import (
    ExpiredMedia,
    InSpool,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.model_spec import Estimate, Task
from rushes.domain.problem import Failure, Problem
from rushes.domain.project import Project

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PROBLEM = Problem("disk_full", "The disk is full.")
URL = "https://v3.fal.media/a.mp4"
PROJECTS = ("p1", "p2", "p3")
MODELS = ("ltx-2.3-fast", "animatic")
WORDS = (
    *("heron", "Heron's", "ÄRGER", "ärger", "café", "cafe\u0301", "日本語", "本", "ИВАН", "иван"),
    *(
        "100%",
        "_",
        "%",
        '"quoted"',
        "'",
        "*",
        "NEAR(a",
        "AND",
        "-",
        "\\",
        "🦩",
        "a",
        "עברית",
        "x:y",
    ),
)
SEARCHES = (*WORDS, "2.3", "AI-Video", "ltx", "ero", "语", "STRASSE", "straße", "he ron", "nowhere")
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
moments = st.integers(0, 3).map(lambda days: NOW + timedelta(days=days))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    schema.upgrade(engine)
    yield engine
    engine.dispose()


@contextmanager
def world(engine: Engine) -> Iterator[Transaction]:
    """Three projects, the last of them in the trash; nothing of it stays."""
    with engine.connect() as connection:
        transaction = Transaction(connection)
        for name in PROJECTS:
            at = NOW if name == "p3" else None
            projects.insert(transaction, Project(ProjectId(name), f"P {name}", name, NOW, at))
        yield transaction
        connection.rollback()


# --- what is written ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Thing:
    generation_id: str | None
    asset_id: str | None


def media(kind: str, number: int, attempts: int) -> MediaReference:
    failure = Failure(PROBLEM, NOW, attempts)
    path = f"media/heron/AI-Video-{number}.mp4"
    references: dict[str, MediaReference] = {
        "saved": SavedMedia(path, number % 5, "0" * 64, URL),
        "url_only": UrlOnlyMedia(URL),
        "could not be brought": UrlOnlyMedia(URL, failure=failure),
        "unsaved": UnsavedMedia(URL, failure, held=InSpool(number % 5, "0" * 64)),
        "expired": ExpiredMedia(URL, failure),
        "missing": MissingMedia(path, number % 5, "0" * 64, URL, failure),
    }
    return references[kind]


MEDIA = ("saved", "url_only", "could not be brought", "unsaved", "expired", "missing")


def facts(kind: MediaKind, seconds: int, *, sound: bool) -> MediaFacts:
    duration = None if kind is MediaKind.IMAGE else Fraction(seconds * 1001, 1000)
    codec = "aac" if sound else None
    return MediaFacts(kind, "mp4", "video/mp4", duration, audio_codec=codec)


def way(ticket: Ticket, end: str) -> list[GenerationState]:
    """The states on the way of a generation, up to this one."""
    whole: list[GenerationState] = [
        Submitting(NOW),
        Submitted(ticket),
        Queued(ticket, 1),
        Running(ticket),
        Delivered(ticket, "{}"),
        Saving(ticket, "{}", f"media/{ticket.request_id}.mp4"),
        Done(ticket, "{}"),
    ]
    names = [state.name for state in whole]
    match end:
        case "planned":
            return []
        case "unconfirmed":
            return [whole[0], Unconfirmed(NOW, Failure(PROBLEM, NOW))]
        case "failed":
            return [*whole[:3], Failed(PROBLEM, ticket)]
        case "cancelled":
            return [*whole[:2], Cancelled(ticket)]
        case _:
            return whole[: names.index(end) + 1]


ENDS = ("planned", "queued", "unconfirmed", "failed", "cancelled", "saving", "done")


def generate(transaction: Transaction, draw: st.DrawFn, number: int) -> Thing:
    generation = Generation(
        id=GenerationId(f"g{number}"),
        project_id=ProjectId(draw(st.sampled_from(PROJECTS))),
        request=GenerationRequest(
            ModelId(draw(st.sampled_from(MODELS))), Task.TEXT_TO_VIDEO, draw(words), {}
        ),
        endpoint="e",
        estimate=Estimate(Decimal(0), Decimal(0)),
        take_number=1,
        state=Planned(),
        created_at=draw(moments),
        updated_at=NOW,
    )
    generations.insert(transaction, generation)
    end = draw(st.sampled_from(ENDS))
    for state in way(Ticket(f"r{number}"), end):
        generations.move(transaction, generation.id, state, now=NOW)
    if end not in {"saving", "done"}:
        return Thing(generation.id, None)
    request = generation.request
    origin = Generated(generation.id, request.model, request.prompt)
    asset_id = add_asset(transaction, draw, number, generation.project_id, origin)
    return Thing(generation.id, asset_id)


def add_asset(
    transaction: Transaction,
    draw: st.DrawFn,
    number: int,
    project_id: ProjectId,
    origin: Generated | Imported,
) -> str:
    kind = draw(st.sampled_from(MediaKind))
    measured = facts(kind, draw(st.integers(1, 3)), sound=draw(st.booleans()))
    asset = Asset(
        id=AssetId(f"a{number}"),
        project_id=project_id,
        name=draw(words),
        kind=kind,
        take_number=1,
        origin=origin,
        media=UrlOnlyMedia(URL),
        facts=draw(st.sampled_from([None, measured])),
        created_at=draw(moments),
    )
    assets.insert(transaction, asset)
    reference = media(draw(st.sampled_from(MEDIA)), number, draw(st.integers(1, 4)))
    assets.set_media(transaction, asset.id, reference)
    change(transaction, draw, asset.id)
    return asset.id


def change(transaction: Transaction, draw: st.DrawFn, asset_id: str) -> None:
    wanted = assets.Change(
        name=draw(st.none() | words),
        rating=draw(st.none() | st.integers(0, 5)),
        flag=draw(st.sampled_from([None, "pick", "reject", "none"])),
        notes=draw(st.none() | words),
    )
    assets.change(transaction, asset_id, wanted)
    fate = draw(st.sampled_from(["kept", "kept", "kept", "trashed", "taken back", "removed"]))
    if fate in {"trashed", "taken back"}:
        assets.set_trashed(transaction, asset_id, NOW)
    if fate == "taken back":
        assets.set_trashed(transaction, asset_id, None)
    if fate == "removed":
        assets.remove(transaction, asset_id)


def fill(transaction: Transaction, data: st.DataObject) -> list[Thing]:
    draw, things = data.draw, []
    for number in range(draw(st.integers(0, 12))):
        if draw(st.booleans()):
            things.append(generate(transaction, draw, number))
            continue
        project = ProjectId(draw(st.sampled_from(PROJECTS)))
        origin = Imported(f"{draw(words)}.mov")
        things.append(Thing(None, add_asset(transaction, draw, number, project, origin)))
    return things


# --- the model ------------------------------------------------------------------------------------


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


# --- the properties -------------------------------------------------------------------------------

searches = st.lists(st.sampled_from(SEARCHES), max_size=2).map(" ".join)
seconds = st.none() | st.sampled_from([0.5, 1.001, 2.002, 2.5, 9])


def filters(states: tuple[str, ...]) -> st.SearchStrategy[Filter]:
    chosen = st.builds(
        Filter,
        project_id=st.sampled_from([None, *PROJECTS]),
        text=searches,
        states=st.lists(st.sampled_from(states), max_size=3).map(tuple),
        models=st.lists(st.sampled_from([*MODELS, "x"]), max_size=2).map(tuple),
        kinds=st.lists(st.sampled_from(MediaKind), max_size=2).map(tuple),
        rating=st.none() | st.integers(1, 5),
        flags=st.lists(st.sampled_from(["pick", "reject", "none"]), max_size=2).map(tuple),
        since=st.none() | moments,
        until=st.none() | moments,
        min_duration=seconds,
        max_duration=seconds,
        sound=st.sampled_from([None, True, False]),
        trashed=st.booleans(),
        keep_unsaved=st.booleans(),
    )
    # Most filters fit nothing when they come all together: one at a time is worth more.
    return st.sampled_from(FIELDS).flatmap(
        lambda names: chosen.map(
            lambda full: Filter(
                **{name: getattr(full, name) for name in (*names, "project_id", "keep_unsaved")}
            )
        )
    )


FIELDS: tuple[tuple[str, ...], ...] = (
    (),
    ("text",),
    ("states",),
    ("models", "kinds"),
    ("rating", "flags"),
    ("since", "until"),
    ("min_duration", "sound"),
    ("max_duration",),
    ("trashed",),
    ("text", "trashed"),
    ("text", "states", "rating"),
)
often = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@often
@given(data=st.data())
def test_pages_say_what_a_plain_model_says(engine: Engine, data: st.DataObject) -> None:
    with world(engine) as transaction:
        connection = transaction.connection
        found = model(connection, fill(transaction, data))
        for _ in range(4):
            only = data.draw(filters(ITEM_STATES))
            shots = [one.generation.shot for one in found if one.generation]
            only = replace(only, shot=data.draw(st.none() | st.sampled_from(shots or [""])))
            sort, by_shot = data.draw(st.sampled_from(Sort)), data.draw(st.booleans())
            fitting = [
                one
                for one in found
                if is_here(one, only) and is_shown(one, only) and fits(one, only)
            ]
            if by_shot:
                newest: dict[tuple[str, str], Plain] = {}
                for one in in_order(fitting, Sort.OLDEST):
                    newest[one.shot] = one
                fitting = list(newest.values())
            expected = [one.id for one in in_order(fitting, sort)]
            size = data.draw(st.integers(1, 5))
            listed = []
            for start in range(0, len(expected) + 1, size):
                page = listing.page(
                    connection, only, sort=sort, by_shot=by_shot, start=start, limit=size
                )
                assert page.total == len(expected)
                assert page.hidden == model_hidden(found, only)
                listed += page.items
            assert [item.id for item in listed] == expected
            by_id = {one.id: one for one in found}
            for item in listed:
                one = by_id[item.id]
                assert (item.state, item.generation, item.asset) == (
                    one.state,
                    one.generation,
                    one.asset,
                )
                alike = [two for two in found if two.shot == one.shot and is_shown(two, only)]
                assert item.takes == len(alike)


@often
@given(data=st.data())
def test_assets_page_by_page_are_those_of_the_model(engine: Engine, data: st.DataObject) -> None:
    with world(engine) as transaction:
        connection = transaction.connection
        found = [one for one in model(connection, fill(transaction, data)) if one.asset]
        only = data.draw(filters(("saved", "unsaved", "url_only", "expired", "missing")))
        sort = data.draw(st.sampled_from(Sort))
        fitting = [
            one
            for one in found
            if is_here(one, only) and is_shown(one, only) and fits(one, only, as_asset=True)
        ]
        listed, cursor = [], None
        size = data.draw(st.integers(1, 4))
        while True:
            page, _ = asset_list.page(connection, only, sort=sort, cursor=cursor, limit=size)
            assert page.total == len(fitting)
            listed += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert sorted(asset.id for asset in listed) == sorted(one.asset.id for one in fitting)
        by_id = {one.asset.id: one for one in found}
        again = in_order([by_id[asset.id] for asset in listed], sort)
        key = {Sort.NEWEST: "created_at", Sort.OLDEST: "created_at"}.get(sort)
        if key is None:
            measure = {
                Sort.RATING: lambda one: one.asset.rating,
                Sort.LONGEST: lambda one: one.seconds,
                Sort.SHORTEST: lambda one: one.seconds,
                Sort.LARGEST: lambda one: one.size,
                Sort.NAME: lambda one: one.name,
            }[sort]
            assert [measure(by_id[asset.id]) for asset in listed] == list(map(measure, again))
        else:
            ages = [(asset.created_at, asset.id) for asset in listed]
            assert ages == sorted(ages, reverse=sort is Sort.NEWEST)


@often
@given(data=st.data())
def test_the_listing_is_what_making_it_anew_gives(engine: Engine, data: st.DataObject) -> None:
    with world(engine) as transaction:
        fill(transaction, data)
        kept = everything(transaction.connection)
        items.rebuild(transaction.connection)
        assert everything(transaction.connection) == kept


@often
@given(data=st.data())
def test_the_facets_count_what_the_list_holds(engine: Engine, data: st.DataObject) -> None:
    with world(engine) as transaction:
        connection = transaction.connection
        found = model(connection, fill(transaction, data))
        only = Filter(
            data.draw(st.sampled_from([None, *PROJECTS])), keep_unsaved=data.draw(st.booleans())
        )
        here = [one for one in found if is_here(one, only) and is_shown(one, only)]
        facets = listing.facets(connection, only.project_id, keep_unsaved=only.keep_unsaved)
        models = [one.generation.request.model for one in here if one.generation]
        states = [one.state for one in here]
        assert facets.models == {name: models.count(name) for name in set(models)}
        assert facets.states == {name: states.count(name) for name in set(states)}


def everything(connection: Connection) -> tuple[dict[str, object], set[object]]:
    columns = [column for column in item_table.c if column.name not in {"n", "rank"}]
    query = select(*columns, item_texts.c.text).join_from(item_table, item_texts)
    rows = {row.id: tuple(row) for row in connection.execute(query)}
    numbers = {
        tuple(row) for row in connection.execute(select(tallies).where(tallies.c.number > 0))
    }
    return rows, numbers
