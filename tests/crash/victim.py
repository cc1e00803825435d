"""A studio that kills its own process at a chosen place, or runs to the end and counts the places.

``python -m tests.crash.victim PLACE NUMBER [PROMPT]`` with PLACE one of:

- ``before-commit``: before the NUMBERth commit reaches the disk
- ``after-commit``: as soon as the NUMBERth commit is on the disk
- ``file``: before the NUMBERth link, rename, removal or creation of a file below ``media/``
- ``never``: prints ``{"commits": …, "files": …}`` at the end
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

from rushes.pipeline.pace import Backoff, Pace, Patience
from rushes.pipeline.plan import Ask
from rushes.settings import load_settings
from rushes.studio import open_studio

QUICK = Pace(
    poll=Patience(least=0.02, share=0.2, longest=0.2),
    settle=Backoff(first=0.1, factor=1.5, longest=0.5),
    settle_for=1,
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Death:
    place: str
    number: int
    commits: int = 0
    files: int = 0
    has_committed: bool = False

    def watch(self) -> None:
        event.listen(Engine, "commit", self.on_commit)
        event.listen(Pool, "checkin", self.on_checkin)
        sys.addaudithook(self.on_audit)

    def on_commit(self, _connection: Connection) -> None:
        self.commits += 1
        self.has_committed = True
        self.meet("before-commit", self.commits)

    def on_checkin(self, *_: object) -> None:
        if self.has_committed:
            self.has_committed = False
            self.meet("after-commit", self.commits)

    def on_audit(self, name: str, arguments: tuple[object, ...]) -> None:
        is_change = name in {"os.link", "os.rename", "os.remove"} or (
            name == "open" and isinstance(arguments[2], int) and bool(arguments[2] & WRITES)
        )
        if is_change and "/media/" in str(arguments[0]):
            self.files += 1
            self.meet("file", self.files)

    def meet(self, place: str, number: int) -> None:
        if (self.place, self.number) == (place, number):
            os.kill(os.getpid(), signal.SIGKILL)


async def main(death: Death, prompt: str | None) -> None:
    async with open_studio(load_settings(), pace=QUICK) as studio:
        await studio.pipeline.resume()
        death.watch()
        if prompt is not None:
            [(project, _)] = await studio.projects.list_all()
            await studio.pipeline.generate(
                project.id, Ask(prompt, ("ltx-2.3-fast",), {"duration": 6})
            )
        await studio.pipeline.until_quiet()
    sys.stdout.write(json.dumps({"commits": death.commits, "files": death.files}) + "\n")


if __name__ == "__main__":
    given = sys.argv[3] if len(sys.argv) > 3 else None
    asyncio.run(main(Death(sys.argv[1], int(sys.argv[2])), given))
