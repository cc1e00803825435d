"""The catalogue: what is known. One writer, many readers, and every change is told.

All writes go through one thread, each in its own savepoint and several in one transaction, so
that a burst shares the cost of making it durable. A write returns when it is on disk. What it
touched is published after that, never before. When the disk is full, room that was held back for
this is given up and the write is done again.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from rushes.catalogue import integrity, schema
from rushes.catalogue.ballast import LOOK_AGAIN, Ballast, NoBallast, ballast_of
from rushes.catalogue.failures import translated
from rushes.catalogue.feed import Change, Feed, Kind
from rushes.catalogue.left_log import sync_left_log
from rushes.domain.errors import (
    CatalogueError,
    CatalogueFullError,
    CatalogueLockedError,
)
from rushes.domain.notice import ROOM_NOTICE

T = TypeVar("T")

READERS = 3
MOST_IN_ONE_TRANSACTION = 64
PATIENCE = 5.0
"""Seconds to wait for another program that has locked the file."""


@dataclass(slots=True)
class Transaction:
    """An open transaction: its connection and what it has touched so far."""

    connection: Connection
    touched: list[Change] = field(default_factory=list)

    def touch(self, kind: Kind, thing: str) -> None:
        self.touched.append(Change(kind, thing))


@dataclass(slots=True)
class _Write:
    work: Callable[[Transaction], Any]
    answer: asyncio.Future[Any]
    is_vital: bool
    """Whether it may use the last of the room that is held back."""


@dataclass(slots=True)
class _Outcome:
    write: _Write
    result: Any = None
    error: Exception | None = None
    touched: list[Change] = field(default_factory=list)

    def tell(self) -> None:
        if self.write.answer.done():
            return
        if self.error is not None:
            self.write.answer.set_exception(self.error)
        else:
            self.write.answer.set_result(self.result)


class Catalogue:
    """An open catalogue. ``read`` and ``write`` take a function of the queries next door."""

    def __init__(self, engine: Engine, ballast: Ballast, found: str | None) -> None:
        self.feed = Feed()
        self.ballast = ballast
        self.found = found
        """The schema that it had when it was opened; None when it was new."""
        self._held_told = ballast.held
        self._engine = engine
        self._is_closed = False
        self._loop = asyncio.get_running_loop()
        self._writes: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="catalogue-read")
        self._writer = threading.Thread(target=self._write_all, name="catalogue-write", daemon=True)
        self._writer.start()

    @classmethod
    async def open(
        cls, path: Path, *, patience: float = PATIENCE, look_again: float = LOOK_AGAIN
    ) -> Self:
        """Open or create the catalogue, and bring it to this program's schema.

        Raises:
            CatalogueNewerError: a newer program wrote it; nothing was changed.
            CatalogueCorruptError, CatalogueLockedError, CatalogueFullError: as their titles say.
            StorageError: the folder cannot be used.
        """
        engine, found = await asyncio.to_thread(_open_engine, path, patience)
        ballast = Ballast(ballast_of(path), look_again=look_again)
        await asyncio.to_thread(ballast.take)
        return cls(engine, ballast, found)

    @classmethod
    async def open_throwaway(cls, path: Path) -> Self:
        """The same of a copy, or of a new one that nobody keeps: no room is held back for it."""
        engine, found = await asyncio.to_thread(_open_engine, path, PATIENCE)
        return cls(engine, NoBallast(ballast_of(path)), found)

    @property
    def older(self) -> str | None:
        """The schema that it was brought here from; None when it was new or up to date."""
        return None if self.found == schema.NEWEST else self.found

    async def read(self, query: Callable[[Connection], T]) -> T:
        self._check_open()
        return await self._loop.run_in_executor(self._readers, self._read, query)

    async def write(self, work: Callable[[Transaction], T], *, vital: bool = False) -> T:
        """Do the work in a transaction; return its result once it is on disk.

        ``vital`` is what must not be forgotten: it may use all the room that is held back.
        """
        self._check_open()
        answer: asyncio.Future[T] = self._loop.create_future()
        self._writes.put(_Write(work, answer, vital))
        return await answer

    async def close(self) -> None:
        """Finish what was asked, and take nothing more."""
        self._is_closed = True
        self.feed.close()
        self._writes.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown(wait=True)
        self._engine.dispose()

    def _check_open(self) -> None:
        if self._is_closed:
            raise CatalogueError("It has been closed.", remedy="Open the studio again.")

    def _read(self, query: Callable[[Connection], T]) -> T:
        with translated(), self._engine.connect() as connection:
            return query(connection)

    def _write_all(self) -> None:
        while (first := self._next()) is not None:
            batch, is_last = self._batch(first)
            self._commit(batch)
            self._hold_back()
            if is_last:
                return

    def _next(self) -> _Write | None:
        """Wait for a write; on a full disk look now and then whether there is room again."""
        while True:
            try:
                timeout = None if self.ballast.is_whole else self.ballast.look_again
                return self._writes.get(timeout=timeout)
            except queue.Empty:
                self._hold_back()

    def _hold_back(self) -> None:
        self.ballast.take()
        if self.ballast.held == self._held_told:
            return
        self._held_told = self.ballast.held
        change = Change(Kind.NOTICE, ROOM_NOTICE)
        # A loop that has ended has nobody left to tell.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.feed.publish, [change])

    def _batch(self, first: _Write) -> tuple[list[_Write], bool]:
        batch = [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < MOST_IN_ONE_TRANSACTION:
                write = self._writes.get_nowait()
                if write is None:
                    return batch, True
                batch.append(write)
        return batch, False

    def _commit(self, batch: list[_Write]) -> None:
        """Commit all together; if the database refuses that, each by itself."""
        try:
            outcomes = self._with_ballast(batch)
        except CatalogueLockedError as error:
            # Whoever holds the lock holds it against each of them: they have waited together.
            self._tell([_Outcome(write, error=error) for write in batch])
            return
        # The edge of the writer thread: a failure belongs to those who wait for it.
        except Exception as error:  # noqa: BLE001
            if len(batch) == 1:
                self._tell([_Outcome(batch[0], error=error)])
                return
            for write in batch:
                self._commit([write])
            return
        self._tell(outcomes)

    def _with_ballast(self, batch: list[_Write]) -> list[_Outcome]:
        """On a full disk: give up a slice of what is held back, and do it again at once."""
        while True:
            try:
                return self._together(batch)
            except CatalogueFullError:
                # Of several, each by itself decides how much of it may be used.
                if len(batch) > 1 or not self.ballast.give(vital=batch[0].is_vital):
                    raise

    def _together(self, batch: list[_Write]) -> list[_Outcome]:
        with translated(), self._engine.execution_options(writes=True).begin() as connection:
            return [_attempt(connection, write) for write in batch]

    def _tell(self, outcomes: list[_Outcome]) -> None:
        def tell() -> None:
            self.feed.publish(change for outcome in outcomes for change in outcome.touched)
            for outcome in outcomes:
                outcome.tell()

        # A loop that has ended has nobody left to tell; what was written stays written.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(tell)


def _attempt(connection: Connection, write: _Write) -> _Outcome:
    transaction = Transaction(connection)
    try:
        with connection.begin_nested():
            result = write.work(transaction)
    except DBAPIError:
        # SQLite may have rolled back everything, not only this savepoint.
        raise
    # Also an edge: the others in the batch go on.
    except Exception as error:  # noqa: BLE001
        return _Outcome(write, error=error)
    return _Outcome(write, result=result, touched=transaction.touched)


def _open_engine(path: Path, patience: float) -> tuple[Engine, str | None]:
    # Made from its parts: in the text of an address, a ? in a folder's name would end the path.
    engine = create_engine(URL.create("sqlite", database=str(path)))

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        _prepare(connection, patience)

    event.listen(engine, "begin", _begin)
    try:
        sync_left_log(path)
        # Before anything is changed: a damaged or newer catalogue stays as it is.
        if integrity.is_worth_a_look(path):
            integrity.refuse_damage(path, patience)
        with translated():
            version = schema.check(engine)
            _write_ahead(engine)
            if version != schema.NEWEST:
                schema.upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine, version


def _prepare(connection: DBAPIConnection, patience: float) -> None:
    # The driver's own transactions begin too late for a savepoint; ours begin in _begin.
    connection.isolation_level = None
    # FULL in WAL mode: a commit is on disk when it returns. On macOS only with fullfsync; elsewhere
    # that changes nothing.
    _set(
        connection,
        f"busy_timeout={round(patience * 1000)}",
        "synchronous=FULL",
        "fullfsync=ON",
        "foreign_keys=ON",
    )


def _write_ahead(engine: Engine) -> None:
    """Readers and the writer do not wait for each other. The file remembers it."""
    connection = engine.raw_connection()
    try:
        _set(connection, "journal_mode=WAL")
    finally:
        connection.close()


def _set(connection: DBAPIConnection | PoolProxiedConnection, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
