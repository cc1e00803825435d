"""`rushes studio`: open the library and serve its page."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path

from rushes.cli.exit_codes import Exit
from rushes.cli.output import Output
from rushes.key_store import find_key
from rushes.server.serve import address_of, door_of, listen, serve
from rushes.settings import load_settings
from rushes.studio import open_studio


async def open_and_serve(
    output: Output, *, home: Path | None, host: str, port: int, browser: bool
) -> Exit:
    listening = listen(host, port)
    with listening:
        async with open_studio(load_settings(home), find_key=find_key) as studio:
            door = door_of(studio, listening)
            url = address_of(door)
            way_in = f"{url}/?token={studio.token}"
            unfinished = await studio.pipeline.resume()
            studio.lock.announce(url)
            output.document({"url": url, "token": studio.token, "pid": os.getpid()})
            output.line(f"Rushes is open at {way_in}")
            output.say(f"The library is {studio.settings.home}. Stop with Ctrl+C.")
            if unfinished:
                output.say(f"{unfinished} unfinished generations go on.")
            if browser and not output.as_json:
                webbrowser.open(way_in)
            await serve(studio, door, listening)
    return Exit.DONE
