"""Things that a library may hold, drawn at random and written as the program writes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st
from sqlalchemy import Engine

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset, Generated, Imported
from rushes.domain.generation import (
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
    assets.set_media(transaction, asset.id, reference, before=asset.media)
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
