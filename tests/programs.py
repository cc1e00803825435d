"""Rushes as a person starts it: whole programs, told everything by their environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.emulator import FalEmulator

RUSHES = (sys.executable, "-m", "rushes")


def environment_for(home: Path, fal: FalEmulator | None, **changes: str) -> dict[str, str]:
    """The environment of a program; without an emulator there is no key and no network."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RUSHES_")}
    clean.pop("FAL_KEY", None)
    mine = {
        "RUSHES_HOME": str(home),
        "RUSHES_SPOOL": str(home.with_name(f"{home.name}-spool")),
        "XDG_CONFIG_HOME": str(home.parent / "config"),
    }
    if fal is not None:
        mine |= {
            "FAL_KEY": fal.key,
            "RUSHES_FAL_QUEUE_URL": fal.queue_url,
            "RUSHES_FAL_PLATFORM_URL": fal.platform_url,
            "RUSHES_MEDIA_HOSTS": fal.media_host,
        }
    return clean | mine | changes


def rushes(
    *arguments: str | Path, environment: dict[str, str], timeout: float = 90
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RUSHES, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


@dataclass(frozen=True)
class OpenStudio:
    url: str
    token: str
    process: subprocess.Popen[str]

    @property
    def way_in(self) -> str:
        return f"{self.url}/?token={self.token}"


@contextmanager
def open_studio_program(environment: dict[str, str], port: int = 0) -> Iterator[OpenStudio]:
    """A studio in its own process, ended in order at the end."""
    process = subprocess.Popen(
        [*RUSHES, "studio", "--no-browser", "--json", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        opened = json.loads(line)
        yield OpenStudio(opened["url"], opened["token"], process)
    finally:
        process.terminate()
        process.communicate(timeout=30)
