"""The catalogue on real SQLite files: what it promises, and what it says when the disk does not."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Self

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from rushes.catalogue import assets, generations, projects, schema
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.catalogue.feed import Change, Kind
from rushes.catalogue.integrity import complaints
from rushes.catalogue.tables import metadata
from rushes.domain.asset import Asset, Flag, Generated, Imported
from rushes.domain.errors import (
    CatalogueCorruptError,
    CatalogueError,
    CatalogueFullError,
    CatalogueLockedError,
    CatalogueNewerError,
    ConflictError,
    ProjectNotFoundError,
    StorageError,
)
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
    Step,
    Submitted,
    Submitting,
    Ticket,
    Transfer,
    Unconfirmed,
)
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId, new_id
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import (
    ExpiredMedia,
    InMemory,
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
from tests.disks import small_disk

NOW = datetime(2026, 3, 1, 12, 30, 15, 123_457, tzinfo=UTC)
IMPATIENT = 0.05
"""Seconds to wait for another program's lock: the tests know that it will not be let go."""


def project(name: str = "P") -> Project:
    return Project(ProjectId(new_id()), name, f"{name}-{new_id()}", NOW)


@asynccontextmanager
async def opened(path: Path, **options: float) -> AsyncIterator[Catalogue]:
    catalogue = await Catalogue.open(path, **options)
    try:
        yield catalogue
    finally:
        await catalogue.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
async def catalogue(path: Path) -> AsyncIterator[Catalogue]:
    async with opened(path) as catalogue:
        yield catalogue


async def add(catalogue: Catalogue, new: Project) -> None:
    await catalogue.write(lambda transaction: projects.insert(transaction, new))


async def names(catalogue: Catalogue) -> set[str]:
    listed = await catalogue.read(projects.list_all)
    return {one.name for one, _ in listed}


class HeldBack:
    """Writes that pile up behind one that is held, so that they end in one transaction."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._go = threading.Event()
        self._begun = threading.Event()

    async def __aenter__(self) -> Self:
        def hold(_: Transaction) -> None:
            self._begun.set()
            self._go.wait()

        self._holding = asyncio.create_task(self._catalogue.write(hold))
        await asyncio.to_thread(self._begun.wait)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._go.set()
        await self._holding

    async def put(self, work: Callable[[Transaction], object]) -> asyncio.Task[object]:
        """Queue a write, and return once it is in the queue."""
        task = asyncio.create_task(self._catalogue.write(work))
        await asyncio.sleep(0)
        return task


# --- what is written ------------------------------------------------------------------------------


async def test_a_write_can_be_read_as_soon_as_it_has_returned(catalogue):
    for number in range(20):
        await add(catalogue, project(f"P{number}"))
        assert f"P{number}" in await names(catalogue)


async def test_a_write_returns_what_its_work_returned(catalogue):
    assert await catalogue.write(lambda _: 42) == 42


async def test_a_write_that_has_returned_is_seen_by_another_program(catalogue, path):
    await add(catalogue, project("P"))
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM projects").fetchall() == [("P",)]
    other.close()


async def test_what_was_written_is_there_when_the_catalogue_is_opened_again(path):
    async with opened(path) as first:
        await add(first, project("kept"))
    async with opened(path) as second:
        assert await names(second) == {"kept"}


@pytest.mark.parametrize("folder", ["what?", "50% off #1", "a;b&c=d", "ünïcode 日本", "file:x"])
async def test_a_library_may_lie_in_a_folder_of_any_name(tmp_path, folder):
    path = tmp_path / folder / "catalogue.sqlite"
    path.parent.mkdir()
    async with opened(path) as catalogue:
        await add(catalogue, project())
    assert {found.name for found in tmp_path.iterdir()} == {folder}
    assert path.stat().st_size > 0


async def test_an_error_of_the_domain_comes_out_as_it_went_in(catalogue):
    with pytest.raises(ProjectNotFoundError) as caught:
        await catalogue.write(lambda transaction: projects.rename(transaction, "nothing", "x"))
    assert caught.value.problem.facts == {"id": "nothing"}


async def test_what_fails_leaves_nothing_behind_and_tells_nobody(catalogue):
    def half(transaction: Transaction) -> None:
        projects.insert(transaction, project("half"))
        raise ConflictError("No.")

    with pytest.raises(ConflictError):
        await catalogue.write(half)
    assert await names(catalogue) == set()
    assert catalogue.feed.place == 0


async def test_two_hundred_writes_at_once_share_their_transactions(catalogue):
    commits = []
    event.listen(catalogue._engine, "commit", commits.append)
    async with HeldBack(catalogue) as held:
        tasks = [
            await held.put(
                lambda transaction, n=number: projects.insert(transaction, project(f"P{n}"))
            )
            for number in range(200)
        ]
    await asyncio.gather(*tasks)
    assert await names(catalogue) == {f"P{number}" for number in range(200)}
    assert len(commits) == 1 + 4


async def test_a_failing_write_does_not_spoil_its_neighbours(catalogue):
    def fail(transaction: Transaction) -> None:
        projects.insert(transaction, project("never"))
        raise ConflictError("No.")

    async with HeldBack(catalogue) as held:
        before = await held.put(lambda t: projects.insert(t, project("before")))
        failing = await held.put(fail)
        after = await held.put(lambda t: projects.insert(t, project("after")))
    await before
    await after
    with pytest.raises(ConflictError):
        await failing
    assert await names(catalogue) == {"before", "after"}


async def test_a_row_that_the_database_refuses_does_not_spoil_its_neighbours(catalogue):
    first = project("first")
    await add(catalogue, first)
    twin = replace(first, name="twin")
    async with HeldBack(catalogue) as held:
        before = await held.put(lambda t: projects.insert(t, project("before")))
        refused = await held.put(lambda t: projects.insert(t, twin))
        after = await held.put(lambda t: projects.insert(t, project("after")))
    await before
    await after
    with pytest.raises(CatalogueError) as caught:
        await refused
    assert str(caught.value.problem.facts["sqlite_error"]).startswith("SQLITE_CONSTRAINT")
    assert await names(catalogue) == {"first", "before", "after"}


async def test_work_may_itself_catch_what_the_database_refuses_and_go_on(catalogue):
    first = project("first")
    await add(catalogue, first)

    def insert_or_rename(transaction: Transaction) -> None:
        try:
            projects.insert(transaction, first)
        except IntegrityError:
            projects.rename(transaction, first.id, "renamed")

    await catalogue.write(insert_or_rename)
    assert await names(catalogue) == {"renamed"}


async def test_an_asset_cannot_be_written_without_its_project(catalogue):
    with pytest.raises(CatalogueError) as caught:
        await catalogue.write(lambda t: assets.insert(t, imported(ProjectId("nothing"))))
    assert caught.value.problem.facts["sqlite_error"] == "SQLITE_CONSTRAINT_FOREIGNKEY"


async def test_a_write_goes_on_when_nobody_waits_for_it_any_more(catalogue):
    async with HeldBack(catalogue) as held:
        left = await held.put(lambda t: projects.insert(t, project("left")))
        stayed = await held.put(lambda t: projects.insert(t, project("stayed")))
        left.cancel()
    await stayed
    assert await names(catalogue) == {"left", "stayed"}


async def test_closing_waits_for_what_is_already_queued(path):
    catalogue = await Catalogue.open(path)
    async with HeldBack(catalogue) as held:
        tasks = [
            await held.put(
                lambda transaction, n=number: projects.insert(transaction, project(f"P{n}"))
            )
            for number in range(100)
        ]
        closing = asyncio.create_task(catalogue.close())
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    await closing
    async with opened(path) as again:
        assert len(await names(again)) == 100


async def test_a_closed_catalogue_refuses_a_write_instead_of_letting_it_wait_for_ever(path):
    catalogue = await Catalogue.open(path)
    await catalogue.close()
    with pytest.raises(CatalogueError):
        await asyncio.wait_for(catalogue.write(lambda _: None), 10)
    with pytest.raises(CatalogueError):
        await catalogue.read(projects.list_all)


# --- what is told ---------------------------------------------------------------------------------


async def test_a_change_is_told_only_after_it_is_on_disk(catalogue, path):
    new = project("P")
    seen_inside = []

    def insert(transaction: Transaction) -> None:
        projects.insert(transaction, new)
        seen_inside.append(catalogue.feed.place)

    writing = asyncio.create_task(catalogue.write(insert))
    await catalogue.feed.wait_beyond(0)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT id FROM projects").fetchall() == [(new.id,)]
    other.close()
    await writing
    assert seen_inside == [0]
    assert catalogue.feed.since(0) == [(1, Change(Kind.PROJECT, new.id))]


async def test_a_change_is_told_before_its_write_returns(catalogue):
    await add(catalogue, project())
    assert catalogue.feed.place == 1


# --- the schema -----------------------------------------------------------------------------------


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The index of the search and what SQLite keeps for it are no tables of ours."""
    return kind != "table" or not str(name).startswith("item_search")


async def test_the_migrations_make_the_tables_that_the_program_uses(catalogue):
    def differences(connection: object) -> list[object]:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_name": is_ours,
        }
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, metadata)

    assert await catalogue.read(differences) == []


async def test_a_missing_column_would_be_noticed(catalogue):
    """The comparison above can fail."""

    def differences(connection: object) -> list[object]:
        connection.execute(text("ALTER TABLE projects DROP COLUMN trashed_at"))
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        return compare_metadata(context, metadata)

    assert len(await catalogue.read(differences)) == 1


async def test_a_new_catalogue_has_the_newest_schema(catalogue):
    assert await catalogue.read(schema.current) == schema.NEWEST


async def test_opening_again_loads_no_migration_and_changes_nothing(path):
    async with opened(path):
        pass
    before = path.read_bytes()
    async with opened(path):
        pass
    assert path.read_bytes() == before


async def test_the_database_finds_no_fault_in_a_new_catalogue(catalogue):
    assert await catalogue.read(complaints) == []


@pytest.mark.parametrize("journal", ["wal", "delete"])
async def test_a_catalogue_of_a_newer_program_is_left_as_it_is_to_the_byte(path, journal):
    async with opened(path) as catalogue:
        await add(catalogue, project())
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '0042'")
        newer.commit()
        newer.execute(f"PRAGMA journal_mode={journal}")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(CatalogueNewerError) as caught:
        await Catalogue.open(path)
    assert caught.value.problem.facts == {"found": "0042", "known": schema.NEWEST}
    assert path.read_bytes() == before


# --- what the disk may do -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "garbage", [b"this is a text and no database" * 500, os.urandom(8192), b"\x00" * 8192]
)
async def test_what_is_not_a_database_is_told_and_left_as_it_is(path, garbage):
    path.write_bytes(garbage)
    with pytest.raises(CatalogueCorruptError):
        await Catalogue.open(path)
    assert path.read_bytes() == garbage


async def filled(path: Path) -> bytes:
    async with opened(path) as catalogue:
        for number in range(100):
            await add(catalogue, project(f"P{number}" * 50))
    return path.read_bytes()


async def test_a_catalogue_that_was_cut_off_is_told_and_left_as_it_is(path):
    whole = await filled(path)
    torn = whole[: len(whole) // 2 + 100]
    path.write_bytes(torn)
    with pytest.raises(CatalogueCorruptError):
        await Catalogue.open(path)
    assert path.read_bytes() == torn


async def test_a_catalogue_with_a_hole_is_told_when_the_hole_is_met_and_left_as_it_is(path):
    whole = await filled(path)
    holed = whole[:4096] + b"\xaa" * (len(whole) - 4096)
    path.write_bytes(holed)
    with pytest.raises(CatalogueCorruptError):
        async with opened(path) as catalogue:
            await catalogue.read(projects.list_all)
    assert path.read_bytes() == holed


async def test_a_folder_that_is_not_there_is_told_as_one_that_cannot_be_used(tmp_path):
    with pytest.raises(StorageError) as caught:
        await Catalogue.open(tmp_path / "nothing" / "catalogue.sqlite")
    assert caught.value.code == "storage_failed"
    assert caught.value.problem.facts["sqlite_error"] == "SQLITE_CANTOPEN"


@asynccontextmanager
async def held_by_another(path: Path) -> AsyncIterator[None]:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_write_against_another_programs_lock_is_refused_and_works_again_after_it(path):
    async with opened(path, patience=IMPATIENT) as catalogue:
        async with held_by_another(path):
            with pytest.raises(CatalogueLockedError) as caught:
                await add(catalogue, project("locked out"))
            assert caught.value.problem.retryable
            assert await names(catalogue) == set()
        await add(catalogue, project("let in"))
        assert await names(catalogue) == {"let in"}
    assert catalogue.feed.place == 1


async def test_writes_that_meet_a_lock_together_wait_for_it_together(path):
    attempts = []
    async with opened(path, patience=IMPATIENT) as catalogue:
        event.listen(catalogue._engine, "engine_connect", attempts.append)
        async with held_by_another(path):
            answers = await asyncio.gather(
                *(add(catalogue, project()) for _ in range(30)), return_exceptions=True
            )
    assert [type(answer) for answer in answers] == [CatalogueLockedError] * 30
    assert 0 < len(attempts) < 30


async def test_a_new_catalogue_in_a_file_that_another_program_holds_is_refused(path):
    sqlite3.connect(path).close()
    async with held_by_another(path):
        with pytest.raises(CatalogueLockedError):
            await Catalogue.open(path, patience=IMPATIENT)
    async with opened(path) as catalogue:
        assert await names(catalogue) == set()


async def test_a_full_disk_is_told_and_what_was_written_before_is_kept(tmp_path):
    with small_disk(tmp_path / "disk", "1m") as disk:
        ballast = disk / "ballast"
        async with opened(disk / "catalogue.sqlite") as catalogue:
            await add(catalogue, project("before"))
            ballast.write_bytes(b"\x00" * (free_bytes(disk) - 16_384))
            told = catalogue.feed.place
            with pytest.raises(CatalogueFullError) as caught:
                await add(catalogue, project("too much" * 20_000))
            assert caught.value.problem.retryable
            assert await names(catalogue) == {"before"}
            assert catalogue.feed.place == told

            ballast.unlink()
            await add(catalogue, project("after"))
            assert await names(catalogue) == {"before", "after"}
            assert await catalogue.read(complaints) == []


@pytest.mark.parametrize("room", [0, 8192, 65_536])
async def test_a_new_catalogue_on_a_full_disk_is_told(tmp_path, room):
    with small_disk(tmp_path / "disk", "256k") as disk:
        (disk / "ballast").write_bytes(b"\x00" * (free_bytes(disk) - room))
        with pytest.raises(CatalogueFullError):
            await Catalogue.open(disk / "catalogue.sqlite")


async def test_opening_a_library_on_a_full_disk_is_told_and_works_again_after_room_is_made(
    tmp_path,
):
    with small_disk(tmp_path / "disk", "1m") as disk:
        async with opened(disk / "catalogue.sqlite") as catalogue:
            await add(catalogue, project("before"))
        ballast = disk / "ballast"
        ballast.write_bytes(b"\x00" * free_bytes(disk))
        with pytest.raises(CatalogueFullError):
            async with opened(disk / "catalogue.sqlite") as catalogue:
                await add(catalogue, project("too much"))
        ballast.unlink()
        async with opened(disk / "catalogue.sqlite") as catalogue:
            assert await names(catalogue) == {"before"}


def free_bytes(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


# --- rows -----------------------------------------------------------------------------------------

PROBLEM = Problem(
    code="disk_full",
    title="The disk that holds the library is full.",
    detail="3 MB are free — “nearly”.",
    remedy="Free some room.",
    retryable=True,
    facts={"needed": 2**40, "names": ["a", None, 1.5, True], "deep": {"x": {}}},
)
FAILURE = Failure(PROBLEM, NOW, attempts=3)
LATER = NOW + timedelta(days=7, microseconds=1)
SHA = "0123456789abcdef" * 4
TICKET = Ticket("request", {"status": "https://queue.fal.run/x/status", "cancel": "…"})
DOCUMENT = '{"video": {"url": "https://v3.fal.media/ö.mp4"}, "seed": 12345678901234567890}'
URL = "https://v3.fal.media/files/ö.mp4?a=b&c"

FACTS = MediaFacts(
    kind=MediaKind.VIDEO,
    container="mp4",
    content_type="video/mp4",
    duration=Fraction(1001, 400),
    width=1920,
    height=1080,
    fps=Fraction(24000, 1001),
    frames=60,
    video_codec="h264",
    audio_codec="aac",
)


def imported(project_id: ProjectId) -> Asset:
    return Asset(
        id=AssetId(new_id()),
        project_id=project_id,
        name="clip",
        kind=MediaKind.VIDEO,
        take_number=1,
        origin=Imported("clip.mp4"),
        media=SavedMedia(f"media/p/{new_id()}.mp4", 3, SHA),
        facts=None,
        created_at=NOW,
    )


def planned(project_id: ProjectId) -> Generation:
    return Generation(
        id=GenerationId(new_id()),
        project_id=project_id,
        request=GenerationRequest(
            model=ModelId("ltx-2.3-fast"),
            task=Task.IMAGE_TO_VIDEO,
            prompt="Motorcycle “roars” in\n🏍️",
            settings={"duration": 6, "resolution": "1080p", "generate_audio": True},
            image=AssetId(new_id()),
            end_image=AssetId(new_id()),
        ),
        endpoint="fal-ai/ltx-2.3/image-to-video/fast",
        estimate=Estimate(Decimal("0.240"), Decimal("1E+2")),
        take_number=4,
        state=Planned(),
        created_at=NOW,
        updated_at=NOW,
        steps=(Step("asked", NOW), Step("checked", LATER, "by hand — “twice”")),
    )


LADDERS: list[list[GenerationState]] = [
    [Planned(FAILURE)],
    [Planned(FAILURE), Planned()],
    [Submitting(LATER)],
    [Submitting(LATER), Planned(FAILURE)],
    [Submitting(LATER), Submitted(TICKET)],
    [Submitting(LATER), Submitted(TICKET), Queued(TICKET)],
    [Submitting(LATER), Submitted(TICKET), Queued(TICKET, 0)],
    [Submitting(LATER), Submitted(TICKET), Queued(TICKET, 7), Running(TICKET)],
    [Submitting(LATER), Submitted(TICKET), Running(TICKET, 0.1)],
    [Submitting(LATER), Submitted(TICKET), Running(TICKET, 0.1), Queued(TICKET, 2)],
    [Submitting(LATER), Delivered(TICKET, DOCUMENT)],
    [Submitting(LATER), Delivered(TICKET, DOCUMENT), Saving(TICKET, DOCUMENT, "media/p/a.mp4")],
    [
        Submitting(LATER),
        Delivered(TICKET, DOCUMENT),
        Saving(TICKET, DOCUMENT, "media/p/a.mp4"),
        Saving(TICKET, DOCUMENT, "media/p/a.mp4", SHA),
    ],
    [
        Submitting(LATER),
        Delivered(TICKET, DOCUMENT),
        Saving(TICKET, DOCUMENT, "media/p/a.mp4", SHA),
        Done(TICKET, DOCUMENT),
    ],
    [Submitting(LATER), Unconfirmed(LATER, FAILURE)],
    [Submitting(LATER), Unconfirmed(LATER, FAILURE), Submitted(TICKET)],
    [Submitting(LATER), Unconfirmed(LATER, FAILURE), Failed(PROBLEM)],
    [Submitting(LATER), Submitted(TICKET), Failed(PROBLEM, TICKET)],
    [Submitting(LATER), Submitted(TICKET), Failed(PROBLEM, TICKET, DOCUMENT)],
    [Failed(PROBLEM)],
    [Cancelled()],
    [Submitting(LATER), Submitted(TICKET), Cancelled(TICKET)],
]


@pytest.mark.parametrize(
    "ladder", LADDERS, ids=lambda ladder: "-".join(state.name for state in ladder)
)
async def test_a_generation_comes_back_from_the_catalogue_as_it_went_in(catalogue, ladder):
    home = project()
    await add(catalogue, home)
    generation = planned(home.id)

    def write(transaction: Transaction) -> None:
        generations.insert(transaction, generation)
        for state in ladder:
            generations.move(transaction, generation.id, state, now=LATER)

    await catalogue.write(write)
    found = await catalogue.read(lambda connection: generations.get(connection, generation.id))
    assert found == replace(generation, state=ladder[-1], updated_at=LATER)


async def test_steps_bytes_and_bill_of_a_generation_are_kept(catalogue):
    home = project()
    await add(catalogue, home)
    generation = planned(home.id)

    def write(transaction: Transaction) -> None:
        generations.insert(transaction, generation)
        generations.move(
            transaction,
            generation.id,
            Submitting(NOW),
            now=NOW,
            step=Step("sent", NOW),
            billed_units=Decimal("6.00"),
        )
        generations.set_transfer(transaction, generation.id, Transfer(2**40, 2**41))

    await catalogue.write(write)
    found = await catalogue.read(lambda connection: generations.get(connection, generation.id))
    assert [step.name for step in found.steps] == ["asked", "checked", "sent"]
    assert found.transfer == Transfer(2**40, 2**41)
    assert found.billed_units == Decimal("6.00")
    assert found.actual_cost is None


async def test_the_charged_units_become_dollars_at_the_price_of_the_order(
    catalogue: Catalogue,
) -> None:
    home = project()
    await add(catalogue, home)
    generation = replace(planned(home.id), billed_units=Decimal(6), unit_price=Decimal("0.04"))
    await catalogue.write(lambda transaction: generations.insert(transaction, generation))
    found = await catalogue.read(lambda connection: generations.get(connection, generation.id))
    assert (found.unit_price, found.actual_cost) == (Decimal("0.04"), Decimal("0.24"))


REFERENCES = [
    SavedMedia("media/p/ö.mp4", 2**40, SHA, URL),
    SavedMedia("media/p/a.mp4", 0, SHA),
    UrlOnlyMedia(URL),
    UrlOnlyMedia(URL, LATER, FAILURE),
    UnsavedMedia(URL, FAILURE, held=InMemory(2**33, SHA)),
    UnsavedMedia(URL, FAILURE, LATER, held=InSpool(1, SHA)),
    ExpiredMedia(URL, FAILURE),
    MissingMedia("media/p/a.mp4", 1, SHA, None, FAILURE),
    MissingMedia("media/p/a.mp4", 1, SHA, URL, FAILURE),
]


@pytest.mark.parametrize("media", REFERENCES, ids=lambda media: media.state)
@pytest.mark.parametrize("is_generated", [True, False], ids=["generated", "imported"])
async def test_an_asset_comes_back_from_the_catalogue_as_it_went_in(catalogue, media, is_generated):
    home = project()
    await add(catalogue, home)
    generation = planned(home.id)
    await catalogue.write(lambda transaction: generations.insert(transaction, generation))
    asset = Asset(
        id=AssetId(new_id()),
        project_id=home.id,
        name="AI: “x” 🏍️",
        kind=MediaKind.VIDEO,
        take_number=2,
        origin=Generated(generation.id, ModelId("ltx-2.3-fast"), "x")
        if is_generated
        else Imported("IMG 0042.MOV"),
        media=media,
        facts=FACTS,
        created_at=NOW,
        rating=5,
        flag=Flag.REJECT,
        trashed_at=LATER,
    )
    await catalogue.write(lambda transaction: assets.insert(transaction, asset))
    assert await catalogue.read(lambda connection: assets.get(connection, asset.id)) == asset


async def test_an_asset_without_its_bytes_has_no_measures(catalogue):
    home = project()
    await add(catalogue, home)
    asset = replace(imported(home.id), media=UrlOnlyMedia(URL))
    await catalogue.write(lambda transaction: assets.insert(transaction, asset))
    found = await catalogue.read(lambda connection: assets.get(connection, asset.id))
    assert found.facts is None
    assert found == asset


async def test_a_new_place_of_the_bytes_leaves_nothing_of_the_old_one(rows):
    """Rows, not moves: whatever was there before, what comes back is what was written last."""
    catalogue, home = rows
    for old, new in product(REFERENCES, REFERENCES):
        asset = replace(imported(home.id), media=old)

        def write(
            transaction: Transaction, asset: Asset = asset, new: MediaReference = new
        ) -> Asset:
            assets.insert(transaction, asset)
            assets.set_media(transaction, asset.id, new)
            found = assets.get(transaction.connection, asset.id)
            transaction.connection.execute(text("DELETE FROM assets"))
            return found

        assert (await catalogue.write(write)).media == new


@pytest.fixture
async def rows(catalogue: Catalogue) -> tuple[Catalogue, Project]:
    home = project()
    await add(catalogue, home)
    return catalogue, home


async def test_measures_that_come_with_the_bytes_are_kept(rows):
    catalogue, home = rows
    asset = replace(imported(home.id), media=UrlOnlyMedia(URL), kind=MediaKind.VIDEO)
    facts = replace(FACTS, kind=MediaKind.IMAGE, duration=None, fps=None, audio_codec=None)

    def write(transaction: Transaction) -> None:
        assets.insert(transaction, asset)
        assets.set_media(transaction, asset.id, REFERENCES[0], facts)

    await catalogue.write(write)
    found = await catalogue.read(lambda connection: assets.get(connection, asset.id))
    assert (found.kind, found.facts) == (MediaKind.IMAGE, facts)


async def test_a_folder_that_differs_only_in_case_is_taken(rows):
    catalogue, _ = rows
    await add(catalogue, replace(project("A"), folder="Teaser"))
    free = await catalogue.read(lambda connection: projects.free_folder(connection, "TEASER"))
    assert free == "TEASER-2"


async def test_lists_of_generations_go_on_where_the_page_before_ended(rows):
    catalogue, home = rows
    # Three share each moment: the id decides between them.
    made = [
        replace(planned(home.id), created_at=NOW + timedelta(seconds=number // 3))
        for number in range(10)
    ]

    def write(transaction: Transaction) -> None:
        for generation in made:
            generations.insert(transaction, generation)

    await catalogue.write(write)
    listed, cursor = [], None
    while True:
        page = await catalogue.read(
            lambda c, after=cursor: generations.list_newest(
                c, generations.Filter(project_id=home.id), cursor=after, limit=4
            )
        )
        assert page.total == 10
        listed += [generation.id for generation in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    newest_first = sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)
    assert listed == [generation.id for generation in newest_first]


async def test_what_has_not_ended_is_found_again_oldest_first(rows):
    catalogue, home = rows
    old = replace(planned(home.id), created_at=NOW - timedelta(days=1))
    new, ended = planned(home.id), planned(home.id)

    def write(transaction: Transaction) -> None:
        for generation in (new, old, ended):
            generations.insert(transaction, generation)
        generations.move(transaction, ended.id, Cancelled(), now=NOW)

    await catalogue.write(write)
    assert await catalogue.read(generations.unfinished) == [old.id, new.id]


async def test_two_generations_cannot_hold_the_same_request_of_the_provider(rows):
    catalogue, home = rows
    first, second = planned(home.id), planned(home.id)

    def submit(transaction: Transaction, generation: Generation) -> None:
        generations.insert(transaction, generation)
        generations.move(transaction, generation.id, Submitting(NOW), now=NOW)
        generations.move(transaction, generation.id, Submitted(TICKET), now=NOW)

    await catalogue.write(lambda transaction: submit(transaction, first))
    with pytest.raises(CatalogueError) as caught:
        await catalogue.write(lambda transaction: submit(transaction, second))
    assert caught.value.problem.facts["sqlite_error"] == "SQLITE_CONSTRAINT_UNIQUE"
    assert await catalogue.read(lambda c: generations.is_claimed(c, TICKET.request_id))
