"""Where an asset's bytes are: each move keeps what must not be lost, and drops what is over."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime
from typing import get_args

import pytest

from rushes.domain.media_reference import (
    ExpiredMedia,
    InMemory,
    InSpool,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
    ask_again,
    download_failed,
    expire,
    found,
    lose,
    relink,
    save,
    storage_failed,
)
from rushes.domain.problem import Failure, Problem

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
URL = "https://v3.fal.media/files/clip.mp4"
NETWORK = Failure(Problem("download_interrupted", "The download was cut off."), AT)
DISK = Failure(Problem("disk_full", "The disk is full."), AT, attempts=2)
SHA = "ab" * 32

URL_ONLY = UrlOnlyMedia(URL, LATER, NETWORK)
HELD = InSpool(12, SHA)
UNSAVED = UnsavedMedia(URL, DISK, LATER, held=HELD)
SAVED = SavedMedia("media/p/a.mp4", 12, SHA, URL)


@pytest.mark.parametrize("reference", [URL_ONLY, UNSAVED])
def test_saving_keeps_where_the_bytes_came_from_and_forgets_the_failure(reference):
    assert save(reference, path="media/p/a.mp4", size=12, sha256=SHA) == SAVED


def test_a_network_failure_never_becomes_a_storage_failure():
    assert download_failed(URL_ONLY, NETWORK) == UrlOnlyMedia(URL, LATER, NETWORK)


def test_what_has_to_be_downloaded_again_is_no_longer_called_unsaved():
    assert download_failed(UNSAVED, NETWORK) == UrlOnlyMedia(URL, LATER, NETWORK)


@pytest.mark.parametrize("held", [HELD, InMemory(12, SHA)])
@pytest.mark.parametrize("reference", [URL_ONLY, UNSAVED])
def test_a_storage_failure_keeps_the_address_its_expiry_and_the_bytes(reference, held):
    assert storage_failed(reference, DISK, held) == UnsavedMedia(URL, DISK, LATER, held=held)


@pytest.mark.parametrize("reference", [URL_ONLY, UNSAVED])
def test_without_bytes_a_storage_failure_is_kept_with_the_address(reference):
    assert storage_failed(reference, DISK, None) == UrlOnlyMedia(URL, LATER, DISK)


def test_nothing_is_unsaved_without_its_bytes():
    with pytest.raises(TypeError, match="held"):
        UnsavedMedia(URL, DISK)


@pytest.mark.parametrize("reference", [URL_ONLY, UNSAVED])
def test_what_the_provider_no_longer_has_keeps_its_address(reference):
    assert expire(reference, NETWORK) == ExpiredMedia(URL, NETWORK)


def test_a_file_that_left_the_disk_is_known_by_all_that_it_was():
    assert lose(SAVED, DISK) == MissingMedia("media/p/a.mp4", 12, SHA, URL, DISK)


@pytest.mark.parametrize(
    "reference", [ExpiredMedia(URL, NETWORK), MissingMedia("media/p/a.mp4", 12, SHA, URL, DISK)]
)
def test_a_relinked_asset_is_saved_with_the_new_file(reference):
    assert relink(reference, path="media/p/b.mp4", size=13, sha256="cd" * 32) == SavedMedia(
        "media/p/b.mp4", 13, "cd" * 32, URL
    )


def test_what_is_found_again_is_saved_as_it_was():
    assert found(MissingMedia("media/p/a.mp4", 12, SHA, URL, DISK)) == SAVED


def test_what_expired_and_is_asked_for_again_has_its_address_and_no_failure_yet():
    assert ask_again(ExpiredMedia(URL, NETWORK)) == UrlOnlyMedia(URL)


def test_every_state_has_a_name_of_its_own():
    names = {kind.state for kind in get_args(MediaReference)}
    assert names == {"saved", "url_only", "unsaved", "expired", "missing"}


@pytest.mark.parametrize("kind", [UnsavedMedia, ExpiredMedia, MissingMedia])
def test_a_state_in_which_something_went_wrong_cannot_be_made_without_saying_what(kind):
    given = {field.name: "x" for field in fields(kind) if field.name != "failure"}
    with pytest.raises(TypeError, match="failure"):
        kind(**given)


def test_a_reference_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        SAVED.path = "media/p/other.mp4"
