"""A studio that lets go of all it has, and kills its own process at a chosen place.

``python -m tests.crash.letting_go_victim PLACE NUMBER``, as ``tests.crash.victim``.
"""

from __future__ import annotations

import asyncio
import json
import sys

from rushes.settings import load_settings
from rushes.studio import open_studio
from tests.crash.victim import QUICK, Death


async def main(death: Death) -> None:
    async with open_studio(load_settings(), pace=QUICK) as studio:
        await studio.pipeline.resume()
        letting_go = studio.pipeline.letting_go
        wanted = await letting_go.all_saved(None)
        death.watch()
        await letting_go.let_go(wanted)
    sys.stdout.write(json.dumps({"commits": death.commits, "files": death.files}) + "\n")


if __name__ == "__main__":
    asyncio.run(main(Death(sys.argv[1], int(sys.argv[2]))))
