"""A draft never outlives the work that it was made for, whenever that is cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from rushes.domain.errors import StorageError
from rushes.store.local_store import LocalDraft, LocalStore
from rushes.store.open_draft import open_draft


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path, reserve=0)


async def test_what_is_published_stays_and_what_is_not_is_gone(store: LocalStore):
    for key in ("kept", "not-kept"):
        async with open_draft(partial(store.draft, key, "media")) as draft:
            draft.write(b"bytes")
            if key == "kept":
                draft.publish("media/kept.mp4")
    assert store.exists("media/kept.mp4")
    assert store.drafts() == []


async def test_a_draft_that_is_being_made_when_one_cancels_is_not_left_behind(store: LocalStore):
    begun, go_on = threading.Event(), threading.Event()

    def make() -> LocalDraft:
        begun.set()
        go_on.wait()
        return store.draft("late", "media")

    task = asyncio.create_task(_use(make))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert store.drafts() == []
    # Nobody holds its key.
    store.draft("late", "media").discard()


async def test_a_draft_that_cannot_be_made_is_told(store: LocalStore):
    (store.home / "media").write_text("a file in the place of the folder")
    with pytest.raises(StorageError):
        await _use(partial(store.draft, "none", "media"))


async def _use(make: Callable[[], LocalDraft]) -> None:
    async with open_draft(make):
        await asyncio.Event().wait()
