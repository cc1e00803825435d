"""A draft that fails goes on in the next place, with every byte that came; or says what it lost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rushes.domain.errors import (
    CatalogueFullError,
    ChecksumMismatchError,
    DiskFullError,
    MediaUnreadableError,
    ReadOnlyError,
    StorageError,
    StoreUnavailableError,
)
from rushes.domain.media_reference import InMemory, InSpool
from rushes.store.falling_draft import FallingDraft
from rushes.store.intake import Received
from rushes.store.memory import Memory

CLIP = [b"one ", b"two ", b"three"]
WHOLE = b"".join(CLIP)
RECEIVED = Received(len(WHOLE), hashlib.sha256(WHOLE).hexdigest())


@dataclass
class Disk:
    """A draft on a disk that takes so many bytes, and may damage or lose them."""

    room: int = 1000
    is_readable: bool = True
    damage: bytes = b""
    holds: bool = True
    content: bytes = b""
    events: list[str] = field(default_factory=list)
    local_path = Path("draft")

    def write(self, data: bytes) -> None:
        if len(self.content) + len(data) > self.room:
            raise DiskFullError("full")
        self.content += data

    def restart(self) -> None:
        self.content = b""

    def read(self, size: int) -> Iterator[bytes]:
        if not self.is_readable:
            raise MediaUnreadableError("unreadable")
        yield self.content[:size] + self.damage

    def publish(self, path: str) -> None:
        self.events.append("published")

    def hold(self, received: Received) -> InSpool:
        if not self.holds:
            raise StoreUnavailableError("no sync")
        self.events.append("held")
        return InSpool(received.size, received.sha256)

    def discard(self) -> None:
        self.events.append("discarded")


def opening(disk: Disk) -> Callable[[int], Disk]:
    return lambda _size: disk


def closed(error: StorageError) -> Callable[[int], Disk]:
    def refuse(_size: int) -> Disk:
        raise error

    return refuse


def fill(draft: FallingDraft) -> None:
    for piece in CLIP:
        draft.write(piece)


def test_what_the_store_takes_stays_in_the_store() -> None:
    store, spool = Disk(), Disk()
    draft = FallingDraft(opening(store), [opening(spool)], None)
    fill(draft)
    assert draft.in_store is store
    assert (store.content, spool.content) == (WHOLE, b"")


@pytest.mark.parametrize("room", [0, 4, 8, 12])
def test_a_store_that_fails_on_the_way_loses_nothing_that_came(room: int) -> None:
    store, spool = Disk(room), Disk()
    draft = FallingDraft(opening(store), [opening(spool)], None)
    fill(draft)
    assert draft.in_store is None
    assert draft.hold(RECEIVED) == InSpool(len(WHOLE), RECEIVED.sha256)
    assert spool.content == WHOLE
    assert "discarded" in store.events
    assert isinstance(draft.failure, DiskFullError)


@pytest.mark.parametrize("spool_room", [0, 4, 8, 12])
def test_when_the_spool_fails_too_memory_has_everything(spool_room: int) -> None:
    memory = Memory(room=len(WHOLE))
    places = [opening(Disk(spool_room)), lambda size: memory.draft("take", size)]
    draft = FallingDraft(opening(Disk(4)), places, None)
    fill(draft)
    held = draft.hold(RECEIVED)
    draft.discard()
    assert held == memory.find("take") == InMemory(len(WHOLE), RECEIVED.sha256)


def test_with_no_place_left_the_first_failure_is_the_one_that_is_told() -> None:
    draft = FallingDraft(opening(Disk(4)), [closed(ReadOnlyError("spool")), opening(Disk(8))], None)
    with pytest.raises(DiskFullError):
        fill(draft)


def test_a_store_that_cannot_begin_is_the_failure_that_is_told() -> None:
    with pytest.raises(ReadOnlyError, match="store"):
        FallingDraft(closed(ReadOnlyError("store")), [closed(DiskFullError("spool"))], None)


def test_a_catalogue_that_cannot_be_written_moves_the_clip_too() -> None:
    spool = Disk()
    draft = FallingDraft(opening(Disk()), [opening(spool)], None)
    fill(draft)
    draft.fall(CatalogueFullError("full"))
    assert spool.content == WHOLE
    assert isinstance(draft.failure, CatalogueFullError)


def test_what_cannot_be_read_back_has_to_come_again_into_the_next_place() -> None:
    store, spool = Disk(4, is_readable=False), Disk()
    draft = FallingDraft(opening(store), [opening(spool)], None)
    with pytest.raises(MediaUnreadableError):
        fill(draft)
    assert draft.begins_anew()
    assert not draft.begins_anew()
    fill(draft)
    draft.hold(RECEIVED)
    assert spool.content == WHOLE


def test_a_spool_that_keeps_other_bytes_than_it_was_given_is_not_believed() -> None:
    memory = Memory()
    draft = FallingDraft(
        closed(DiskFullError("store")),
        [opening(Disk(damage=b"!")), lambda size: memory.draft("take", size)],
        None,
    )
    fill(draft)
    with pytest.raises(ChecksumMismatchError):
        draft.hold(RECEIVED)
    assert draft.begins_anew()
    fill(draft)
    assert isinstance(draft.hold(RECEIVED), InMemory)


def test_a_spool_that_cannot_make_it_durable_hands_it_on() -> None:
    memory = Memory()
    spool = Disk(holds=False)
    places = [opening(spool), lambda size: memory.draft("take", size)]
    draft = FallingDraft(closed(DiskFullError("store")), places, None)
    fill(draft)
    assert isinstance(draft.hold(RECEIVED), InMemory)
    assert spool.events == ["discarded"]


def test_a_restart_forgets_what_came_in_whatever_place_it_is() -> None:
    spool = Disk()
    draft = FallingDraft(opening(Disk(4)), [opening(spool)], None)
    draft.write(b"lost")
    draft.write(b"more")
    draft.restart()
    fill(draft)
    draft.hold(RECEIVED)
    assert spool.content == WHOLE


def test_memory_never_takes_more_than_its_bound_and_gives_room_back() -> None:
    memory = Memory(room=10)
    first = memory.draft("a", 6)
    first.write(b"123456")
    with pytest.raises(DiskFullError) as refused:
        memory.draft("b", 5)
    assert refused.value.problem.facts == {"needed": 5, "free": 4}
    second = memory.draft("b", 0)
    with pytest.raises(DiskFullError):
        second.write(b"12345")
    first.discard()
    second.write(b"1234567890")
    second.hold(Received(10, "0" * 64))
    second.discard()
    with pytest.raises(DiskFullError):
        memory.draft("c", 1)
    memory.drop("b")
    memory.draft("c", 10)
