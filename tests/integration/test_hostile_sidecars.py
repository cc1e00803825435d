"""Sidecars that nobody should believe: what they say is measured, or said and left alone."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rushes.doctor.mend import MendKind
from tests.emulator import FalEmulator
from tests.integration.repairs import (
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
)
from tests.studios import ask, studio_for, take

__all__ = ["before", "filled", "home"]


def change(*path: str, to: Any) -> Callable[[dict[str, Any]], bytes]:
    def changed(document: dict[str, Any]) -> bytes:
        part = document
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = to
        return json.dumps(document).encode()

    return changed


def depth(_document: dict[str, Any]) -> bytes:
    return b'{"schema":' + b"[" * 200_000


HOSTILE: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "no json": lambda _: b"{not json",
    "empty": lambda _: b"",
    "random": lambda _: os.urandom(2000),
    "deep": depth,
    "a list": lambda _: b"[]",
    "huge": lambda document: json.dumps(document).encode() + b" " * (17 * 2**20),
    "another schema": change("schema", to="rushes.provenance/99"),
    "a path upwards": change("file", "name", to="../../../outside.mp4"),
    "an absolute path": change("file", "name", to="/etc/passwd"),
    "a folder upwards": change("project", "folder", to="../../outside"),
    "an id that is none": change("asset", "id", to="../../x"),
    "a number without end": change("facts", "fps", to="1e999999999"),
    "a divisor of nought": change("facts", "fps", to="1/0"),
    "a price without end": change("generation", "estimate_usd", "low", to="1e999999999"),
    "a size beyond all": change("file", "size", to=10**40),
    "a time without zone": change("asset", "created_at", to="2026-01-01T00:00:00"),
    "a time before time": change("asset", "created_at", to="0001-01-01T00:00:00+14:00"),
    "half a character": change("asset", "name", to="\ud800"),
    "a rating of nine": change("asset", "rating", to=9),
    "nothing known": change("asset", to={}),
}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, running_emulator: FalEmulator) -> Path:
    """A library with one take, closed, to be copied."""
    home = tmp_path_factory.mktemp("example") / "library"
    running_emulator.reset()
    running_emulator.settings.clip_seconds = 1

    async def make_one() -> None:
        async with studio_for(home, running_emulator) as studio:
            await take(studio, ask("a heron", duration=6))

    asyncio.run(make_one())
    delete_catalogue(home)
    (home / "requests.jsonl").unlink()  # here only sidecars are tried
    return home


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_a_hostile_sidecar_is_said_and_nothing_is_listed_or_touched_for_it(
    home: Path, fal: FalEmulator, example: Path, hostile: str
) -> None:
    shutil.copytree(example, home)
    outside = home.parent / "outside.mp4"
    outside.write_bytes(b"outside")
    [sidecar] = home.rglob("*.mp4.json")
    sidecar.write_bytes(HOSTILE[hostile](json.loads(sidecar.read_bytes())))
    before = files_of(home)
    async with shop_for(home, fal, rebuild=True) as shop:
        plan = await shop.repair.look()
    assert plan.mends == []
    assert sidecar.relative_to(home).as_posix() in {one.check for one in plan.findings}
    assert files_of(home) == before
    assert outside.read_bytes() == b"outside"


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (change("file", "sha256", to="0" * 64), "checksum_mismatch"),
        (change("file", "size", to=5), "checksum_mismatch"),
    ],
)
async def test_a_sidecar_that_describes_other_bytes_lists_nothing(
    home: Path, fal: FalEmulator, example: Path, lie: Callable[[Any], bytes], code: str
) -> None:
    shutil.copytree(example, home)
    [sidecar] = home.rglob("*.mp4.json")
    sidecar.write_bytes(lie(json.loads(sidecar.read_bytes())))
    [outcome] = await mend(home, fal, rebuild=True)
    assert outcome.problem is not None
    assert outcome.problem.code == code
    assert (await look(home, fal)).mends


async def test_what_a_sidecar_says_of_the_bytes_is_measured_again(
    home: Path, fal: FalEmulator, example: Path
) -> None:
    shutil.copytree(example, home)
    [sidecar] = home.rglob("*.mp4.json")
    document = json.loads(sidecar.read_bytes())
    document["facts"] |= {"content_type": "text/html", "width": 9999}
    document["asset"]["kind"] = "image"
    sidecar.write_text(json.dumps(document))
    [outcome] = await mend(home, fal, rebuild=True)
    assert outcome.problem is None
    async with studio_for(home, fal) as studio:
        asset = await studio.assets.get(outcome.mend.thing)
    assert asset.facts is not None
    assert (asset.kind, asset.facts.content_type, asset.facts.width) == ("video", "video/mp4", 320)


async def test_a_page_with_a_sidecar_beside_it_is_not_listed_as_a_film(
    home: Path, fal: FalEmulator, example: Path
) -> None:
    shutil.copytree(example, home)
    [sidecar] = home.rglob("*.mp4.json")
    page = b"<script>alert(1)</script>"
    sidecar.with_suffix("").write_bytes(page)
    document = json.loads(sidecar.read_bytes())
    document["file"] |= {"size": len(page), "sha256": hashlib.sha256(page).hexdigest()}
    sidecar.write_text(json.dumps(document))
    [outcome] = await mend(home, fal, rebuild=True)
    assert outcome.problem is not None
    assert outcome.problem.code == "media_unreadable"


async def test_two_files_of_one_id_list_one_asset_and_say_the_other(
    home: Path, fal: FalEmulator, example: Path
) -> None:
    shutil.copytree(example, home)
    shutil.copytree(home / "media/First-project", home / "media/Copy")
    plan = await look(home, fal, rebuild=True)
    assert kinds(plan) == [MendKind.LIST_AGAIN]
    assert len(plan.findings) == 1
    assert [one.problem for one in await mend(home, fal, rebuild=True)] == [None]
    again = await look(home, fal)
    assert again.mends == []
    assert len(again.findings) == 1


@pytest.mark.parametrize(
    "clash", [("generation", "id"), ("generation", "request_id"), ("asset", "id")]
)
async def test_an_id_that_belongs_to_another_is_not_taken_over(
    home: Path, fal: FalEmulator, clash: tuple[str, str]
) -> None:
    async with studio_for(home, fal) as studio:
        await take(studio, ask("one"))
        _, second = await take(studio, ask("two"))
        before = await lists(studio)
    assert second is not None
    first, other = sorted(home.rglob("*.mp4.json"))
    part, name = clash
    document = json.loads(other.read_bytes())
    document["asset"]["id"] = "f" * 32
    document[part][name] = json.loads(first.read_bytes())[part][name]
    file = other.with_suffix("")
    shutil.copy(file, file.with_name("copy.mp4"))
    document["file"]["name"] = "copy.mp4"
    file.with_name("copy.mp4.json").write_text(json.dumps(document))
    plan = await look(home, fal)
    outcomes = await mend(home, fal)
    assert len(plan.findings) + len([one for one in outcomes if one.problem]) == 1
    async with studio_for(home, fal) as studio:
        assert await lists(studio) == before


async def test_links_out_of_the_library_are_not_followed(
    home: Path, fal: FalEmulator, example: Path
) -> None:
    shutil.copytree(example, home)
    away = home.parent / "away"
    shutil.move(home / "media/First-project", away)
    (home / "media/Linked").symlink_to(away)
    (home / "media/Real").mkdir()
    for file in away.iterdir():
        (home / "media/Real" / file.name).symlink_to(file)
    plan = await look(home, fal, rebuild=True)
    assert plan.mends == []
