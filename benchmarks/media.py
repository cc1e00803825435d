"""How fast ``/media`` sends a file beside nginx, the same file in the same run, asked by ``wrk``.

Both answer with the file in the system's cache. nginx sends it from the kernel; ours passes through
the gate and Python. Needs ``wrk`` and ``nginx`` (``apt install wrk nginx-light``): where they are
lacking, that is said and nothing is measured.
"""

from __future__ import annotations

import asyncio
import getpass
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes
from benchmarks.filled_library import add_file
from benchmarks.processes import BenchmarkError
from benchmarks.report import Row, medians

MEGABYTE = 2**20
FILE = 200 * MEGABYTE
SECONDS = 4
ROUNDS = 3
PART = 1024**2
PARTS_SHARE, WHOLE_SHARE = 0.8, 0.5
"""Of nginx's throughput that ours is to reach."""
GROWTH = 64
TOOLS = ("wrk", "nginx")
SCRIPT = """
local size, part, token = {size}, {part}, "{token}"
local headers = {{}}
if token ~= "" then headers["Authorization"] = "Bearer " .. token end
request = function()
  if part > 0 then
    local start = math.random(0, size - part)
    headers["Range"] = "bytes=" .. start .. "-" .. (start + part - 1)
  end
  return wrk.format("GET", nil, headers)
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.stderr:write(string.format('{{"bytes": %d, "us": %d, "requests": %d, "errors": %d}}',
    summary.bytes, summary.duration, summary.requests, e.connect + e.read + e.write + e.status))
end
"""
NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
user {user};
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {root}; types {{ video/mp4 mp4; }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    token: str = ""


def run() -> list[Row]:
    lacking = [tool for tool in TOOLS if shutil.which(tool) is None]
    if lacking:
        print(f"media is not measured: {' and '.join(lacking)} is not here.", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory(prefix="rushes-media-") as name:
        return _measure(Path(name))


def _measure(folder: Path) -> list[Row]:
    # Every user may enter: nginx gives its own worker another one.
    folder.chmod(0o755)
    home = folder / "library"
    asset_id, file = asyncio.run(add_file(home, FILE))
    with nginx(folder, file) as theirs, processes.studio(home) as studio:
        ours = Server(f"{studio.url}/media/{asset_id}", studio.token)
        before = processes.memory(studio.pid)
        parts = _compare(folder, ours, theirs, connections=8, part=PART)
        whole = _compare(folder, ours, theirs, connections=4, part=0)
        growth = processes.peak_memory(studio.pid) - before
    return [
        _row("1 MB ranges, 8 clients: time for a GB, beside nginx", parts, PARTS_SHARE),
        _row("whole file, 4 clients: time for a GB, beside nginx", whole, WHOLE_SHARE),
        Row("  memory meanwhile", growth, None, "MB", limit=GROWTH),
    ]


def _row(name: str, seconds: dict[str, float], share: float) -> Row:
    return Row(name, seconds["ours"], seconds["theirs"], "s", ratio_limit=1 / share)


def _compare(
    folder: Path, ours: Server, theirs: Server, *, connections: int, part: int
) -> dict[str, float]:
    """Seconds for a gigabyte, each the median of several turns."""
    return medians(
        ROUNDS,
        {
            "ours": lambda: _seconds_per_gigabyte(folder, ours, connections, part),
            "theirs": lambda: _seconds_per_gigabyte(folder, theirs, connections, part),
        },
    )


def _seconds_per_gigabyte(folder: Path, server: Server, connections: int, part: int) -> float:
    script = folder / "ask.lua"
    script.write_text(SCRIPT.format(size=FILE, part=part, token=server.token))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", str(script), server.url]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(ended.stderr)
    if found["errors"] or not found["bytes"]:
        raise BenchmarkError(f"{server.url} answered with errors: {found}")
    return float(found["us"] / 1e6 / (found["bytes"] / 1e9))


@contextmanager
def nginx(folder: Path, file: Path) -> Iterator[Server]:
    port = processes.free_port()
    config = folder / "nginx.conf"
    config.write_text(
        NGINX.format(folder=folder, port=port, root=file.parent, user=getpass.getuser())
    )
    with subprocess.Popen(
        ["nginx", "-c", str(config), "-e", str(folder / "error.log")],
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    ) as process:
        try:
            processes.wait_until_listening(port)
            yield Server(f"http://127.0.0.1:{port}/{file.name}")
        finally:
            process.terminate()
