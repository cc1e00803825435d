"""A studio whose store has failed, killed at a chosen place on the way into the spool.

``python -m tests.crash.spooling_victim PLACE NUMBER PROMPT``, with the places of ``victim``, but
``file`` for a file of the spool. Ends once the clip is held, and prints how many places there were.
"""

from __future__ import annotations

import asyncio
import json
import sys

from rushes.domain.media_reference import UnsavedMedia
from rushes.pipeline.plan import Ask
from rushes.settings import load_settings
from rushes.studio import open_studio
from tests.crash.victim import QUICK, Death


class DeathInSpool(Death):
    def on_audit(self, name: str, arguments: tuple[object, ...]) -> None:
        if arguments and "-spool/" in str(arguments[0]):
            super().on_audit(name, (f"/media/{arguments[0]}", *arguments[1:]))


async def main(death: Death, prompt: str) -> None:
    async with open_studio(load_settings(), pace=QUICK) as studio:
        death.watch()
        [(project, _)] = await studio.projects.list_all()
        [planned] = await studio.pipeline.generate(project.id, Ask(prompt, ("ltx-2.3-fast",), {}))
        held = False
        while not held:
            await asyncio.sleep(0.01)
            asset_id = (await studio.generations.get(planned.id)).asset_id
            held = asset_id is not None and isinstance(
                (await studio.assets.get(asset_id)).media, UnsavedMedia
            )
    sys.stdout.write(json.dumps({"commits": death.commits, "files": death.files}) + "\n")


if __name__ == "__main__":
    asyncio.run(main(DeathInSpool(sys.argv[1], int(sys.argv[2])), sys.argv[3]))
