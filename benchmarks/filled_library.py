"""Fills a library with finished takes without ordering any: rows, small files and posters."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from sqlalchemy import create_engine

from rushes.catalogue import assets, generations, items
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset, Generated, Imported, generated_name
from rushes.domain.generation import Done, Generation, GenerationRequest, Step, Ticket
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId, new_id
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import Estimate, SettingValue, Task
from rushes.domain.project import Project
from rushes.settings import load_settings
from rushes.studio import open_studio

MODEL = ModelId("ltx-2.3-fast")
STEPS = ("asked", "sent", "queued", "running", "delivered", "downloaded", "checked", "saved")
PIECE = 2**20
FACTS = MediaFacts(
    kind=MediaKind.VIDEO,
    container="mp4",
    content_type="video/mp4",
    duration=Fraction(6),
    width=1920,
    height=1080,
    fps=Fraction(25),
    frames=150,
    video_codec="h264",
    audio_codec="aac",
)


async def fill(home: Path, number_of_takes: int) -> None:
    """Add takes that are done to the first project of this library."""
    async with open_studio(load_settings(home, {"FAL_KEY": "not:used"})) as studio:
        [(project, _)] = await studio.projects.list_all()
        (home / "media" / project.folder).mkdir(parents=True, exist_ok=True)

        def write(transaction: Transaction) -> None:
            for number in range(number_of_takes):
                _add(transaction, home, project, number)

        await studio.catalogue.write(write)


def list_again(home: Path) -> None:
    """Make the listing of rows that were written past the program."""
    engine = create_engine(f"sqlite:///{home / 'catalogue.sqlite'}")
    with engine.begin() as connection:
        items.rebuild(connection)
    engine.dispose()


async def add_file(home: Path, size: int) -> tuple[str, Path]:
    """Add one saved clip of random bytes. Returns its id and its file."""
    async with open_studio(load_settings(home, {"FAL_KEY": "not:used"})) as studio:
        [(project, _)] = await studio.projects.list_all()
        path = f"media/{project.folder}/clip.mp4"
        file = home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with file.open("wb") as out:
            for start in range(0, size, PIECE):
                piece = os.urandom(min(PIECE, size - start))
                digest.update(piece)
                out.write(piece)
        asset = replace(
            _asset(_generation(project.id, 0, datetime.now(UTC)), path),
            origin=Imported("clip.mp4"),
            media=SavedMedia(path, size, digest.hexdigest()),
        )
        await studio.catalogue.write(lambda transaction: assets.insert(transaction, asset))
        return asset.id, file


def _add(transaction: Transaction, home: Path, project: Project, number: int) -> None:
    path = f"media/{project.folder}/AI-Video-{MODEL}-{number:013}.mp4"
    generation, asset = finished_take(project.id, number, path, at=datetime.now(UTC))
    (home / path).write_bytes(number.to_bytes(8, "big"))
    (home / "cache" / "posters" / f"{asset.id}.jpg").write_bytes(b"poster")
    generations.insert(transaction, generation)
    generations.keep_document(transaction, generation.id, '{"video": {}}')
    assets.insert(transaction, asset)


def finished_take(
    project: ProjectId, number: int, path: str, *, at: datetime
) -> tuple[Generation, Asset]:
    """A take as it stands in the catalogue when all is over."""
    generation = _generation(project, number, at)
    return generation, _asset(generation, path)


def _generation(project: ProjectId, number: int, now: datetime) -> Generation:
    prompt = f"Shot {number}: a heron lifts off a misty lake at dawn"
    settings: dict[str, SettingValue] = {"duration": 6, "resolution": "1080p", "fps": 25}
    return Generation(
        id=GenerationId(new_id()),
        project_id=project,
        request=GenerationRequest(MODEL, Task.TEXT_TO_VIDEO, prompt, settings),
        endpoint="fal-ai/ltx-2.3/text-to-video/fast",
        estimate=Estimate(Decimal("0.24"), Decimal("0.24")),
        take_number=1,
        state=Done(Ticket(new_id()), "{}"),
        created_at=now,
        updated_at=now,
        steps=tuple(Step(name, now) for name in STEPS),
    )


def _asset(generation: Generation, path: str) -> Asset:
    prompt = generation.request.prompt
    url = f"https://v3.fal.media/files/b/{generation.id}.mp4"
    return Asset(
        id=AssetId(new_id()),
        project_id=generation.project_id,
        name=generated_name(prompt),
        kind=MediaKind.VIDEO,
        take_number=generation.take_number,
        origin=Generated(generation.id, MODEL, prompt),
        media=SavedMedia(path, 8, "0" * 64, url),
        facts=FACTS,
        created_at=generation.created_at,
    )
