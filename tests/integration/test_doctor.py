"""The doctor on real libraries: what is broken for the test is what it finds, by code and by id."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from rushes.catalogue.ballast import SIZE
from rushes.doctor import disk_checks
from rushes.doctor.finding import Finding, Status
from rushes.doctor.guard import guarded
from rushes.doctor.provider_checks import check_provider
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    AssetNotFoundError,
    CatalogueMissingError,
    DiskFullError,
    LibraryInUseError,
)
from rushes.domain.media_reference import MissingMedia, SavedMedia
from rushes.domain.model_spec import ModelSpec
from rushes.examination import open_examination
from rushes.providers.provider import Greeting
from rushes.settings import Settings
from rushes.store.intake import Received
from rushes.store.spool import Spool
from rushes.studio import Studio, open_studio
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.integration.repairs import spoil_header, whole
from tests.integration.test_older_library import make_first_library
from tests.sample_media import make_clip
from tests.studios import QUICK, ask, settings_for, studio_for, take

FAST = {"resolution": "1080p"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "library"


@dataclass
class Shifted:
    """A clock that is wrong by some time."""

    by: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


async def codes(studio: Studio, *, thorough: bool = False) -> dict[str, Finding]:
    """What is not in order, by its code."""
    found = await studio.doctor.examine(thorough=thorough)
    return {one.code: one for one in found if one.status is not Status.OK}


async def import_clip(studio: Studio, folder: Path) -> Asset:
    clip = make_clip(folder / "shot.mp4")
    [(project, _)] = await studio.projects.list_all()

    async def pieces() -> AsyncIterator[bytes]:
        yield clip.read_bytes()

    return await studio.imports.add(project.id, clip.name, pieces())


def file_of(studio: Studio, asset: Asset) -> Path:
    assert isinstance(asset.media, SavedMedia)
    return studio.store.local_path(asset.media.path)


async def test_a_library_in_which_all_is_well_has_nothing_but_good_findings(
    home: Path, fal: FalEmulator, tmp_path: Path
) -> None:
    async with studio_for(home, fal) as studio:
        await take(studio, ask("a heron", **FAST))
        await import_clip(studio, tmp_path)
        await studio.records.write_owed()
        assert await codes(studio) == {}
        assert await codes(studio, thorough=True) == {}
        reading = await studio.doctor.read_again("")
    assert (reading.files, reading.files_in_all, reading.findings) == (2, 2, [])
    assert reading.cursor is None


# --- the provider ---------------------------------------------------------------------------------


async def test_the_provider_is_asked_for_free_and_nothing_is_ever_submitted(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        found = {one.code for one in await studio.doctor.examine()}
    assert {"provider_ready", "clock_right"} <= found
    assert fal.ledger == []
    assert fal.seen
    assert {one.method for one in fal.seen} == {"GET"}


async def test_no_key_a_refused_key_and_no_connection_are_told_apart(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal, fal_key=None) as studio:
        found = await codes(studio)
        assert found["provider_key_missing"].status is Status.WARNING
    assert fal.seen == []  # without a key there is nothing to ask
    async with studio_for(home, fal, fal_key=SecretStr("some:otherkey")) as studio:
        found = await codes(studio)
        assert found["provider_key_refused"].status is Status.PROBLEM
        assert "otherkey" not in str(found)
    nowhere = "http://127.0.0.1:9"
    changes = {"fal_queue_url": nowhere, "fal_platform_url": nowhere}
    async with studio_for(home, fal, **changes) as studio:
        found = await codes(studio)
        assert found["provider_unreachable"].status is Status.PROBLEM
    # A platform that answers beside a queue that does not is no good either.
    async with studio_for(home, fal, fal_queue_url=nowhere) as studio:
        assert "provider_unreachable" in await codes(studio)


async def test_a_provider_that_never_answers_is_given_up_in_time() -> None:
    [finding] = await check_provider(Silent(), Shifted(timedelta(0)), patience=0.01)
    assert (finding.code, finding.status) == ("provider_silent", Status.PROBLEM)


class Silent:
    """A provider that takes a question and says nothing."""

    id = "silent"
    models: tuple[ModelSpec, ...] = ()

    async def greet(self) -> Greeting | None:
        await asyncio.Event().wait()
        return None


@pytest.mark.parametrize(
    ("by", "status"), [(300, Status.WARNING), (-300, Status.WARNING), (86_400, Status.PROBLEM)]
)
async def test_a_clock_that_is_wrong_is_noticed_by_the_providers_own(
    home: Path, fal: FalEmulator, by: int, status: Status
) -> None:
    clock = Shifted(timedelta(seconds=by))
    async with open_studio(settings_for(home, fal), clock=clock) as studio:
        found = await codes(studio)
    assert found["clock_wrong"].status is status
    assert ("ahead of" if by > 0 else "behind") in found["clock_wrong"].message


async def test_a_clock_that_went_back_is_noticed_by_the_librarys_own_rows(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        await take(studio, ask("a heron", **FAST))
    earlier = Shifted(timedelta(days=-1))
    async with open_studio(settings_for(home, fal), clock=earlier) as studio:
        assert "clock_went_back" in await codes(studio)


# --- the disks ------------------------------------------------------------------------------------


async def test_a_disk_that_is_nearly_full_is_said(tmp_path: Path, fal: FalEmulator) -> None:
    with small_disk(tmp_path / "disk", "64m") as disk:
        async with studio_for(disk / "library", fal) as studio:
            found = await codes(studio)
    assert found["disk_room_low"].status is Status.WARNING
    assert str(disk) in found["disk_room_low"].message


async def test_a_store_that_cannot_be_written_to_is_a_problem_and_fails_no_other_check(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        (home / "media").write_text("in the way")
        found = await studio.doctor.examine()
    wrong = {one.check for one in found if one.status is Status.PROBLEM}
    assert {"store", "disk"} <= wrong
    assert {"versions", "catalogue", "generations", "settings"} <= {one.check for one in found}


async def test_the_spool_of_another_user_is_said(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", tmp_path / "library")
    assert [one.code for one in disk_checks.check_spool(spool)] == ["spool_usable"]
    assert not spool.folder.exists()
    spool.folder.mkdir(parents=True)
    spool.folder.chmod(0o777)
    [finding] = disk_checks.check_spool(spool)
    assert (finding.code, finding.status) == ("spool_unusable", Status.WARNING)
    assert "RUSHES_SPOOL" in finding.remedy


async def test_a_clip_in_the_spool_that_nobody_knows_is_said_and_stays(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        draft = studio.held.spool.draft("0" * 32, 4)
        draft.write(b"clip")
        draft.hold(Received(4, "a" * 64))
        [(_, file)] = studio.held.spool.clips()
        found = (await codes(studio))["spool_unknown"]
    assert found.paths == (str(file),)
    assert file.exists()


async def test_looking_leaves_nothing_behind(home: Path, fal: FalEmulator) -> None:
    async with studio_for(home, fal) as studio:
        await asyncio.gather(*(studio.doctor.examine() for _ in range(5)))
        assert list(home.rglob("*.part")) == []


async def test_ballast_that_was_given_up_is_said(home: Path, fal: FalEmulator) -> None:
    async with studio_for(home, fal) as studio:
        assert studio.catalogue.ballast.give(vital=True)
        found = await codes(studio)
    assert f"{SIZE / 1e6:.1f} MB" in found["ballast_short"].message


# --- the record and the files ---------------------------------------------------------------------


async def test_every_media_state_and_unconfirmed_generations_come_with_their_ids(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        lost, _ = await take(studio, ask("lost [fault:submit-reply-lost][fault:list-empty]"))
        expired, gone = await take(studio, ask("gone [fault:media-404]"))
        assert gone is not None
        found = await codes(studio)
    assert found["generations_unconfirmed"].ids == (lost.id,)
    assert found["media_expired"].ids == (gone.id,)
    assert gone.id in found["media_expired"].message
    assert expired.id not in str(found["media_expired"])


async def test_what_lies_in_the_folder_and_what_is_listed_are_compared_by_name(
    home: Path, fal: FalEmulator, tmp_path: Path
) -> None:
    async with studio_for(home, fal) as studio:
        _, first = await take(studio, ask("a heron", **FAST))
        second = await import_clip(studio, tmp_path)
        assert first is not None
        await studio.records.write_owed()
        file_of(studio, first).unlink()
        Path(f"{file_of(studio, second)}.json").unlink()
        (home / "media" / "stranger.mp4").write_bytes(b"whatever")
        left = home / "media" / ".abc.part"
        left.write_bytes(b"begun")
        os.utime(left, (0, 0))
        (studio.posters / f"{second.id}.jpg").unlink()
        found = await codes(studio)
        all_found = {one.code: one for one in await studio.doctor.examine()}
    assert found["files_gone"].ids == (first.id,)
    assert found["sidecars_missing"].ids == (second.id,)
    assert found["files_unknown"].paths == ("media/stranger.mp4",)
    assert found["files_left_behind"].paths == ("media/.abc.part",)
    assert all_found["posters_missing"].ids == (second.id,)
    assert "posters_missing" not in found


async def test_a_draft_that_is_being_written_is_not_called_left_behind(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        draft = studio.store.draft("take", "media")
        os.utime(draft.local_path, (0, 0))
        assert "files_left_behind" not in await codes(studio)
        draft.discard()


async def test_a_file_that_was_changed_in_its_place_is_found_by_reading_it(
    home: Path, fal: FalEmulator, tmp_path: Path
) -> None:
    async with studio_for(home, fal) as studio:
        whole = [await import_clip(studio, tmp_path) for _ in range(3)]
        file = file_of(studio, whole[1])
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.write_bytes(data)
        file_of(studio, whole[2]).unlink()
        assert "file_changed" not in await codes(studio)
        findings, cursor = [], ""
        while True:
            reading = await studio.doctor.read_again(cursor)
            findings += reading.findings
            if reading.cursor is None:
                break
            cursor = reading.cursor
    assert {one.code: one.ids for one in findings} == {
        "file_changed": (whole[1].id,),
        "file_gone": (whole[2].id,),
    }


async def test_a_catalogue_whose_rows_do_not_fit_together_is_a_problem_at_a_thorough_look(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        await take(studio, ask("a heron", **FAST))
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as other, other:
        other.execute("UPDATE generations SET project_id = 'nobody'")
    async with open_studio(settings_for(home, fal)) as studio:
        assert "catalogue_corrupt" not in await codes(studio)
        found = await codes(studio, thorough=True)
    assert found["catalogue_corrupt"].status is Status.PROBLEM
    assert "generations" in found["catalogue_corrupt"].message
    assert "rushes repair --rebuild" in found["catalogue_corrupt"].remedy


async def test_what_has_not_moved_for_long_and_what_nobody_works_on_is_named(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        [planned] = await studio.pipeline.generate(
            project.id, ask("a heron [fault:stuck-in-queue]", **FAST)
        )
        while (await studio.generations.get(planned.id)).state.name != "queued":
            await asyncio.sleep(0.02)
        assert not {"generations_stalled", "generations_resting"} & set(await codes(studio))
    later = Shifted(timedelta(hours=5))
    async with open_studio(settings_for(home, fal), clock=later, pace=QUICK) as studio:
        found = await codes(studio)
        assert found["generations_resting"].ids == (planned.id,)
        assert found["generations_stalled"].ids == (planned.id,)
        explained = await studio.doctor.explain(planned.id)
        assert {"generation_rests", "generation_stalled"} <= {
            one.code for one in explained.findings
        }
        await studio.pipeline.resume()
        assert "generations_resting" not in await codes(studio)


async def test_settings_are_told_with_where_they_were_set_and_the_key_never(
    home: Path, fal: FalEmulator
) -> None:
    key = SecretStr("somebody-s-id:0123456789abcdef")
    async with studio_for(home, fal, fal_key=key) as studio:
        found = await studio.doctor.examine()
    settings = [one.message for one in found if one.check == "settings"]
    assert len(settings) == len(Settings.model_fields)
    assert any(one.startswith("FAL_KEY = set (") for one in settings)
    assert not any(part in str(found) for part in key.get_secret_value().split(":"))


# --- checks that fail -----------------------------------------------------------------------------


async def test_whatever_becomes_of_a_check_is_a_finding() -> None:
    async def full() -> list[Finding]:
        raise DiskFullError("No room.")

    async def broken() -> list[Finding]:
        raise ZeroDivisionError

    async def impatient() -> list[Finding]:
        raise TimeoutError

    async def endless() -> list[Finding]:
        await asyncio.Event().wait()
        return []

    outcomes = {
        check.__name__: (await guarded("x", check, 0.01))[0]
        for check in (full, broken, impatient, endless)
    }
    assert {name: (one.code, one.status) for name, one in outcomes.items()} == {
        "full": ("disk_full", Status.PROBLEM),
        "broken": ("check_failed", Status.UNKNOWN),
        "impatient": ("check_failed", Status.UNKNOWN),
        "endless": ("check_unfinished", Status.UNKNOWN),
    }


# --- one thing ------------------------------------------------------------------------------------


async def told(studio: Studio, thing: str) -> set[str]:
    return {one.code for one in (await studio.doctor.explain(thing)).findings}


async def test_a_saved_clip_is_listed_playable_and_exactly_what_was_saved(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        made, asset = await take(studio, ask("a heron", **FAST))
        assert asset is not None
        for thing in (asset.id, made.id):
            found = await studio.doctor.explain(thing)
            assert (found.is_listed, found.is_here) == (True, True)
            assert {one.status for one in found.findings} == {Status.OK}
            assert {"source_local", "codecs_played"} <= await told(studio, thing)
            assert found.steps[-1].name == "saved"
        file_of(studio, asset).write_bytes(b"another film")
        found = await studio.doctor.explain(asset.id)
        assert (found.is_here, "file_changed" in await told(studio, asset.id)) == (False, True)


async def test_what_hides_a_clip_from_every_list_is_said(home: Path, fal: FalEmulator) -> None:
    async with studio_for(home, fal) as studio:
        _, asset = await take(studio, ask("a heron", **FAST))
        assert asset is not None
        await studio.assets.change(asset.id, trashed=True)
        assert not (await studio.doctor.explain(asset.id)).is_listed
        assert "asset_trashed" in await told(studio, asset.id)
        await studio.assets.change(asset.id, trashed=False)
        await studio.projects.change(asset.project_id, trashed=True)
        assert not (await studio.doctor.explain(asset.id)).is_listed
        assert "project_trashed" in await told(studio, asset.id)


async def test_a_clip_that_has_left_the_disk_is_told_with_what_would_bring_it_back(
    home: Path, fal: FalEmulator, tmp_path: Path
) -> None:
    async with studio_for(home, fal) as studio:
        asset = await import_clip(studio, tmp_path)
        file = file_of(studio, asset)
        shutil.move(file, tmp_path / "elsewhere.mp4")
        assert "file_gone" in await told(studio, asset.id)
        await studio.assets.note_missing(asset.id)
        assert isinstance((await studio.assets.get(asset.id)).media, MissingMedia)
        found = {one.code: one for one in (await studio.doctor.explain(asset.id)).findings}
        assert {"media_missing", "media_not_here", "source_none"} <= set(found)
        assert "rushes relink" in found["media_missing"].remedy
        shutil.move(tmp_path / "elsewhere.mp4", file)
        found = {one.code: one for one in (await studio.doctor.explain(asset.id)).findings}
        assert "rushes repair --apply" in found["media_missing"].remedy


async def test_a_file_that_was_never_measured_is_to_be_imported_and_not_relinked(
    home: Path, fal: FalEmulator, tmp_path: Path
) -> None:
    async with studio_for(home, fal) as studio:
        asset = await import_clip(studio, tmp_path)
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as catalogue:
        catalogue.execute("UPDATE assets SET container = NULL, content_type = NULL")
        catalogue.commit()
    async with studio_for(home, fal) as studio:
        findings = (await studio.doctor.explain(asset.id)).findings
        [unknown] = [one for one in findings if one.code == "facts_unknown"]
        assert "rushes import" in unknown.remedy
        assert "relink" not in unknown.remedy


async def test_a_generation_without_a_clip_says_what_became_of_it(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        refused, _ = await take(studio, ask("no [fault:result-422-content]"))
        lost, _ = await take(studio, ask("lost [fault:submit-reply-lost][fault:list-empty]"))
        expired, asset = await take(studio, ask("gone [fault:media-404]"))
        assert asset is not None
        assert "generation_failed" in await told(studio, refused.id)
        assert {"generation_unconfirmed", "provider_outcome_unknown"} <= await told(studio, lost.id)
        assert "media_expired" in await told(studio, expired.id)
        assert await told(studio, asset.id) == await told(studio, expired.id)


async def test_an_id_that_nobody_has_is_refused(home: Path, fal: FalEmulator) -> None:
    async with studio_for(home, fal) as studio:
        with pytest.raises(AssetNotFoundError):
            await studio.doctor.explain("nobody")


# --- where no studio is open ----------------------------------------------------------------------


def files_in(*folders: Path) -> dict[str, tuple[str, int]]:
    """What each file holds and when it was written. Of folders only that they are there: a file is
    written into the media folder, and taken away again.
    """
    return {
        f"{folder}/{name}": (held, written if held else 0)
        for folder in folders
        for name, (held, written) in whole(folder).items()
    }


async def seen(home: Path, fal: FalEmulator) -> dict[str, Finding]:
    async with open_examination(settings_for(home, fal)) as found:
        return {one.code: one for one in await found.examiner.examine()}


async def test_where_there_is_no_library_that_is_found_and_none_is_made(
    home: Path, fal: FalEmulator, tmp_path: Path
) -> None:
    async with open_examination(settings_for(home, fal)) as found:
        first, *others = await found.examiner.examine()
        reading = await found.examiner.read_again("")
        with pytest.raises(CatalogueMissingError):
            await found.examiner.explain("a")
    assert (first.code, first.status) == ("catalogue_missing", Status.PROBLEM)
    assert "connect" in first.remedy
    assert {"versions", "provider_ready", "setting"} <= {one.code for one in others}
    assert [one.status for one in reading.findings] == [Status.UNKNOWN]
    assert list(tmp_path.iterdir()) == []


async def test_an_empty_folder_where_a_disk_should_be_is_no_library(
    home: Path, fal: FalEmulator
) -> None:
    home.mkdir()
    assert "catalogue_missing" in await seen(home, fal)
    assert list(home.iterdir()) == []


async def test_looking_at_a_library_that_nobody_has_open_leaves_everything_as_it_was(
    home: Path, fal: FalEmulator, tmp_path: Path
) -> None:
    async with studio_for(home, fal) as studio:
        _, asset = await take(studio, ask("a heron", **FAST))
        assert asset is not None
        await import_clip(studio, tmp_path)
        await studio.records.write_owed()
        spool = studio.held.spool.folder
    for left in (home / "media/.abc.part", home / "cache/proxies/.x.part", spool / "clips/x-1"):
        left.parent.mkdir(parents=True, exist_ok=True)
        left.write_bytes(b"left behind")
    spool.chmod(0o700)
    (home / "access-token").unlink()
    before = files_in(home, spool)
    async with (
        open_examination(settings_for(home, fal)) as found,
        open_examination(settings_for(home, fal)),
    ):
        wrong = [one for one in await found.examiner.examine() if one.status is not Status.OK]
        about = {one.code for one in (await found.examiner.explain(asset.id)).findings}
        reading = await found.examiner.read_again("")
        # Nobody may work on it meanwhile: what was seen would not be what is there.
        with pytest.raises(LibraryInUseError):
            async with studio_for(home, fal):
                pass
    assert [one.code for one in wrong] == ["spool_unknown"]
    assert {"file_as_saved", "source_local", "codecs_played"} <= about
    assert (reading.files, reading.findings) == (2, [])
    assert files_in(home, spool) == before


async def test_a_catalogue_of_an_older_rushes_is_looked_at_and_not_brought_to_this_one(
    home: Path, fal: FalEmulator
) -> None:
    home.mkdir()
    make_first_library(home / "catalogue.sqlite")
    before = whole(home)
    found = await seen(home, fal)
    assert {"catalogue_older", "catalogue_sound", "store_not_begun"} <= set(found)
    assert whole(home) == before


async def test_a_damaged_catalogue_is_found_beside_all_that_can_be_looked_at_without_it(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal):
        pass
    spoil_header(home / "catalogue.sqlite")
    before = whole(home)
    found = await seen(home, fal)
    assert found["catalogue_corrupt"].status is Status.PROBLEM
    assert "rushes repair --rebuild" in found["catalogue_corrupt"].remedy
    assert "provider_ready" in found
    assert whole(home) == before


async def test_a_library_that_somebody_works_on_is_not_looked_at_behind_their_back(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal):
        with pytest.raises(LibraryInUseError):
            await seen(home, fal)
