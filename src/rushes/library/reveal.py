"""Opens the folder of a file in the file manager of this machine, without a shell."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
from pathlib import Path

from rushes.domain.errors import CannotRevealError

PATIENCE = 3.0
"""Seconds in which a program that cannot open anything says so."""
SECRETS = ("FAL_", "RUSHES_")
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


class Reveal:
    def __init__(self) -> None:
        self._opened: set[asyncio.Task[int]] = set()
        """The programs that are still open: somebody has to take note of their end."""

    async def show(self, file: Path) -> None:
        """Open the folder that the file lies in, with the file chosen where that is possible.

        Raises:
            CannotRevealError: there is no file manager, or it did not open the folder.
        """
        command = _command(file)
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # it stays open when the studio ends
            )
        except OSError as error:
            raise CannotRevealError(f"{command[0]}: {error.strerror}.") from error
        ended = asyncio.create_task(process.wait())
        self._opened.add(ended)
        ended.add_done_callback(self._opened.discard)
        with contextlib.suppress(TimeoutError):  # it runs on: that is the file manager itself
            status = await asyncio.wait_for(asyncio.shield(ended), PATIENCE)
            _check(command[0], status)

    def close(self) -> None:
        for waiting in self._opened:
            waiting.cancel()


def _command(file: Path) -> list[str]:
    if not file.parent.is_dir():
        raise CannotRevealError(f"{file.parent} is not there.")
    if sys.platform == "darwin":
        return ["open", "-R", str(file)] if file.exists() else ["open", str(file.parent)]
    if sys.platform == "win32":
        return ["explorer", f"/select,{file}"]
    opener = shutil.which("xdg-open")
    if opener is None:
        raise CannotRevealError("xdg-open is not installed.")
    if not any(os.environ.get(name) for name in SCREENS):
        raise CannotRevealError("The studio runs without a screen.")
    return [opener, str(file.parent)]


def _check(program: str, status: int) -> None:
    # The file manager of Windows ends with 1 when all is well.
    if status == 0 or sys.platform == "win32":
        return
    raise CannotRevealError(f"{program} ended with status {status}.")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
