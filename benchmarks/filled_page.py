"""Fills a library for the page to show: rows, and one real poster under many names.

``python -m benchmarks.filled_page HOME TAKES``
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import update

from benchmarks.filled_library import finished_take
from rushes.catalogue import assets, generations
from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.tables import assets as asset_table
from rushes.settings import load_settings
from rushes.studio import open_studio

AT_ONCE = 5000
POSTER_SIZE = (640, 360)


async def fill(home: Path, takes: int) -> None:
    """Add takes that are done to the first project, each a second younger than the one before.

    All files are one, under many names.
    """
    async with open_studio(load_settings(home, {"FAL_KEY": "not:used"})) as studio:
        [(project, _)] = await studio.projects.list_all()
        posters = home / "cache" / "posters"
        (home / "media" / project.folder).mkdir(parents=True, exist_ok=True)
        poster = posters / "one.jpg"
        Image.effect_mandelbrot(POSTER_SIZE, (-2, -1.2, 0.8, 1.2), 40).convert("RGB").save(poster)
        start = datetime.now(UTC) - timedelta(seconds=takes)

        def write(transaction: Transaction, numbers: range) -> None:
            for number in numbers:
                path = f"media/{project.folder}/AI-Video-{number:013}.mp4"
                at = start + timedelta(seconds=number)
                generation, asset = finished_take(project.id, number, path, at=at)
                generations.insert(transaction, generation)
                assets.insert(transaction, asset)
                os.link(poster, posters / f"{asset.id}.jpg")
                os.link(poster, home / path)
            # The studio would write a hundred thousand sidecars while one measures.
            transaction.connection.execute(update(asset_table).values(sidecar_owed=False))

        for first in range(0, takes, AT_ONCE):
            numbers = range(first, min(takes, first + AT_ONCE))
            await studio.catalogue.write(lambda transaction, n=numbers: write(transaction, n))


if __name__ == "__main__":
    asyncio.run(fill(Path(sys.argv[1]), int(sys.argv[2])))
