"""kill -9 while a copy to play is made: no half file under its name, and nothing left behind."""

from __future__ import annotations

import httpx

from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_noise


def test_killed_in_the_middle_there_is_no_copy_and_the_next_start_removes_the_draft(tmp_path):
    home, folder = tmp_path / "library", tmp_path / "library" / "cache" / "proxies"
    environment = environment_for(home, None)
    source = make_noise(tmp_path / "a.mp4", frames=150)
    with open_studio(environment) as first, knowing(first) as client:
        [project] = client.get("/api/projects").json()["items"]
        parts = [("files", (source.name, source.read_bytes()))]
        answer = client.post(f"/api/projects/{project['id']}/imports", files=parts)
        [asset] = answer.json()["assets"]
        address = f"/api/assets/{asset['id']}/proxy"
        client.post(address)
        while not list(folder.glob(".*.part")):
            assert client.get(address).json()["state"] in {"waiting", "making"}
        first.process.kill()
        first.process.wait()
    assert not list(folder.glob("[!.]*"))
    with open_studio(environment) as second, knowing(second) as client:
        assert client.get(address).json()["state"] == "none"
        assert list(folder.iterdir()) == []


def knowing(studio: OpenStudio) -> httpx.Client:
    bearer = {"Authorization": f"Bearer {studio.token}"}
    return httpx.Client(base_url=studio.url, headers=bearer, timeout=60)
