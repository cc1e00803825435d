"""Studios in processes of their own that open at once.

What takes long about a start is that Python loads the modules. Here one process has loaded them,
and each studio is a copy of it: a whole program otherwise, with its own environment, that can be
killed.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

STARTS = 60.0
ENDS = 30.0

_loaded = multiprocessing.get_context("forkserver")
_loaded.set_forkserver_preload(["rushes.cli.main", "rushes.server.app", __name__])


@dataclass(frozen=True)
class OpenStudio:
    url: str
    token: str
    process: ForkServerProcess

    @property
    def way_in(self) -> str:
        return f"{self.url}/?token={self.token}"


@contextmanager
def open_studio(environment: Mapping[str, str], port: int = 0) -> Iterator[OpenStudio]:
    """Ended in order at the end."""
    here, there = _loaded.Pipe(duplex=False)
    process = _loaded.Process(target=_run, args=(dict(environment), port, there))
    process.start()
    there.close()
    try:
        assert here.poll(STARTS), "the studio did not open"
        opened = json.loads(os.read(here.fileno(), 65536).splitlines()[0])
        yield OpenStudio(opened["url"], opened["token"], process)
    finally:
        process.terminate()
        process.join(ENDS)
        here.close()


def _run(environment: Mapping[str, str], port: int, says: Connection) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(says.fileno(), sys.stdout.fileno())
    says.close()
    sys.argv = ["rushes", "studio", "--no-browser", "--json", "--port", str(port)]
    from rushes.cli.main import main

    main()
