"""Rushes as a person starts it: whole programs, told everything by their environment.

What takes long about a start is that Python loads the modules. Here one process has loaded them,
and a program is a copy of it: a whole one otherwise, with an environment and streams of its own,
that can be killed. ``RUSHES`` is the command for one that starts from nothing.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.emulator import FalEmulator

RUSHES = (sys.executable, "-m", "rushes")
STARTS = 60.0
ENDS = 30.0

LATE = (
    *("rushes.cli.output", "rushes.cli.running", "rushes.cli.studio", "rushes.cli.generate"),
    *("rushes.cli.look", "rushes.cli.recover", "rushes.cli.add", "rushes.cli.doctor"),
    *("rushes.cli.key", "rushes.cli.trash"),
    *("alembic.command", "alembic.op", "httpcore", "uvloop", "keyring"),
    *("keyring.backends.SecretService", "keyring.backends.kwallet", "keyring.backends.libsecret"),
    *("keyring.backends.chainer", "keyring.backends.macOS", "keyring.backends.Windows"),
)
"""What a program loads only when it needs it. A test's does: a new library, a key, a network."""

_loaded = multiprocessing.get_context("forkserver")
_loaded.set_forkserver_preload(["rushes.cli.main", "rushes.server.app", *LATE, __name__])


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


class Program:
    """``python -m MODULE ARGUMENTS`` from loaded modules; used as a ``subprocess.Popen`` is."""

    _ours = threading.Lock()
    """Whatever starts or collects one looks at all others as well, and may collect them."""

    def __init__(
        self,
        module: str,
        *arguments: str | Path,
        environment: Mapping[str, str],
        stdin: IO[bytes] | int | None = None,
        stdout: IO[bytes] | int,
        stderr: IO[bytes] | int,
    ) -> None:
        self.command = [module, *map(str, arguments)]
        with Path(os.devnull).open("rb") as nothing:
            given = [nothing if stdin is None else stdin, stdout, stderr]
            streams = [Connection(os.dup(_descriptor(stream))) for stream in given]
        with self._ours:
            self._process: ForkServerProcess = _loaded.Process(
                target=_become, args=(self.command, dict(environment), streams)
            )
            self._process.start()
        for stream in streams:
            stream.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        with self._ours:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        if not wait([self._process.sentinel], timeout):
            raise subprocess.TimeoutExpired(self.command, timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def _descriptor(stream: IO[bytes] | int) -> int:
    return stream if isinstance(stream, int) else stream.fileno()


def _become(command: list[str], environment: dict[str, str], streams: list[Connection]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    module, *sys.argv[1:] = command
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def run(
    module: str,
    *arguments: str | Path,
    environment: Mapping[str, str],
    given: str = "",
    timeout: float = 90,
) -> subprocess.CompletedProcess[str]:
    """As ``subprocess.run`` with the output captured and ``given`` as the input."""
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(given.encode())
        stdin.seek(0)
        program = Program(
            module,
            *arguments,
            environment=environment,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )
        try:
            code = program.wait(timeout)
        finally:
            program.kill()
        return subprocess.CompletedProcess(
            program.command, code, _all_of(stdout).decode(), _all_of(stderr).decode()
        )


def _all_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def rushes(
    *arguments: str | Path, environment: Mapping[str, str], given: str = "", timeout: float = 90
) -> subprocess.CompletedProcess[str]:
    return run("rushes", *arguments, environment=environment, given=given, timeout=timeout)


@dataclass(frozen=True)
class OpenStudio:
    url: str
    token: str
    process: Program
    output: IO[bytes]
    """What it says, but for the line with its address."""

    @property
    def way_in(self) -> str:
        return f"{self.url}/?token={self.token}"

    def end(self) -> str:
        """End it in order. Returns what it has said."""
        self.process.terminate()
        self.process.wait(ENDS)
        return _all_of(self.output).decode()


def start_studio(
    environment: Mapping[str, str], output: IO[bytes], port: int = 0
) -> tuple[Program, IO[bytes]]:
    """The program, and where it will say its address; everything else goes to ``output``."""
    told, says = os.pipe()
    asked = ("rushes", "studio", "--no-browser", "--json", "--port", str(port))
    program = Program(*asked, environment=environment, stdout=says, stderr=output)
    os.close(says)
    return program, os.fdopen(told, "rb")


@contextmanager
def open_studio(environment: Mapping[str, str], port: int = 0) -> Iterator[OpenStudio]:
    """Ended in order at the end."""
    with TemporaryFile() as output:
        program, told = start_studio(environment, output, port)
        try:
            assert wait([told.fileno()], STARTS), "the studio did not open"
            line = told.readline()
            assert line, _all_of(output).decode()
            opened = json.loads(line)
            yield OpenStudio(opened["url"], opened["token"], program, output)
        finally:
            program.terminate()
            program.wait(ENDS)
            told.close()
