"""A window of its own for the studio: an installed Chromium, Chrome or Edge in its app mode.

It runs with a profile of its own, kept in the library's cache: no extension of the person's own
browser sees the studio, and the process ends when its window is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

from rushes.store.storage_errors import storage_errors

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
)
APPS = tuple(
    Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    for name in ("Google Chrome", "Chromium", "Microsoft Edge")
)
"""Where macOS has them; on the PATH they are not."""
QUIET = (
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-mode",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-crash-restore-bubble",
    "--window-size=1440,900",
)
"""It shows the studio and does nothing else: asks no questions, calls nobody, stays nowhere."""
PATIENCE = 5.0
"""Seconds that the window gets to close when the studio is stopped."""


def find_browser(which: Callable[[str], str | None] = shutil.which) -> Path | None:
    found = next(filter(None, map(which, NAMES)), None)
    if found is not None:
        return Path(found)
    return next((app for app in APPS if app.is_file()), None)


class Window:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def open(cls, browser: Path, url: str, profile: Path) -> Window:
        """``url`` can be read by every user of this machine as long as the window is open.

        Raises:
            OSError: the browser cannot be started.
            StorageError: its profile cannot be made.
        """
        await asyncio.to_thread(_make_private, profile)
        process = await asyncio.create_subprocess_exec(
            browser,
            f"--app={url}",
            f"--user-data-dir={profile}",
            *QUIET,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the studio, which then closes this
        )
        return cls(process)

    async def until_closed(self) -> int:
        """Wait until the window is closed, or has never opened. Returns its exit status."""
        return await self._process.wait()

    async def close(self) -> None:
        if self._process.returncode is not None:
            return
        self._process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._process.wait()
                return
        self._process.kill()
        await self._process.wait()


def _make_private(profile: Path) -> None:
    with storage_errors(profile):
        profile.mkdir(mode=0o700, parents=True, exist_ok=True)
