"""Real studios for tests: on a folder of their own, against the emulator, with quick waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from rushes.catalogue import assets
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset
from rushes.domain.generation import Generation
from rushes.domain.media_reference import MediaReference
from rushes.pipeline.pace import Backoff, Pace, Patience
from rushes.pipeline.plan import Ask
from rushes.settings import Settings
from rushes.store.memory import ROOM
from rushes.studio import Studio, open_studio
from tests.emulator import FalEmulator

QUICKLY = Backoff(first=0.01, factor=1.5, longest=0.05)
QUICK = Pace(
    poll=Patience(least=0.01, share=0.2, longest=0.1),
    unreachable=QUICKLY,
    download=QUICKLY,
    storage=QUICKLY,
    settle=QUICKLY,
    settle_for=0.5,
    gone=QUICKLY,
)
MODEL = "ltx-2.3-fast"


def settings_for(home: Path, fal: FalEmulator, **changes: object) -> Settings:
    values: dict[str, object] = {
        "home": home,
        "spool": home.with_name(f"{home.name}-spool"),
        "fal_key": SecretStr(fal.key),
        "fal_queue_url": fal.queue_url,
        "fal_platform_url": fal.platform_url,
        "media_hosts": fal.media_host,
        "submit_timeout": 5,
    }
    return Settings.model_validate(values | changes)


@asynccontextmanager
async def studio_for(
    home: Path,
    fal: FalEmulator,
    *,
    pace: Pace = QUICK,
    memory_room: int = ROOM,
    **changes: object,
) -> AsyncIterator[Studio]:
    settings = settings_for(home, fal, **changes)
    async with open_studio(settings, pace=pace, memory_room=memory_room) as studio:
        await studio.pipeline.resume()
        yield studio


def ask(prompt: str, *models: str, **settings: object) -> Ask:
    """However little room there is: many a test has a disk of its own, which is small."""
    return Ask(prompt, models or (MODEL,), settings, ignores_room=True)


async def take(studio: Studio, wanted: Ask) -> tuple[Generation, Asset | None]:
    """Generate one take and wait until nothing is under way any more."""
    [(project, _)] = await studio.projects.list_all()
    [planned] = await studio.pipeline.generate(project.id, wanted)
    await studio.pipeline.until_quiet()
    return await look_at(studio, planned.id)


async def put_media(studio: Studio, asset_id: str, media: MediaReference) -> None:
    """Say that the bytes of an asset are somewhere, without having brought them there."""

    def write(transaction: Transaction) -> None:
        before = assets.get(transaction.connection, asset_id).media
        assets.set_media(transaction, asset_id, media, before=before)

    await studio.catalogue.write(write)


async def look_at(studio: Studio, generation_id: str) -> tuple[Generation, Asset | None]:
    generation = await studio.generations.get(generation_id)
    if generation.asset_id is None:
        return generation, None
    return generation, await studio.assets.get(generation.asset_id)
