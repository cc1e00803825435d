"""`rushes studio --desktop` with a real browser on a screen of its own (Xvfb)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from tests.browser.conftest import NAMES
from tests.programs import RUSHES, environment_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PATIENCE = 60


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    if shutil.which("Xvfb") is None:
        pytest.skip("no Xvfb on this machine: on Debian, sudo apt-get install xvfb")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    with server.stdout:
        yield f":{server.stdout.readline().strip()}"
        server.terminate()
        server.wait(PATIENCE)


def a_program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return folder


@pytest.fixture
def environment(tmp_path: Path, screen: str) -> dict[str, str]:
    return environment_for(
        tmp_path / "library", None, DISPLAY=screen, FAL_KEY="id:a-secret-of-somebody"
    )


@contextlib.contextmanager
def a_studio(
    environment: dict[str, str], *more: str
) -> Iterator[tuple[subprocess.Popen[str], dict]]:
    studio = subprocess.Popen(
        [*RUSHES, "studio", "--desktop", "--port", "0", "--json", *more],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert studio.stdout is not None
    try:
        yield studio, json.loads(studio.stdout.readline())
    finally:
        if studio.poll() is None:
            studio.terminate()
        studio.communicate(timeout=PATIENCE)


def until_file(path: Path, studio: subprocess.Popen[str]) -> str:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and studio.poll() is None:
        if path.exists() and (text := path.read_text()).count("\n"):
            return text
        time.sleep(0.05)
    raise AssertionError(f"{path} did not come into being")


def processes_below(process_id: int) -> Iterator[int]:
    children = Path(f"/proc/{process_id}/task/{process_id}/children")
    for child in children.read_text().split():
        yield int(child)
        yield from processes_below(int(child))


def test_the_window_shows_the_studio_without_a_token_anywhere_and_closing_it_ends_the_studio(
    environment: dict[str, str], tmp_path: Path
) -> None:
    real = next(filter(None, map(shutil.which, NAMES)), None)
    if real is None:
        pytest.skip("no Chromium on this machine")
    # Chromium cannot put root into its sandbox; the port is for looking at what it shows.
    as_root = "--no-sandbox" if os.geteuid() == 0 else ""
    programs = a_program(
        tmp_path / "bin", "chromium", f'exec {real} {as_root} --remote-debugging-port=0 "$@"'
    )
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    with a_studio(environment) as (studio, opened):
        profile = tmp_path / "library" / "cache" / "window"
        port = until_file(profile / "DevToolsActivePort", studio).split()[0]
        token = opened["token"].encode()
        for process_id in processes_below(studio.pid):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                assert token not in Path(f"/proc/{process_id}/cmdline").read_bytes()
                assert b"a-secret-of" not in Path(f"/proc/{process_id}/environ").read_bytes()
        with sync_playwright() as playwright:
            browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            [page] = browser.contexts[0].pages
            page.wait_for_url(f"{opened['url']}/?project=*")
            page.get_by_role("heading").first.wait_for()
            assert page.evaluate("matchMedia('(display-mode: standalone)').matches")
            session = browser.contexts[0].new_cdp_session(page)
            history = session.send("Page.getNavigationHistory")["entries"]
            # The page itself adds which project is open, and nothing else is left of the way in.
            addresses = [one["url"].partition("?project=")[0] for one in history]
            assert addresses == [f"{opened['url']}/"]
            page.close()
        _, said = studio.communicate(timeout=PATIENCE)
    assert studio.returncode == 0, said
    assert "The window was closed, so the studio stops." in said
    assert profile.stat().st_mode & 0o077 == 0
    assert not [one for one in profile.rglob("*") if one.is_file() and token in one.read_bytes()]


HAND_OVER = """#!{python}
import http.client, os, sys, time, urllib.parse
address = sys.argv[1].removeprefix("--app=")
profile = sys.argv[2].removeprefix("--user-data-dir=")
ended_first = {ended_first}
reading, writing = os.pipe()
if os.fork():
    # The browser that is started: it hands its window over and ends.
    os.close(writing)
    if not ended_first:
        os.read(reading, 1)
    os._exit(0)
# The browser that was open already, and has the profile.
os.symlink("here-" + str(os.getpid()), os.path.join(profile, "SingletonLock"))
if ended_first:
    time.sleep(2)
parts = urllib.parse.urlsplit(address)
studio = http.client.HTTPConnection(parts.netloc)
studio.request("GET", parts.path + "?" + parts.query)
studio.getresponse().read()
os.write(writing, b"1")
open({seen!r}, "w").write(address + chr(10))
time.sleep(600)
"""


@pytest.mark.parametrize("ended_first", [True, False])
def test_a_window_that_an_open_browser_has_taken_is_not_called_closed_or_missing(
    environment: dict[str, str], tmp_path: Path, *, ended_first: bool
) -> None:
    """It is started by a studio that was killed since, and shows the next one too."""
    seen, ordinary = tmp_path / "seen", tmp_path / "ordinary-was-opened"
    programs = a_program(tmp_path / "bin", "browse", f'echo "$1" > {ordinary}')
    browser = programs / "chromium"
    browser.write_text(
        HAND_OVER.format(python=sys.executable, ended_first=ended_first, seen=str(seen))
    )
    browser.chmod(0o755)
    environment |= {"PATH": str(programs), "BROWSER": f"{programs}/browse %s"}
    studio = subprocess.Popen(
        [*RUSHES, "studio", "--desktop", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    owner = tmp_path / "library" / "cache" / "window" / "SingletonLock"
    try:
        assert studio.stderr is not None
        said = ""
        while "taken the window" not in said:
            line = studio.stderr.readline()
            assert line, said
            said += line
        health = until_file(seen, studio).split("?")[0] + "api/health"
        assert httpx.get(health, timeout=PATIENCE).is_success
        assert "did not open" not in said
        assert "was closed" not in said
        assert not ordinary.exists()
        studio.send_signal(signal.SIGINT)
        assert studio.wait(PATIENCE) == 0
    finally:
        with contextlib.suppress(OSError):
            os.kill(int(str(owner.readlink()).rpartition("-")[2]), signal.SIGKILL)
        studio.kill()
        studio.communicate(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, "No Chromium, Chrome or Edge was found."),
        ("exit 7", "The window did not open: the browser ended with 7."),
        ("exit 0", "The window did not open: the browser ended with 0."),
    ],
)
def test_without_a_window_the_ordinary_browser_is_opened_and_that_is_said(
    environment: dict[str, str], tmp_path: Path, script: str | None, said: str
) -> None:
    programs = tmp_path / "bin"
    if script is not None:
        a_program(programs, "chromium", script)
    seen = tmp_path / "seen"
    ordinary = a_program(tmp_path / "ordinary", "browse", f'echo "$1 $FAL_KEY" > {seen}')
    # The PATH holds nothing but what a test put there.
    environment |= {"PATH": str(programs), "BROWSER": f"{ordinary}/browse %s"}
    studio = subprocess.Popen(
        [*RUSHES, "studio", "--desktop", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        told = until_file(seen, studio)
        # Once it answers, a signal stops it in order.
        assert httpx.get(told.split("?")[0] + "api/health", timeout=PATIENCE).is_success
    finally:
        studio.terminate()
        out, err = studio.communicate(timeout=PATIENCE)
    assert studio.returncode == 0, err
    assert f"{said} The studio has no window of its own. It opens in your ordinary" in err
    assert "/?ticket=" in told
    assert "a-secret-of-somebody" not in told
    token = out.partition("token=")[2].split()[0]
    assert token not in told
