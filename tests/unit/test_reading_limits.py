"""What the process that opens media files may not do, and what it is not given."""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rushes.media.worker_process import kept_environment
from tests.sample_media import make_image

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")


@posix_only
def test_processor_time_that_is_used_up_ends_the_process() -> None:
    code = (
        "from rushes.media.limits import Limits, grant_cpu\n"
        "grant_cpu(Limits(cpu_seconds=0))\n"
        "while True: pass"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False)
    assert ended.returncode == -signal.SIGXCPU


@posix_only
def test_the_reading_process_may_not_write_files(tmp_path: Path) -> None:
    code = (
        "import sys; from rushes.media.limits import Limits, bind_process\n"
        "bind_process(Limits())\n"
        "try: open(sys.argv[1], 'wb', buffering=0).write(b'x')\n"
        "except OSError as error: print(error.errno)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "x")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) == errno.EFBIG


def test_the_reading_process_gets_no_secret() -> None:
    given = {"PATH": "/bin", "FAL_KEY": "secret", "AWS_SECRET_ACCESS_KEY": "secret", "HOME": "/me"}
    assert kept_environment(given) == {"PATH": "/bin"}


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs to wait for another's process")
def test_the_reading_process_ends_with_the_studio(tmp_path: Path) -> None:
    image = make_image(tmp_path / "a.png")
    code = (
        "import asyncio, os, sys; from pathlib import Path\n"
        "from rushes.media.probe import Prober\n"
        "async def main():\n"
        "    prober = Prober(); await prober.probe(Path(sys.argv[1]))\n"
        "    print(*prober.idle_process_ids, flush=True); sys.stdin.read(); os._exit(9)\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", code, str(image)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as studio:
        assert studio.stdout is not None
        reading = os.pidfd_open(int(studio.stdout.readline()))
        studio.kill()
    ended, _, _ = select.select([reading], [], [], 20)
    os.close(reading)
    assert ended
