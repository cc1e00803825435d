"""`rushes key`: keep the fal key, remove it, or say whether there is one. Never shows it."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import httpx
from pydantic import SecretStr

from rushes.cli.connection import ProblemAnswerError, connect_if_open
from rushes.cli.exit_codes import Exit
from rushes.cli.output import Output
from rushes.domain.errors import RushesError
from rushes.key_store import FoundKey, Place, find_key, keep_key, key_file, remove_key
from rushes.settings import load_settings

WHERE = {
    Place.ENVIRONMENT: "in the variable FAL_KEY",
    Place.KEYRING: "in the system keyring",
    Place.FILE: "in a file that only you can read",
}


async def keep(output: Output, home: Path | None) -> Exit:
    place = keep_key(_typed(output))
    output.line(f"The key is {_words(place)}.")
    return await _tell(output, home)


async def remove(output: Output, home: Path | None) -> Exit:
    removed = remove_key()
    for place in removed:
        output.line(f"The key was {_words(place)}; it is removed.")
    if not removed:
        output.line("There was no key to remove.")
    return await _tell(output, home)


async def show(output: Output) -> Exit:
    found = find_key()
    if found.place is None:
        output.line("There is no key. `rushes key` asks for one.")
    else:
        output.line(f"The key is {_words(found.place)}.")
    output.document(_document(found))
    return Exit.DONE


def _typed(output: Output) -> SecretStr:
    """Asked for without showing it, or read from what is piped in."""
    if not sys.stdin.isatty():
        return SecretStr(sys.stdin.readline().strip())
    output.say("The key of your fal account; it is not shown while you type or paste it.")
    return SecretStr(getpass.getpass("fal key: ").strip())


def _words(place: Place) -> str:
    return f"{WHERE[place]} ({key_file()})" if place is Place.FILE else WHERE[place]


def _document(found: FoundKey) -> dict[str, str | None]:
    return {"place": None if found.place is None else found.place.value}


async def _tell(output: Output, home: Path | None) -> Exit:
    """Have an open studio read the key anew, and say what counts from now on."""
    found = find_key()
    if found.place is Place.ENVIRONMENT:
        output.say("FAL_KEY is set and counts before it.")
    output.document(_document(found))
    try:
        async with connect_if_open(load_settings(home).home) as api:
            if api is not None:
                await api.post("/api/providers/fal/look")
                output.say("The open studio has read it.")
    except (httpx.HTTPError, ProblemAnswerError, RushesError):
        # The key is kept all the same. A studio looks for it again when its page is looked at.
        output.say("The open studio was not reached; start it again to be sure.")
    return Exit.DONE
