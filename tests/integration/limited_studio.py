"""A studio in a process with too low a limit, lifted once its take could not be saved.

``python -m tests.integration.limited_studio open-files|file-size|folder`` prints what happened as
JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from collections.abc import Callable
from dataclasses import replace

from rushes.domain.media_reference import SavedMedia, UnsavedMedia
from rushes.pipeline.pace import Backoff
from rushes.pipeline.plan import Ask
from rushes.settings import load_settings
from rushes.studio import open_studio
from tests.studios import QUICK

PACE = replace(QUICK, storage=Backoff(first=3600, factor=1, longest=3600))
LARGEST_FILE = 16 * 2**20
"""Less than the clip, and more than the catalogue."""


def limit(kind: int, soft: int) -> Callable[[], None]:
    before = resource.getrlimit(kind)
    resource.setrlimit(kind, (soft, before[1]))
    return lambda: resource.setrlimit(kind, before)


class NoFileLeft:
    """No file can be opened when the draft in the store is, and again from the next one on."""

    def __init__(self) -> None:
        self._has_struck = False
        self._lift: Callable[[], None] | None = None
        sys.addaudithook(self._on_audit)

    def _on_audit(self, name: str, arguments: tuple[object, ...]) -> None:
        if name != "open" or not str(arguments[0]).endswith(".part"):
            return
        if self._lift is not None:
            self._lift()
            self._lift = None
        elif not self._has_struck:
            self._has_struck = True
            self._lift = limit(resource.RLIMIT_NOFILE, 3)


async def main(which: str) -> None:
    async with open_studio(load_settings(), pace=PACE) as studio:
        [(project, _)] = await studio.projects.list_all()
        lift: Callable[[], None] = lambda: None  # noqa: E731  # until there is something to lift
        match which:
            case "open-files":
                NoFileLeft()
            case "file-size":
                lift = limit(resource.RLIMIT_FSIZE, LARGEST_FILE)
            case "folder":
                folder = studio.settings.home / "media" / "First-project"
                folder.chmod(0o500)
                lift = lambda: folder.chmod(0o700)  # noqa: E731  # as above
        [planned] = await studio.pipeline.generate(
            project.id, Ask("a heron [fault:media-big]", ("ltx-2.3-fast",), {})
        )
        while True:
            generation = await studio.generations.get(planned.id)
            asset = generation.asset_id and await studio.assets.get(generation.asset_id)
            if asset and isinstance(asset.media, UnsavedMedia):
                break
            assert not (asset and isinstance(asset.media, SavedMedia)), "no limit was met"
            await asyncio.sleep(0.01)
        unsaved = asset.media
        lift()
        await studio.pipeline.recovery.retry([asset.id])
        await studio.pipeline.until_quiet()
        media = (await studio.assets.get(asset.id)).media
        assert isinstance(media, SavedMedia)
        told = {
            "code": unsaved.failure.problem.code,
            "held": unsaved.held.place,
            "path": media.path,
            "url": media.url,
            "sha256": media.sha256,
        }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
