"""What every media store promises. A store's own test file subclasses this and gives a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.domain.errors import ConflictError, DiskFullError, IllegalNameError, StorageError
from rushes.store.store import MediaStore

CLIP = "media/Teaser/AI-Video-ltx-2.3-fast-1763445184989.mp4"
FOLDER = "media/Teaser"
MORE_THAN_ANY_DISK = 2**60

OUTSIDE = [
    "../secret",
    "media/../../secret",
    "/etc/passwd",
    "media/..",
    "",
    ".",
    "C:/windows",
    "media\\..\\..\\secret",
    "media/nul\0byte",
]


class StoreContract:
    @pytest.fixture
    def store(self) -> MediaStore:
        raise NotImplementedError("the subclass gives a store")

    def test_a_file_with_its_name_can_be_made_durable_again(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"bytes")
        draft.publish(CLIP)
        store.make_durable(CLIP)
        assert store.local_path(CLIP).read_bytes() == b"bytes"

    def test_a_file_that_is_not_there_cannot_be_made_durable(self, store: MediaStore) -> None:
        with pytest.raises(StorageError):
            store.make_durable(CLIP)

    def test_a_published_draft_is_there_under_its_name(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"first ")
        draft.write(b"second")
        draft.publish(CLIP)
        assert store.local_path(CLIP).read_bytes() == b"first second"

    def test_nobody_sees_a_draft_under_its_name_before_it_is_published(
        self, store: MediaStore
    ) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"bytes")
        assert not store.exists(CLIP)
        draft.publish(CLIP)
        assert store.exists(CLIP)

    def test_a_draft_can_be_read_while_it_is_written(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"bytes")
        assert draft.local_path.read_bytes() == b"bytes"
        draft.discard()

    def test_nothing_but_the_file_stays_after_publishing(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"bytes")
        draft.publish(CLIP)
        folder = store.local_path(FOLDER)
        assert [file.name for file in folder.iterdir()] == [Path(CLIP).name]

    def test_a_file_that_is_there_is_never_replaced(self, store: MediaStore) -> None:
        first, second = store.draft("a", FOLDER), store.draft("b", FOLDER)
        first.write(b"first")
        second.write(b"second")
        first.publish(CLIP)
        with pytest.raises(ConflictError):
            second.publish(CLIP)
        assert store.local_path(CLIP).read_bytes() == b"first"
        second.publish(CLIP + ".2")
        assert store.local_path(CLIP + ".2").read_bytes() == b"second"

    def test_a_restarted_draft_has_only_what_came_afterwards(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"a long beginning")
        draft.restart()
        draft.write(b"short")
        draft.publish(CLIP)
        assert store.local_path(CLIP).read_bytes() == b"short"

    def test_a_discarded_draft_leaves_nothing(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"bytes")
        draft.discard()
        draft.discard()
        assert list(store.local_path(FOLDER).iterdir()) == []

    def test_discarding_after_publishing_leaves_the_file(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"bytes")
        draft.publish(CLIP)
        draft.discard()
        assert store.local_path(CLIP).read_bytes() == b"bytes"

    def test_a_key_is_free_again_once_its_draft_has_ended(self, store: MediaStore) -> None:
        store.draft("take-1", FOLDER).discard()
        draft = store.draft("take-1", FOLDER)
        draft.write(b"again")
        draft.publish(CLIP)
        assert store.local_path(CLIP).read_bytes() == b"again"

    def test_a_draft_that_is_being_written_is_not_thrown_away(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        draft.write(b"bytes")
        with pytest.raises(ConflictError):
            store.draft("take-1", FOLDER)
        assert store.sweep() == 0
        draft.publish(CLIP)
        assert store.local_path(CLIP).read_bytes() == b"bytes"

    def test_too_little_room_is_told_with_its_figures(self, store: MediaStore) -> None:
        with pytest.raises(DiskFullError) as caught:
            store.check_room(MORE_THAN_ANY_DISK, FOLDER)
        facts = caught.value.problem.facts
        assert isinstance(facts["needed"], int)
        assert facts["needed"] >= MORE_THAN_ANY_DISK
        assert isinstance(facts["free"], int)
        assert "GB are needed" in caught.value.problem.detail

    def test_enough_room_is_no_error(self, store: MediaStore) -> None:
        store.check_room(1, FOLDER)

    @pytest.mark.parametrize("path", OUTSIDE)
    def test_no_path_leads_out_of_the_library(self, store: MediaStore, path: str) -> None:
        with pytest.raises(IllegalNameError):
            store.local_path(path)

    def test_a_draft_is_not_published_outside_the_library(self, store: MediaStore) -> None:
        draft = store.draft("take-1", FOLDER)
        with pytest.raises(IllegalNameError):
            draft.publish("../clip.mp4")
        draft.discard()

    @pytest.mark.parametrize("key", ["", "a/b", "..", ".hidden", "a\0b", "a\n"])
    def test_a_key_cannot_name_another_place(self, store: MediaStore, key: str) -> None:
        with pytest.raises(IllegalNameError):
            store.draft(key, FOLDER)
