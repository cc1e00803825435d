"""How long it takes to save everything that has waited elsewhere: a thousand clips at once.

They were delivered while a file lay in the media folder's place, so all wait in the spool. The file
goes, and one call saves them. It is compared with copying the same clips there, each one synced and
its name too: less than that no safe save can do. Nothing is downloaded and nothing is bought.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.report import Row
from rushes.catalogue import census
from rushes.domain.media_reference import UnsavedMedia
from rushes.pipeline.pace import Backoff, Pace
from rushes.pipeline.plan import Ask
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.emulator import FalEmulator
from tests.studios import settings_for

CLIPS = 1000
MODELS = ("ltx-2.3-fast", "ltx-2.3-pro", "ltx-2.5-fast", "ltx-2.5-pro")
LONGEST = 600.0
BY_HAND = replace(
    Pace(), storage=Backoff(LONGEST, 1, LONGEST), answer_within=LONGEST, expiry_look=LONGEST
)
"""Nothing is tried again by itself, and the answer waits for the end."""


def run(clips: int = CLIPS) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="rushes-retry-") as folder, FalEmulator() as fal:
        fal.settings.clip_seconds = 1
        settings = settings_for(Path(folder) / "library", fal)
        ours, theirs = asyncio.run(_measure(settings, clips))
        assert len(fal.ledger) == clips, "a retry buys nothing"
    return [Row(f"retry all of {clips:,} unsaved, beside a synced copy", ours, theirs, "s")]


async def _measure(settings: Settings, clips: int) -> tuple[float, float]:
    media = settings.home / "media"
    settings.home.mkdir(parents=True)
    media.write_text("in the folder's place")
    async with open_studio(settings, pace=BY_HAND) as studio:
        await _deliver(studio, clips)
        copied = await asyncio.to_thread(_copy_synced, settings.spool, settings.home / "copy")
        media.unlink()
        start = time.perf_counter()
        results = await studio.pipeline.recovery.retry_all(None)
        seconds = time.perf_counter() - start
    saved = sum(one.asset.media.state == "saved" for one in results)
    assert (saved, len(results)) == (clips, clips), f"{saved} of {len(results)} saved"
    return seconds, copied


async def _deliver(studio: Studio, clips: int) -> None:
    """Order them, and wait until all are unsaved."""
    [(project, _)] = await studio.projects.list_all()
    settings = {"duration": 6, "resolution": "1080p", "fps": 25}
    for number in range(clips // len(MODELS)):
        await studio.pipeline.generate(project.id, Ask(f"Shot {number}", MODELS, settings))
    async with asyncio.timeout(LONGEST):
        while await _count(studio) < clips:
            place = studio.catalogue.feed.place
            await studio.catalogue.feed.wait_beyond(place)


async def _count(studio: Studio) -> int:
    by_state = await studio.catalogue.read(census.ids_by_media_state)
    return len(by_state.get(UnsavedMedia.state, []))


def _copy_synced(spool: Path, target: Path) -> float:
    clips = [file for file in spool.rglob("*") if file.is_file()]
    target.mkdir()
    start = time.perf_counter()
    for clip in clips:
        shutil.copyfile(clip, target / clip.name)
        for path in (target / clip.name, target):
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
    return time.perf_counter() - start
