"""How long saving a clip takes against the plainest shell pipeline, and how much memory it needs.

The clip comes from a loopback server inside this program. Ours: download, hash, fsync, rename.
The pipeline: ``curl -o``, ``sha256sum``, ``sync`` and ``mv``. Alone: ``python -m benchmarks.save``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import multiprocessing
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from benchmarks.report import Row
from rushes.store.download import Downloader
from rushes.store.intake import Received
from rushes.store.local_store import LocalStore
from rushes.store.media_hosts import MediaHosts

MEGABYTE = 2**20
GOAL_RATIO = 1.3
GOAL_GROWTH = 64
MEGABYTES = 500
MEMORY_MEGABYTES = 2000
ROUNDS = 3


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="rushes-save-") as folder:
        times = measure_time(Path(folder), MEGABYTES, ROUNDS)
        growth = measure_memory(Path(folder), MEMORY_MEGABYTES)
    ours, shell = times["rushes_seconds"], times["shell_seconds"]
    return [
        Row(f"save {MEGABYTES} MB, beside curl", ours, shell, "s", ratio_limit=GOAL_RATIO),
        Row(f"  memory for {MEMORY_MEGABYTES:,} MB", growth, None, "MB", limit=GOAL_GROWTH),
    ]


def serve(listener: socket.socket, file: Path) -> None:
    """Answer every request with the whole file, straight from the system's cache."""
    while True:
        connection, _ = listener.accept()
        with connection, file.open("rb") as body:
            connection.recv(65536)
            size = file.stat().st_size
            head = f"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: {size}\r\n\r\n"
            connection.sendall(head.encode())
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendfile(body)


@contextlib.contextmanager
def serving(file: Path) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = multiprocessing.get_context("fork").Process(target=serve, args=(listener, file))
    server.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.terminate()
        server.join()
        listener.close()


def write_clip(file: Path, megabytes: int) -> str:
    block = os.urandom(MEGABYTE)
    digest = hashlib.sha256()
    with file.open("wb") as out:
        for _ in range(megabytes):
            out.write(block)
            digest.update(block)
    return digest.hexdigest()


async def save(port: int, home: Path) -> Received:
    store = LocalStore(home)
    async with httpx.AsyncClient() as client:
        downloader = Downloader(client, MediaHosts.parse(f"127.0.0.1:{port}"))
        draft = store.draft("take", "media")
        url = f"http://127.0.0.1:{port}/clip.mp4"
        received = await downloader.fetch(url, draft, on_bytes=lambda _: None)
        await asyncio.to_thread(draft.publish, "media/clip.mp4")
    return received


def save_with_shell(port: int, folder: Path) -> str:
    part, target = folder / "clip.part", folder / "clip.mp4"
    subprocess.run(["curl", "-sS", "-o", part, f"http://127.0.0.1:{port}/clip.mp4"], check=True)
    digest = subprocess.run(["sha256sum", part], check=True, capture_output=True, text=True)
    subprocess.run(["sync", part], check=True)
    part.rename(target)
    subprocess.run(["sync", folder], check=True)
    return digest.stdout.split()[0]


def measure_time(folder: Path, megabytes: int, rounds: int) -> dict[str, float]:
    clip = folder / "source.mp4"
    digest = write_clip(clip, megabytes)
    ours, shell = [], []
    with serving(clip) as port:
        for _ in range(rounds):
            ours.append(timed(folder, lambda home: asyncio.run(save(port, home)).sha256, digest))
            shell.append(timed(folder, lambda home: save_with_shell(port, home), digest))
    clip.unlink()
    mine, theirs = statistics.median(ours), statistics.median(shell)
    return {"rushes_seconds": mine, "shell_seconds": theirs, "ratio": mine / theirs}


def timed(folder: Path, job: Callable[[Path], str], digest: str) -> float:
    home = folder / "home"
    home.mkdir()
    os.sync()
    start = time.perf_counter()
    found = job(home)
    seconds = time.perf_counter() - start
    shutil.rmtree(home)
    if found != digest:
        raise SystemExit("the saved bytes are not the served ones")
    return seconds


def measure_memory(folder: Path, megabytes: int) -> float:
    """Growth of the largest resident size, in MB, in a process of its own."""
    clip = folder / "source.mp4"
    write_clip(clip, megabytes)
    with serving(clip) as port:
        command = [sys.executable, "-m", "benchmarks.save", "--child", str(port), str(folder)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
    clip.unlink()
    return float(json.loads(answer.stdout)["growth"])


def child(port: int, folder: Path) -> None:
    home = folder / "home"
    home.mkdir()
    before = peak_kilobytes()
    asyncio.run(save(port, home))
    after = peak_kilobytes()
    shutil.rmtree(home)
    print(json.dumps({"growth": (after - before) / 1024}))


def peak_kilobytes() -> int:
    """The largest resident size so far. Linux's getrusage would count the parent's as well."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # macOS counts bytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    parser.add_argument("--memory-megabytes", type=int, default=MEMORY_MEGABYTES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, default=None, help="where to write (a real disk)")
    parser.add_argument("--child", nargs=2, metavar=("PORT", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(int(asked.child[0]), Path(asked.child[1]))
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        times = measure_time(Path(folder), asked.megabytes, asked.rounds)
        growth = measure_memory(Path(folder), asked.memory_megabytes)
    print(f"save {asked.megabytes} MB: rushes {times['rushes_seconds']:.2f} s, ", end="")
    print(f"shell {times['shell_seconds']:.2f} s")
    print(f"ratio {times['ratio']:.2f} (goal: at most {GOAL_RATIO})")
    print(f"memory for {asked.memory_megabytes} MB: +{growth:.0f} MB (goal: below {GOAL_GROWTH})")


if __name__ == "__main__":
    main()
