"""`rushes studio`: open the library and serve its page."""

from __future__ import annotations

import asyncio
import os
import threading
import webbrowser
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rushes.cli.exit_codes import Exit
from rushes.cli.output import Output
from rushes.cli.window import Window, find_browser
from rushes.domain.errors import StorageError
from rushes.key_store import KEY_VARIABLE, find_key
from rushes.server.gate import Door
from rushes.server.serve import address_of, door_of, listen, serve
from rushes.settings import load_settings
from rushes.studio import Studio, open_studio

LOOK_EVERY = 0.1
LOOKS = 80
"""For so many looks a browser which was already open may take to show what it was handed over."""


@dataclass(frozen=True, slots=True)
class Face:
    """How the studio is shown."""

    browser: bool
    """Whether the ordinary browser may be opened."""
    desktop: bool
    """Whether it gets a window of its own."""


def quick_loop() -> asyncio.AbstractEventLoop:
    """Uvicorn's loop of choice, where there is one for this system: it serves files faster."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def open_and_serve(
    output: Output, *, home: Path | None, host: str, port: int, face: Face
) -> Exit:
    listening = listen(host, port)
    with listening:
        # Read once: no browser that is opened from here gets to see it.
        environment = dict(os.environ)
        os.environ.pop(KEY_VARIABLE, None)
        opening = open_studio(
            load_settings(home, environment), find_key=partial(find_key, environment)
        )
        async with opening as studio, AsyncExitStack() as closing:
            door = door_of(studio, listening)
            url = address_of(door)
            unfinished = await studio.pipeline.resume()
            studio.lock.announce(url)
            output.document({"url": url, "token": studio.token, "pid": os.getpid()})
            output.line(f"Rushes is open at {url}/?token={studio.token}")
            output.say(f"The library is {studio.settings.home}. Stop with Ctrl+C.")
            if unfinished:
                output.say(f"{unfinished} unfinished generations go on.")
            shown = Shown(output, studio, door, face)
            if face.desktop:
                window = await shown.open_window()
                if window is not None:
                    closing.push_async_callback(window.close)
                    await serve(studio, door, listening, until=shown.closed(window))
                    return Exit.DONE
            else:
                shown.open_browser()
            await serve(studio, door, listening)
    return Exit.DONE


class Shown:
    """The studio, shown in a window or a browser on this machine."""

    def __init__(self, output: Output, studio: Studio, door: Door, face: Face) -> None:
        self._output = output
        self._studio = studio
        self._door = door
        self._face = face

    def open_browser(self) -> None:
        if self._face.browser and not self._output.as_json:
            # Some browsers end only when they are closed: nobody waits for that.
            opening = threading.Thread(target=webbrowser.open, args=[self._way_in()], daemon=True)
            opening.start()

    async def open_window(self) -> Window | None:
        """None when there is none; then the ordinary browser is opened, and that is said."""
        browser = find_browser()
        if browser is None:
            self._say_no_window("No Chromium, Chrome or Edge was found.")
            return None
        profile = self._studio.settings.home / "cache" / "window"
        try:
            return await Window.open(browser, self._way_in(), profile)
        except (OSError, StorageError) as error:
            self._say_no_window(f"{browser} could not be started: {error}.")
            return None

    async def closed(self, window: Window) -> None:
        """Return when the person has closed the window; never when it has not opened at all."""
        status = await window.until_closed()
        was_used = not self._door.tickets.is_any_open
        if was_used and not window.is_elsewhere:
            self._say_closed()
            return
        if was_used or (status == 0 and await self._is_used_yet()):
            self._output.say(
                "A browser that was already open has taken the window: closing it does not stop "
                "the studio. Stop with Ctrl+C."
            )
        else:
            # Nobody has come in with its ticket.
            self._say_no_window(f"The window did not open: the browser ended with {status}.")
        await asyncio.Event().wait()

    async def _is_used_yet(self) -> bool:
        """Whether somebody comes in with the ticket, within the time that this may take."""
        for _ in range(LOOKS):
            if not self._door.tickets.is_any_open:
                return True
            await asyncio.sleep(LOOK_EVERY)
        return False

    def _say_closed(self) -> None:
        under_way = len(self._studio.pipeline.driven())
        self._output.say("The window was closed, so the studio stops.")
        if under_way:
            self._output.say(f"{under_way} unfinished generations go on when it is opened again.")

    def _way_in(self) -> str:
        return f"{address_of(self._door)}/?ticket={self._door.tickets.issue()}"

    def _say_no_window(self, why: str) -> None:
        where = "It opens in your ordinary browser instead." if self._face.browser else ""
        self._output.say(f"{why} The studio has no window of its own. {where}".rstrip())
        self.open_browser()
