"""The programs that are measured, each as a process of its own, and what the system counted.

What a process used is read from ``/proc``, so these benchmarks need Linux.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PYTHON = sys.executable
STOP_SECONDS = 30
START_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 2**20
NO_FOLDER = "/nonexistent"


class BenchmarkError(Exception):
    """What was measured did not do its work, so its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A fal on this machine, as a process."""

    queue_url: str
    media_host: str
    key: str
    ledger: Path
    variables: Mapping[str, str]
    """The settings with which a studio orders here."""


@dataclass(frozen=True, slots=True)
class Studio:
    url: str
    token: str
    pid: int


@dataclass(frozen=True, slots=True)
class Program:
    pid: int
    answer: Mapping[str, Any]
    """The line of JSON that it printed."""
    chatter: IO[bytes]

    def said(self) -> str:
        """What it has written to its error output so far."""
        self.chatter.seek(0)
        return self.chatter.read().decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a piece of work took."""

    seconds: float
    processor: float
    """Seconds of processor time of the process itself, over all its threads."""
    children_processor: float
    """The same of its children, those that have ended and those that still run."""
    peak: float
    """MB, the most that was ever resident."""
    growth: float
    """MB, from before the work to the peak."""


@contextmanager
def emulator(folder: Path, **settings: float) -> Iterator[Emulator]:
    """The emulator of the tests, which writes down every request that it accepts."""
    ledger = folder / "ledger.jsonl"
    command = [PYTHON, "-m", "tests.emulator", "--port", "0", "--ledger", str(ledger)]
    for name, value in settings.items():
        command += ["--set", f"{name}={json.dumps(value)}"]
    with program(command) as running:
        answer = running.answer
        variables = {
            "FAL_KEY": answer["key"],
            "RUSHES_FAL_QUEUE_URL": answer["queue_url"],
            "RUSHES_FAL_PLATFORM_URL": answer["platform_url"],
            "RUSHES_MEDIA_HOSTS": answer["media_host"],
        }
        yield Emulator(answer["queue_url"], answer["media_host"], answer["key"], ledger, variables)


def studio_command(home: Path, *python_options: str) -> list[str]:
    options = ["--no-browser", "--port", "0", "--json", "--home", str(home)]
    return [PYTHON, *python_options, "-m", "rushes", "studio", *options]


@contextmanager
def studio(home: Path, variables: Mapping[str, str] | None = None) -> Iterator[Studio]:
    """The real studio over a library; entered as soon as it answers requests."""
    with program(studio_command(home), variables) as running:
        url = running.answer["url"]
        wait_until_healthy(url)
        yield Studio(url, running.answer["token"], running.pid)


@contextmanager
def program(
    command: Sequence[str],
    variables: Mapping[str, str] | None = None,
) -> Iterator[Program]:
    """A program that prints one line of JSON when it is ready; told to stop at the end."""
    with tempfile.TemporaryFile() as chatter:
        process = subprocess.Popen(
            command, env=environment(variables), stdout=subprocess.PIPE, stderr=chatter
        )
        try:
            running = Program(process.pid, _first_line(process, chatter), chatter)
            yield from _showing_chatter(running)
        finally:
            _stop(process)


def _showing_chatter(running: Program) -> Iterator[Program]:
    """When something goes wrong meanwhile, what the program said may tell why."""
    try:
        yield running
    except Exception:
        sys.stderr.write(running.said())
        raise


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    finally:
        assert process.stdout is not None
        process.stdout.close()


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment without what it says about somebody's own library."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "FAL_KEY" and not name.startswith("RUSHES_")
    }
    return kept | {"XDG_CONFIG_HOME": NO_FOLDER} | dict(variables or {})


def _first_line(process: subprocess.Popen[bytes], chatter: IO[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait(STOP_SECONDS)
        chatter.seek(0)
        said = chatter.read().decode(errors="replace")
        raise BenchmarkError(f"The program ended with {process.returncode} and said: {said}")
    answer: dict[str, Any] = json.loads(line)
    return answer


def wait_until_healthy(url: str) -> None:
    """Return at the first 200 of ``/api/health``."""
    latest = time.monotonic() + START_SECONDS
    while not _is_healthy(url):
        if time.monotonic() > latest:
            raise BenchmarkError(f"{url} was not healthy within {START_SECONDS} s.")
        time.sleep(0.002)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def wait_until_listening(port: int) -> None:
    latest = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionRefusedError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.01)
        else:
            return


def _is_healthy(url: str) -> bool:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()


def usage(pid: int, seconds: float, memory_before: float) -> Usage:
    """What a process has used by now, for work that took these seconds."""
    peak = peak_memory(pid)
    return Usage(
        seconds=seconds,
        processor=processor_seconds(pid),
        children_processor=_children_seconds(pid),
        peak=peak,
        growth=peak - memory_before,
    )


def processor_seconds(pid: int) -> float:
    return sum(_times(pid)[:2]) / TICKS


def _children_seconds(pid: int) -> float:
    running = (sum(_times(child)) for child in _children(pid))
    return (sum(_times(pid)[2:]) + sum(running)) / TICKS


def _times(pid: int) -> list[int]:
    """Ticks: its own in user and system mode, and the same of its ended children."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(word) for word in after_name[11:15]]


def _children(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for one in lists for child in one.read_text().split()]


def memory(pid: int) -> float:
    """Resident now, in MB."""
    return _status(pid, "VmRSS")


def peak_memory(pid: int) -> float:
    """The most that was ever resident, in MB."""
    return _status(pid, "VmHWM")


def _status(pid: int, name: str) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition(f"{name}:")[2].split()[0]) * 1024 / MEGABYTE
