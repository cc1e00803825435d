"""A studio that relinks its one asset, and kills its own process at a chosen place.

``python -m tests.crash.relinking_victim PLACE NUMBER FILE``, as ``tests.crash.victim``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from rushes.domain.listing import Filter
from rushes.settings import load_settings
from rushes.studio import open_studio
from tests.crash.victim import QUICK, Death


async def main(death: Death, file: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield file.read_bytes()

    async with open_studio(load_settings(), pace=QUICK) as studio:
        page, _ = await studio.assets.page(Filter(), limit=1)
        death.watch()
        await studio.relinks.relink(page.items[0].id, file.name, pieces(), anyway=False)
    sys.stdout.write(json.dumps({"commits": death.commits, "files": death.files}) + "\n")


if __name__ == "__main__":
    asyncio.run(main(Death(sys.argv[1], int(sys.argv[2])), Path(sys.argv[3])))
