"""The key and the token of a library, looked for in everything that a working studio produces.

The whole main job is done with a key and a token that are known, failures included; then every
file, log line, row, answer, event, list of arguments and environment of a child is searched.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.emulator import FalEmulator
from tests.programs import RUSHES, environment_for, rushes
from tests.sample_media import make_clip

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]

KEY_ID = "0b5a6f7e-key-id-of-nobody"
KEY_SECRET = "5ec3e75ec3e75ec3e75ec3e75ec3e75e"
TOKEN = "t0ken-of-nobody-" + "x" * 27
PATIENCE = 60
A_WHILE = 10
PROMPTS = (
    "A heron",
    "content [fault:result-422-content]",
    "locked [fault:submit-403-locked]",
    "refused [fault:submit-401]",
    "lost [fault:submit-reply-lost]",
    "page [fault:submit-502-html]",
    "gone [fault:media-404]",
    "elsewhere [fault:media-redirect-elsewhere]",
    "cut [fault:media-cut-once]",
    "foreign [fault:foreign-links]",
    "crash [fault:result-500-crash]",
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library whose token is known before anything has run."""
    home = tmp_path / "library"
    home.mkdir()
    token = home / "access-token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    return home


def test_neither_the_key_nor_the_token_is_anywhere(
    library: Path, tmp_path: Path, fal: FalEmulator
) -> None:
    fal.key = f"{KEY_ID}:{KEY_SECRET}"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = environment_for(library, fal, TMPDIR=str(temporary), RUSHES_SUBMIT_TIMEOUT="2")
    said: list[str] = []
    command = [*RUSHES, "studio", "--no-browser", "--json", "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as studio:
        assert studio.stdout is not None
        opened = json.loads(studio.stdout.readline())
        assert opened["token"] == TOKEN
        said += work_in(opened["url"], fal, tmp_path)
        for name, seen in children_of(studio.pid):
            assert_clean(seen, f"{name} of a child")
        assert_clean(Path(f"/proc/{studio.pid}/cmdline").read_bytes(), "our own arguments")
        studio.terminate()
        said += studio.communicate(timeout=PATIENCE)
    # Then with a key that is refused, from the terminal, which quotes what went wrong.
    other = environment | {"FAL_KEY": f"wrong-{KEY_ID}:{KEY_SECRET}"}
    for command in (
        ("generate", "Once more", "-m", "ltx-2.3-fast", "--no-wait"),
        ("doctor",),
        ("doctor", "--thorough", "--json"),
        ("generations", "--json"),
        ("assets", "--json"),
        ("models", "--json"),
        ("settle",),
        ("repair", "--adopt"),
        ("repair", "--json"),
    ):
        done = rushes(*command, environment=other)
        said += [done.stdout, done.stderr]
    for text in said:
        assert_clean(text.encode(), "what was said")
    for file in files_below(tmp_path):
        if file != library / "access-token":
            assert_clean(file.read_bytes(), str(file))


def work_in(url: str, fal: FalEmulator, folder: Path) -> list[str]:
    """Everything a person does in an evening, and all that was answered."""
    said: list[str] = []

    def note(answer: httpx.Response) -> None:
        answer.read()
        said.append(f"{answer.headers}")
        if not answer.headers.get("content-type", "").startswith(("video/", "image/", "audio/")):
            said.append(answer.text)

    with httpx.Client(
        base_url=url,
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=PATIENCE,
        event_hooks={"response": [note]},
    ) as client:
        with events_of(url) as events:
            [project] = client.get("/api/projects").json()["items"]
            place = f"/api/projects/{project['id']}"
            for prompt in PROMPTS:
                body = {"prompt": prompt, "models": ["ltx-2.3-fast"]}
                client.post(f"{place}/generations", json=body).raise_for_status()
            clip = make_clip(folder / "shot.mp4").read_bytes()
            client.post(f"{place}/imports", files={"files": ("a.mp4", clip)}).raise_for_status()
            client.post(f"{place}/imports", files={"files": ("b.mp4", b"no clip")})
            until_quiet(client)
            for path in (
                "/",
                "/api/health",
                "/api/models",
                "/api/generations?limit=100",
                "/api/assets?limit=100",
                "/api/notices",
                "/api/doctor",
                "/api/doctor/files",
                "/api/openapi.json",
                "/api/nope",
                f"/?token={TOKEN[::-1]}",
            ):
                client.get(path)
            for asset in client.get("/api/assets?limit=100").json()["items"]:
                client.get(f"/media/{asset['id']}")
                client.get(f"/media/{asset['id']}/poster")
                client.get(f"/api/doctor/assets/{asset['id']}")
                client.post(f"/api/assets/{asset['id']}/retry")
            for made in client.get("/api/generations?limit=100").json()["items"]:
                client.get(f"/api/doctor/assets/{made['id']}")
        said += events
    came_in = httpx.get(f"{url}/?token={TOKEN}")
    said.append(f"{came_in.headers}{came_in.text}")
    return said


def until_quiet(client: httpx.Client) -> None:
    """Until nothing moves that can move, or for a while: some of it is tried again for ever."""
    over = {"done", "failed", "cancelled", "unconfirmed"}
    ends = time.monotonic() + A_WHILE
    while time.monotonic() < ends:
        made = client.get("/api/generations?limit=100").json()["items"]
        if {one["state"] for one in made} <= over:
            return
        time.sleep(0.5)


class events_of:  # noqa: N801  # reads like the function that it is
    """The stream of events, read beside the work and given as text at the end."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=None
        )
        self._lines: list[str] = []
        self._begun = threading.Event()
        self._reading = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> list[str]:
        self._reading.start()
        assert self._begun.wait(PATIENCE)
        return self._lines

    def __exit__(self, *_: object) -> None:
        assert any("generation" in line for line in self._lines)
        self._client.close()

    def _read(self) -> None:
        try:
            with self._client.stream("GET", "/api/events") as stream:
                self._begun.set()
                self._lines.extend([])
                for line in stream.iter_lines():
                    self._lines.append(line)
        except (httpx.HTTPError, RuntimeError, OSError):
            return  # it has been closed


def children_of(process_id: int) -> Iterator[tuple[str, bytes]]:
    """Arguments and environments of what the studio has started."""
    children = Path(f"/proc/{process_id}/task/{process_id}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    found = children.read_text().split()
    assert found, "the studio reads media in processes of their own"
    for child in found:
        for name in ("cmdline", "environ"):
            yield name, Path(f"/proc/{child}/{name}").read_bytes()


def files_below(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def assert_clean(content: bytes, where: str) -> None:
    for name, secret in (("key", KEY_ID), ("key", KEY_SECRET), ("token", TOKEN)):
        assert secret.encode() not in content, f"the {name} is in {where}"
        assert json.dumps(secret).encode() not in content, f"the {name} is in {where}"


def test_the_search_would_find_them(tmp_path: Path) -> None:
    for secret in (KEY_ID, KEY_SECRET, TOKEN):
        with pytest.raises(AssertionError):
            assert_clean(f"x{secret}y".encode(), "a test")


def test_a_child_of_the_studio_is_seen_with_its_environment(tmp_path: Path) -> None:
    child = subprocess.Popen(["sleep", "60"], env={"FAL_KEY": KEY_SECRET})
    try:
        # For a moment after it has begun, the system shows nothing of it.
        while not (seen := Path(f"/proc/{child.pid}/environ").read_bytes()):
            pass
        with pytest.raises(AssertionError):
            assert_clean(seen, "a test")
    finally:
        child.kill()
        child.wait()
