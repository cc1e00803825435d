"""A window of its own for the studio: an installed Chromium, Chrome or Edge in its app mode.

It runs with a profile of its own, kept in the library's cache: no extension of the person's own
browser sees the studio, and the process ends when its window is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
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
OWNER = "SingletonLock"
"""In a profile: a link that names the host and the process which has it, as ``host-123``.

That process takes the windows of all that are started after it with the same profile.
"""
PATIENCE = 5.0
"""Seconds that the window gets to close when the studio is stopped."""


def find_browser(which: Callable[[str], str | None] = shutil.which) -> Path | None:
    found = next(filter(None, map(which, NAMES)), None)
    if found is not None:
        return Path(found)
    return next((app for app in APPS if app.is_file()), None)


class Window:
    def __init__(self, process: asyncio.subprocess.Process, profile: Path) -> None:
        self._process = process
        self._profile = profile

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
        return cls(process, profile)

    async def until_closed(self) -> int:
        """Wait until the window is closed, or has never opened. Returns its exit status."""
        return await self._process.wait()

    @property
    def is_elsewhere(self) -> bool:
        """Whether, after an orderly end, another browser has the profile: it got the window."""
        return self._process.returncode == 0 and _has_owner(self._profile)

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


def _has_owner(profile: Path) -> bool:
    """Whether a browser that runs has this profile; one that was ended may leave its name there."""
    try:
        process_id = int(str((profile / OWNER).readlink()).rpartition("-")[2])
        os.kill(process_id, 0)
    except (OSError, ValueError):
        return False
    return True
