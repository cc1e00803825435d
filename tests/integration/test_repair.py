"""`rushes repair` on real libraries: the damaged is set aside and made again from the folder."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rushes.catalogue.lock import LibraryLock
from rushes.doctor.mend import MendKind, Plan
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    CatalogueCorruptError,
    CatalogueNewerError,
    ConflictError,
    LibraryInUseError,
)
from rushes.domain.generation import Generation
from rushes.domain.media_reference import MissingMedia, SavedMedia
from rushes.domain.project import Keep
from rushes.studio import CATALOGUE, Studio
from tests.emulator import FalEmulator
from tests.integration.repairs import (
    Lists,
    before,
    delete_catalogue,
    files_of,
    filled,
    home,
    kinds,
    lists,
    look,
    mend,
    shop_for,
    spoil_header,
    truncate,
    whole,
    zero_a_page,
)
from tests.integration.test_older_library import make_first_library
from tests.sample_media import make_clip
from tests.studios import ask, studio_for, take

__all__ = ["before", "filled", "home"]


async def test_a_library_is_the_same_after_its_catalogue_was_deleted_and_rebuilt(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    files = files_of(home)
    delete_catalogue(home)
    outcomes = await mend(home, fal, rebuild=True)
    assert [one.problem for one in outcomes] == [None] * len(before[1])
    async with studio_for(home, fal) as studio:
        after = await lists(studio)
    assert after == before
    assert files_of(home) == files
    assert not fal.ledger


@pytest.mark.parametrize("damage", [zero_a_page, truncate, spoil_header])
async def test_a_torn_catalogue_is_told_at_start_set_aside_whole_and_rebuilt(
    home: Path, fal: FalEmulator, damage: Callable[[Path], None], before: Lists
) -> None:
    damage(home / "catalogue.sqlite")
    torn = (home / "catalogue.sqlite").read_bytes()
    with pytest.raises(CatalogueCorruptError) as told:
        async with studio_for(home, fal):
            pass
    assert "rushes repair --rebuild" in told.value.problem.remedy
    assert (home / "catalogue.sqlite").read_bytes() == torn

    seen = await look(home, fal, rebuild=True)
    assert kinds(seen) == [MendKind.LIST_AGAIN] * len(before[1])
    assert (home / "catalogue.sqlite").read_bytes() == torn

    outcomes = await mend(home, fal, rebuild=True)
    assert [one.problem for one in outcomes] == [None] * len(before[1])
    [aside] = home.glob("catalogue.corrupt-*.sqlite")
    assert aside.read_bytes() == torn
    async with studio_for(home, fal) as studio:
        assert await lists(studio) == before


async def test_what_belongs_to_a_damaged_catalogue_goes_aside_with_it(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    spoil_header(home / "catalogue.sqlite")
    (home / "catalogue.sqlite-wal").write_bytes(b"log")
    await mend(home, fal, rebuild=True)
    aside = {path.name.partition(".sqlite")[2]: path for path in home.glob("catalogue.corrupt-*")}
    assert set(aside) >= {"", "-wal"}
    assert aside["-wal"].read_bytes() == b"log"


def tear_index(home: Path, index: str = "ix_assets_listing") -> None:
    """Damage the catalogue where no row lies."""
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as other:
        (page,) = other.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (index,)
        ).fetchone()
    with (home / "catalogue.sqlite").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))


async def _until_sent(studio: Studio, generation_id: str) -> Generation:
    while (found := await studio.generations.get(generation_id)).ticket is None:
        await asyncio.sleep(0.02)
    return found


async def test_what_has_no_file_is_listed_again_from_the_damaged_catalogue(
    home: Path, fal: FalEmulator
) -> None:
    async with studio_for(home, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        _, gone = await take(studio, ask("deleted"))
        assert gone is not None
        await studio.assets.change(gone.id, trashed=True)
        await studio.trash.empty()
        await take(studio, ask("saved"))
        await take(studio, ask("refused [fault:result-422-content]"))
        await take(studio, ask("expired [fault:media-410]"))
        empty = await studio.projects.create("Nothing in it")
        links = await studio.projects.create("Links")
        await studio.projects.change(links.id, keep=Keep.LINKS)
        await studio.pipeline.generate(links.id, ask("a link"))
        await studio.pipeline.until_quiet()
        [stuck] = await studio.pipeline.generate(project.id, ask("stuck [fault:stuck-in-queue]"))
        await _until_sent(studio, stuck.id)
        before = {one.id: one for one in (await studio.generations.list_newest()).items}
    tear_index(home)
    assert all(outcome.problem is None for outcome in await mend(home, fal, rebuild=True))
    async with studio_for(home, fal) as studio:
        after = {one.id: one for one in (await studio.generations.list_newest()).items}
        assert set(after) == set(before)
        for one in before.values():
            again = after[one.id]
            assert again.ticket == one.ticket
            assert again.is_ended == one.is_ended
            assert not one.is_ended or again.state == one.state
            assert (again.asset_id, again.steps[: len(one.steps)]) == (one.asset_id, one.steps)
        listed = {one.id for one, _ in await studio.projects.list_all()}
        assert listed == {project.id, empty.id, links.id}
        [link] = [one for one in after.values() if one.request.prompt == "a link"]
        [recovered] = await studio.pipeline.recovery.download([str(link.asset_id)])
        assert isinstance(recovered.asset.media, SavedMedia)
    assert len(fal.ledger) == len(before)


async def test_what_a_damaged_catalogue_calls_planned_is_looked_up_and_never_sent(
    home: Path, fal: FalEmulator
) -> None:
    """The damage may have taken the newest rows: it may have been sent after all."""
    async with studio_for(home, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        [planned] = await studio.pipeline.generate(project.id, ask("a heron"))
        await studio.pipeline.until_quiet()
        asset_id = (await studio.generations.get(planned.id)).asset_id
    shutil.rmtree(home / "media")
    (home / "requests.jsonl").unlink()
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as other, other:
        other.execute("DELETE FROM assets WHERE id = ?", (asset_id,))
        other.execute(
            "UPDATE generations SET state = 'planned', request_id = NULL, links = '{}',"
            " document = NULL, save_path = NULL, save_sha256 = NULL"
        )
    tear_index(home)
    await mend(home, fal, rebuild=True)
    async with studio_for(home, fal, submit_timeout=1) as studio:
        async with asyncio.timeout(30):
            await studio.pipeline.until_quiet()
        found = await studio.generations.get(planned.id)
        assert found.state.name == "done"
        assert [step.name for step in found.steps if step.name == "found"] == ["found"]
    assert len(fal.ledger) == 1


@pytest.mark.parametrize("damage", [delete_catalogue, lambda home: spoil_header(home / CATALOGUE)])
async def test_a_request_that_no_catalogue_knows_any_more_is_listed_again_and_not_sent_again(
    home: Path, fal: FalEmulator, damage: Callable[[Path], None]
) -> None:
    async with studio_for(home, fal) as studio:
        _, gone = await take(studio, ask("deleted"))
        assert gone is not None
        await studio.assets.change(gone.id, trashed=True)
        await studio.trash.empty()
        await take(studio, ask("turned away [fault:submit-422]"))
        await take(studio, ask("saved"))
        [(project, _)] = await studio.projects.list_all()
        [found] = await studio.pipeline.generate(project.id, ask("on its way [fault:media-slow]"))
        [lost] = await studio.pipeline.generate(project.id, ask("lost [fault:submit-reply-lost]"))
        await _until_sent(studio, found.id)
        while (await studio.generations.get(lost.id)).state.name in {"planned", "submitting"}:
            await asyncio.sleep(0.01)
    damage(home)
    with (home / "requests.jsonl").open("ab") as journal:
        journal.write(b'{"event": "asked", "at": "20')  # as a power cut leaves it
    await mend(home, fal, rebuild=True)
    async with studio_for(home, fal, submit_timeout=1) as studio:
        async with asyncio.timeout(30):
            await studio.pipeline.until_quiet()
        listed = {one.request.prompt: one for one in (await studio.generations.list_newest()).items}
        assert sorted(listed) == [
            "lost [fault:submit-reply-lost]",
            "on its way [fault:media-slow]",
            "saved",
        ]
        assert {one.state.name for one in listed.values()} == {"done"}
        assert {one.id for one in listed.values()} >= {found.id, lost.id}
        await take(studio, ask("after the torn line"))
    sent = [json.loads(line) for line in _whole_lines(home / "requests.jsonl")]
    assert [one["event"] for one in sent[-2:]] == ["asked", "accepted"]
    assert len(fal.ledger) == 5
    assert kinds(await look(home, fal)) == []


def _whole_lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().split(b"\n") if line.endswith(b"}")]


async def test_rows_that_lie_on_a_torn_page_take_no_others_along(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    async with studio_for(home, fal) as studio:
        [project, *_] = await studio.projects.list_all()
        for number in range(30):
            await studio.pipeline.generate(
                project[0].id, ask(f"bird {number} [fault:stuck-in-queue]" + "x" * 500)
            )
        sent = [one.id for one in (await studio.generations.list_newest()).items]
        for one in sent:
            await _until_sent(studio, one)
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as other:
        leaf = other.execute(
            "SELECT pageno FROM dbstat WHERE name = 'generations' AND pagetype = 'leaf'"
        ).fetchall()[3][0]
    with (home / "catalogue.sqlite").open("r+b") as file:
        file.seek((leaf - 1) * 4096)
        file.write(os.urandom(4096))
    await mend(home, fal, rebuild=True)
    async with studio_for(home, fal) as studio:
        again = {one.id for one in (await studio.generations.list_newest()).items}
    assert set(sent) <= again
    assert {one.id for one in before[2]} <= again


async def test_a_clip_whose_file_is_gone_too_is_listed_from_its_sidecar_and_comes_again(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    [asset, *_] = [one for one in before[1] if one.name == "Hero"]
    saved(asset, home).unlink()
    delete_catalogue(home)
    assert kinds(await look(home, fal, rebuild=True)).count(MendKind.LIST_MISSING) == 1
    await mend(home, fal, rebuild=True)
    assert kinds(await look(home, fal)) == []
    async with studio_for(home, fal) as studio:
        again = await studio.assets.get(asset.id)
        assert isinstance(again.media, MissingMedia)
        assert replace(again, media=asset.media) == asset
        assert [one.code for one in await studio.notices.list_newest()] == ["clips_missing"]


async def test_a_sound_catalogue_is_never_set_aside(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    with pytest.raises(ConflictError):
        await mend(home, fal, rebuild=True)
    assert not list(home.glob("catalogue.corrupt-*"))


async def test_a_newer_catalogue_is_never_set_aside(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as other, other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CatalogueNewerError):
        await mend(home, fal, rebuild=True)
    assert not list(home.glob("catalogue.corrupt-*"))


async def test_a_library_that_is_open_is_not_repaired(home: Path, fal: FalEmulator) -> None:
    home.mkdir()
    lock = LibraryLock.take(home)
    try:
        with pytest.raises(LibraryInUseError):
            await mend(home, fal)
    finally:
        lock.release()


def delete_catalogue_of(path: Path) -> None:
    delete_catalogue(path.parent)


async def test_a_sound_library_has_nothing_to_mend(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    assert await look(home, fal) == Plan([], [])


async def test_looking_changes_nothing(home: Path, fal: FalEmulator, before: Lists) -> None:
    _, assets, _ = before
    (home / "media/First-project/.abc.part").write_bytes(b"begun")
    Path(f"{saved(assets[0], home)}.json").unlink()
    saved(assets[1], home).unlink()
    (home / "catalogue.sqlite-ballast").unlink()
    (home / "rushes.lock").unlink()
    files = whole(home)
    seen = await look(home, fal)
    assert set(kinds(seen)) == {
        MendKind.WRITE_SIDECAR,
        MendKind.NOTE_MISSING,
        MendKind.REMOVE_DRAFT,
    }
    assert whole(home) == files


async def test_looking_at_a_library_of_an_older_rushes_changes_nothing_and_lists_that(
    home: Path, fal: FalEmulator
) -> None:
    home.mkdir()
    make_first_library(home / "catalogue.sqlite")
    files = whole(home)
    assert kinds(await look(home, fal)) == [MendKind.UPDATE_CATALOGUE]
    assert whole(home) == files
    [outcome] = await mend(home, fal)
    assert (outcome.mend.kind, outcome.problem) == (MendKind.UPDATE_CATALOGUE, None)
    assert await look(home, fal) == Plan([], [])


@pytest.mark.parametrize("damage", [zero_a_page, delete_catalogue_of])
async def test_looking_what_a_rebuild_would_bring_changes_nothing(
    home: Path, fal: FalEmulator, damage: Callable[[Path], None], before: Lists
) -> None:
    damage(home / "catalogue.sqlite")
    files = whole(home)
    seen = await look(home, fal, rebuild=True)
    assert kinds(seen) == [MendKind.LIST_AGAIN] * len(before[1])
    assert whole(home) == files


def saved(asset: Asset, home: Path) -> Path:
    assert isinstance(asset.media, SavedMedia)
    return home / asset.media.path


async def test_a_sidecar_that_was_removed_is_written_again_as_it_was(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    _, [asset, *_], _ = before
    sidecar = Path(f"{saved(asset, home)}.json")
    old = json.loads(sidecar.read_bytes())
    sidecar.unlink()
    [outcome] = await mend(home, fal)
    assert (outcome.mend.kind, outcome.problem) == (MendKind.WRITE_SIDECAR, None)
    after = json.loads(sidecar.read_bytes())
    assert after | {"written_at": None} == old | {"written_at": None}


async def test_a_file_that_is_gone_is_noted_and_taken_back_when_it_is_the_same_again(
    home: Path, fal: FalEmulator, tmp_path: Path, before: Lists
) -> None:
    _, [asset, *_], _ = before
    file = saved(asset, home)
    shutil.move(file, tmp_path / "elsewhere.mp4")
    [noted] = await mend(home, fal)
    assert (noted.mend.kind, noted.problem) == (MendKind.NOTE_MISSING, None)
    async with studio_for(home, fal) as studio:
        assert isinstance((await studio.assets.get(asset.id)).media, MissingMedia)

    file.write_bytes(b"another film")
    [refused] = await mend(home, fal)
    assert refused.problem is not None
    assert refused.problem.code == "checksum_mismatch"
    assert file.read_bytes() == b"another film"

    shutil.move(tmp_path / "elsewhere.mp4", file)
    [back] = await mend(home, fal)
    assert (back.mend.kind, back.problem) == (MendKind.TAKE_BACK, None)
    async with studio_for(home, fal) as studio:
        assert await studio.assets.get(asset.id) == asset


async def test_a_file_that_was_moved_with_its_sidecar_is_found_in_its_new_place(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    _, [asset, *_], _ = before
    file, place = saved(asset, home), home / "media/Heroes"
    place.mkdir()
    for one in (file, Path(f"{file}.json")):
        shutil.move(one, place / one.name)
    [moved] = await mend(home, fal)
    assert (moved.mend.kind, moved.problem) == (MendKind.TAKE_BACK, None)
    async with studio_for(home, fal) as studio:
        assert saved(await studio.assets.get(asset.id), home) == place / file.name
    assert await look(home, fal) == Plan([], [])


async def test_a_file_that_was_renamed_with_its_sidecar_is_rebuilt_under_its_new_name(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    _, [asset, *_], _ = before
    file = saved(asset, home)
    file.rename(file.with_name("hero.mp4"))
    Path(f"{file}.json").rename(file.with_name("hero.mp4.json"))
    delete_catalogue(home)
    assert {one.problem for one in await mend(home, fal, rebuild=True)} == {None}
    async with studio_for(home, fal) as studio:
        assert saved(await studio.assets.get(asset.id), home).name == "hero.mp4"


async def test_a_draft_left_by_a_crash_is_removed_and_a_hidden_file_of_somebody_is_not(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    folder = home / "media/Stills"
    (folder / ".abc.part").write_bytes(b"begun")
    (folder / ".notes").write_bytes(b"mine")
    [outcome] = await mend(home, fal)
    assert (outcome.mend.kind, outcome.problem) == (MendKind.REMOVE_DRAFT, None)
    assert not (folder / ".abc.part").exists()
    assert (folder / ".notes").read_bytes() == b"mine"


async def test_a_file_without_a_sidecar_that_no_asset_names_is_said_and_left_alone(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    stranger = home / "media/Stills/stranger.mp4"
    stranger.write_bytes(b"whatever")
    seen = await look(home, fal)
    assert seen.mends == []
    assert [one.check for one in seen.findings] == ["media/Stills/stranger.mp4"]
    assert stranger.read_bytes() == b"whatever"


# --- posters and strangers ------------------------------------------------------------------------


async def test_a_poster_that_is_missing_is_made_and_nothing_else_is_touched(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    _, [asset, *_], _ = before
    posters = home / "cache" / "posters"
    others = {one.name: one.stat().st_mtime_ns for one in posters.iterdir()}
    (posters / f"{asset.id}.jpg").unlink()
    files = files_of(home)
    seen = await look(home, fal)
    assert [(one.kind, one.thing) for one in seen.mends] == [(MendKind.MAKE_POSTER, asset.id)]
    assert not (posters / f"{asset.id}.jpg").exists()
    [outcome] = await mend(home, fal)
    assert outcome.problem is None
    after = {one.name: one.stat().st_mtime_ns for one in posters.iterdir()}
    assert after.keys() == others.keys()
    assert [name for name in after if after[name] != others[name]] == [f"{asset.id}.jpg"]
    assert files_of(home) == files
    assert await look(home, fal) == Plan([], [])


async def test_a_stranger_is_adopted_only_when_that_was_asked_for_and_stays_where_it_lies(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    projects, listed, _ = before
    stranger = make_clip(home / "media" / projects[1].folder / "Find (2).mp4")
    content, files = stranger.read_bytes(), files_of(home)
    assert await mend(home, fal) == []
    assert len(await listed_assets(home, fal)) == len(listed)

    async with shop_for(home, fal) as shop:
        [wanted] = (await shop.repair.look(adopt=True)).mends
        outcome = await shop.repair.apply(wanted)
    assert (wanted.kind, outcome.problem) == (MendKind.ADOPT, None)
    [adopted] = [one for one in await listed_assets(home, fal) if one not in listed]
    assert isinstance(adopted.media, SavedMedia)
    assert adopted.project_id == projects[1].id
    assert home / adopted.media.path == stranger
    assert stranger.read_bytes() == content
    assert adopted.media.sha256 == hashlib.sha256(content).hexdigest()
    new = {path for path in files_of(home) if path not in files}
    assert new == {f"{adopted.media.path}.json"}
    assert await look(home, fal) == Plan([], [])


async def listed_assets(home: Path, fal: FalEmulator) -> list[Asset]:
    async with studio_for(home, fal) as studio:
        return (await lists(studio))[1]


async def test_a_stranger_that_is_no_media_is_refused_and_left_as_it_is(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    stranger = home / "media" / "notes.txt"
    stranger.write_text("buy milk")
    async with shop_for(home, fal) as shop:
        [wanted] = (await shop.repair.look(adopt=True)).mends
        outcome = await shop.repair.apply(wanted)
    assert outcome.problem is not None
    assert outcome.problem.code == "media_unreadable"
    assert stranger.read_text() == "buy milk"
    assert len(await listed_assets(home, fal)) == len(before[1])


async def test_a_stranger_that_has_gone_since_it_was_seen_is_told(
    home: Path, fal: FalEmulator, before: Lists
) -> None:
    stranger = make_clip(home / "media" / "find.mp4")
    async with shop_for(home, fal) as shop:
        [wanted] = (await shop.repair.look(adopt=True)).mends
        stranger.unlink()
        outcome = await shop.repair.apply(wanted)
    assert outcome.problem is not None
    assert outcome.problem.code == "media_not_here"
