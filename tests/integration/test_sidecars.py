"""Beside every saved file a sidecar: whole, durable, up to date, and never in the way."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rushes.catalogue import provenance
from rushes.domain.asset import Asset, Flag, FrameOf, Generated, Imported
from rushes.domain.errors import ConflictError, MediaNotHereError
from rushes.domain.generation import Done, Generation, GenerationRequest, Step, Ticket
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId, new_id
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import Estimate, Task
from rushes.domain.project import Project
from rushes.domain.provenance import Provenance
from rushes.store.local_store import LocalStore
from rushes.store.sidecars import Sidecar, Sidecars, sidecar_name
from rushes.studio import Studio
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.sample_media import make_image
from tests.studios import ask, studio_for, take

NOW = datetime(2026, 3, 1, 12, 30, 15, 123_457, tzinfo=UTC)
PATH = "media/Teaser/AI-Video-ltx-2.3-fast-1763445184989.mp4"


def known(path: str = PATH) -> Provenance:
    """What can be known of a generated file, with a value in every field."""
    project = Project(ProjectId(new_id()), "Teaser: “one”", "Teaser", NOW, NOW)
    asset_id, generation_id = AssetId(new_id()), GenerationId(new_id())
    model, prompt = ModelId("ltx-2.3-fast"), "a heron\n\x07 “nearly” 🎬"
    return Provenance(
        project,
        Asset(
            id=asset_id,
            project_id=project.id,
            name="AI: a heron \x07",
            kind=MediaKind.VIDEO,
            take_number=3,
            origin=Generated(generation_id, model, prompt),
            media=SavedMedia(path, 5_963_825, "ab" * 32, "https://v3.fal.media/ö.mp4?a=b&c"),
            facts=MediaFacts(
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
            ),
            created_at=NOW,
            rating=5,
            flag=Flag.REJECT,
            trashed_at=NOW,
        ),
        Generation(
            id=generation_id,
            project_id=project.id,
            request=GenerationRequest(
                model=model,
                task=Task.IMAGE_TO_VIDEO,
                prompt=prompt,
                settings={"duration": 6, "audio": True, "resolution": "1080p", "seed": 2**40},
                image=AssetId(new_id()),
                end_image=AssetId(new_id()),
            ),
            endpoint="fal-ai/ltx-2.3/image-to-video/fast",
            estimate=Estimate(Decimal("0.24"), Decimal("12.5")),
            take_number=3,
            state=Done(
                Ticket("request-1", {"status_url": "https://queue.fal.run/x"}), '{"a": "ö"}'
            ),
            created_at=NOW,
            updated_at=NOW,
            steps=(Step("asked", NOW), Step("sent", NOW, "request-1")),
            billed_units=Decimal("6.000000000001"),
            unit_price=Decimal("0.04"),
            asset_id=asset_id,
        ),
    )


def imported() -> Provenance:
    whole = known()
    asset = replace(whole.asset, origin=Imported("Ä shot.mp4"), facts=None, flag=None)
    return Provenance(whole.project, asset, None)


def taken_out() -> Provenance:
    whole = known()
    asset = replace(whole.asset, origin=FrameOf(AssetId(new_id()), 151, "a" * 64))
    return Provenance(whole.project, asset, None)


@pytest.fixture
def sidecars(tmp_path: Path) -> Sidecars:
    (tmp_path / "media/Teaser").mkdir(parents=True)
    (tmp_path / PATH).write_bytes(b"film")
    return Sidecars(LocalStore(tmp_path))


@pytest.mark.parametrize("make", [known, imported, taken_out])
def test_what_was_written_is_read_back_to_the_last_microsecond(
    sidecars: Sidecars, make: Any
) -> None:
    written = make()
    sidecars.write(written, NOW)
    [found] = sidecars.find()
    assert isinstance(found, Sidecar)
    assert found.provenance == written
    assert (found.file, found.path) == (PATH, f"{PATH}.json")


def test_an_older_sidecar_of_the_asset_is_replaced_and_no_draft_stays(
    sidecars: Sidecars, tmp_path: Path
) -> None:
    first = known()
    sidecars.write(first, NOW)
    second = replace(first, asset=replace(first.asset, name="renamed"))
    sidecars.write(second, NOW)
    [found] = sidecars.find()
    assert isinstance(found, Sidecar)
    assert found.provenance == second
    assert len(list((tmp_path / "media/Teaser").iterdir())) == 2


@pytest.mark.parametrize("content", [b"mine", b"{}", None])
def test_a_file_of_that_name_that_is_not_ours_stays_as_it_is(
    sidecars: Sidecars, tmp_path: Path, content: bytes | None
) -> None:
    target = tmp_path / f"{PATH}.json"
    if content is None:
        sidecars.write(known(), NOW)  # of another asset
    else:
        target.write_bytes(content)
    before = target.read_bytes()
    with pytest.raises(ConflictError):
        sidecars.write(known(), NOW)
    assert target.read_bytes() == before


def test_a_link_in_its_place_is_not_followed(sidecars: Sidecars, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(b"mine")
    (tmp_path / f"{PATH}.json").symlink_to(outside)
    with pytest.raises(ConflictError):
        sidecars.write(known(), NOW)
    assert outside.read_bytes() == b"mine"


def test_a_pipe_in_its_place_is_not_waited_for(sidecars: Sidecars, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / f"{PATH}.json")
    with pytest.raises(ConflictError):
        sidecars.write(known(), NOW)


def test_a_file_that_is_gone_gets_no_sidecar(sidecars: Sidecars, tmp_path: Path) -> None:
    (tmp_path / PATH).unlink()
    with pytest.raises(MediaNotHereError):
        sidecars.write(known(), NOW)
    assert list((tmp_path / "media/Teaser").iterdir()) == []


@pytest.mark.parametrize("stem", ["x" * 251, "é" * 125, "日本" * 41])
def test_the_sidecar_of_a_very_long_name_has_a_name_that_a_disk_takes_and_finds_its_file(
    sidecars: Sidecars, tmp_path: Path, stem: str
) -> None:
    path = f"media/Teaser/{stem}.mp4"
    (tmp_path / path).write_bytes(b"film")
    written = known(path)
    sidecars.write(written, NOW)
    [found] = sidecars.find()
    assert isinstance(found, Sidecar)
    assert (found.file, found.provenance) == (path, written)
    assert sidecars.exists(path)


def test_long_names_that_begin_alike_have_sidecars_of_their_own() -> None:
    assert sidecar_name("x" * 250 + "a") != sidecar_name("x" * 250 + "b")


# --- kept up to date by a studio ------------------------------------------------------------------


async def owed(studio: Studio) -> list[str]:
    return await studio.catalogue.read(partial(provenance.owed, limit=2))


async def until_written(studio: Studio) -> None:
    while await owed(studio):
        await asyncio.sleep(0.01)


async def import_image(studio: Studio, tmp_path: Path) -> Asset:
    async def pieces() -> AsyncIterator[bytes]:
        yield make_image(tmp_path / "still.png").read_bytes()

    [(project, _)] = await studio.projects.list_all()
    return await studio.imports.add(project.id, "still.png", pieces())


def sidecar_of(asset: Asset, home: Path) -> dict[str, Any]:
    assert isinstance(asset.media, SavedMedia)
    document: dict[str, Any] = json.loads((home / f"{asset.media.path}.json").read_bytes())
    return document


async def test_one_sidecar_may_be_written_by_several_at_once(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path / "library", fal) as studio:
        asset = await import_image(studio, tmp_path)
        await asyncio.gather(*(studio.records.write(asset.id) for _ in range(8)))
        assert sidecar_of(asset, studio.settings.home)["asset"]["id"] == asset.id


async def test_every_change_reaches_the_sidecar_and_the_trash_keeps_it(
    tmp_path: Path, fal: FalEmulator
) -> None:
    home = tmp_path / "library"
    async with studio_for(home, fal) as studio:
        asset = await import_image(studio, tmp_path)
        await until_written(studio)
        assert sidecar_of(asset, home)["asset"]["imported_as"] == "still.png"
        await studio.assets.change(asset.id, name="Hero", rating=3, flag="pick", trashed=True)
        await studio.projects.change(asset.project_id, name="Renamed")
        await until_written(studio)
    document = sidecar_of(asset, home)
    assert (document["asset"]["name"], document["asset"]["rating"]) == ("Hero", 3)
    assert document["asset"]["flag"] == "pick"
    assert document["asset"]["trashed_at"] is not None
    assert document["project"]["name"] == "Renamed"


async def test_a_sidecar_holds_what_was_asked_and_paid_and_never_the_key(
    tmp_path: Path, fal: FalEmulator
) -> None:
    fal.key = "recognisable-id:recognisable-secret"
    async with studio_for(tmp_path, fal) as studio:
        generation, asset = await take(studio, ask("a heron", duration=6))
    assert asset is not None
    document = sidecar_of(asset, tmp_path)
    assert document["generation"]["id"] == generation.id
    assert document["generation"]["request_id"] == next(iter(fal.ledger)).request_id
    assert document["generation"]["estimate_usd"] == {"low": "0.24", "high": "0.24"}
    assert "recognisable" not in json.dumps(document)


async def test_a_sidecar_that_cannot_be_written_fails_no_save_and_is_written_at_the_next_start(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        await studio.pipeline.generate(project.id, ask("a heron"))
        in_the_way: Path | None = None
        while in_the_way is None:
            await asyncio.sleep(0.005)
            page = await studio.generations.list_newest()
            path = getattr(page.items[0].state, "path", None)
            in_the_way = None if path is None else tmp_path / f"{path}.json"
        in_the_way.parent.mkdir(parents=True, exist_ok=True)
        in_the_way.mkdir()
        await studio.pipeline.until_quiet()
        page = await studio.generations.list_newest()
        assert isinstance(page.items[0].state, Done)
        asset = await studio.assets.get(page.items[0].asset_id or "")
        assert asset.media.state == "saved"
        assert await owed(studio) == [asset.id]
    in_the_way.rmdir()
    async with studio_for(tmp_path, fal) as studio:
        await until_written(studio)
    assert sidecar_of(asset, tmp_path)["asset"]["id"] == asset.id


async def test_a_full_disk_costs_the_sidecar_and_nothing_else(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with small_disk(tmp_path / "media", "8m") as disk:
        async with studio_for(tmp_path, fal) as studio:
            asset = await import_image(studio, tmp_path)
            await until_written(studio)
            before = sidecar_of(asset, tmp_path)
            filler = disk / "filler"
            with filler.open("wb") as file:
                found = os.statvfs(disk)
                os.posix_fallocate(file.fileno(), 0, found.f_bavail * found.f_frsize)
            changed = await studio.assets.change(asset.id, rating=5)
            assert changed.rating == 5
        assert sidecar_of(asset, tmp_path) == before
        filler.unlink()
        async with studio_for(tmp_path, fal) as studio:
            await until_written(studio)
        assert sidecar_of(asset, tmp_path)["asset"]["rating"] == 5
        assert not list(disk.rglob("*.part"))
