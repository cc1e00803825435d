"""The catalogue on real SQLite files: what it promises, and what it says when the disk does not."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from rushes.catalogue import assets, projects, schema
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.catalogue.feed import Change, Kind
from rushes.catalogue.integrity import complaints
from rushes.catalogue.tables import metadata
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
from rushes.domain.ids import ProjectId
from tests.disks import small_disk
from tests.integration.catalogues import (
    IMPATIENT,
    add,
    catalogue,
    imported,
    names,
    opened,
    path,
    project,
)

__all__ = ["catalogue", "path"]


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
