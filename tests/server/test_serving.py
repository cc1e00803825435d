"""A real server: it takes a port or says that it cannot, and stops in time when it is told to."""

from __future__ import annotations

import asyncio
import signal

import httpx
import pytest

from rushes.domain.errors import SettingsError
from rushes.server.serve import address_of, door_of, listen, serve
from rushes.settings import Settings
from rushes.studio import open_studio
from tests.sample_media import make_clip
from tests.server.live_server import served, watching

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_studio_that_is_stopped_ends_its_streams_and_loses_no_event(tmp_path):
    settings = Settings(home=tmp_path)
    async with open_studio(settings) as own:
        async with served(own) as client, watching(client) as watch:
            await watch.next()
            made = await own.projects.create("Last")
            event = await watch.next()
            signal.raise_signal(signal.SIGTERM)
            assert await watch.rest() == []
        assert event.data["id"] == made.id
        assert own.catalogue.feed.is_closed


async def test_two_servers_run_at_once_and_each_is_stopped_by_itself(tmp_path):
    async with (
        open_studio(Settings(home=tmp_path / "a")) as first,
        open_studio(Settings(home=tmp_path / "b")) as second,
        served(first) as one,
    ):
        async with served(second) as other:
            assert (await other.get("/api/projects")).status_code == 200
        assert second.catalogue.feed.is_closed
        assert not first.catalogue.feed.is_closed
        assert (await one.get("/api/projects")).status_code == 200


async def test_a_port_that_is_taken_is_refused_by_name():
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(SettingsError) as caught:
            listen("127.0.0.1", taken.getsockname()[1])
    assert caught.value.problem.facts == {"field": "port"}


@pytest.mark.parametrize(
    ("host", "port", "field"),
    [
        ("192.0.2.1", 0, "host"),
        ("no such host", 0, "host"),
        ("127.0.0.1", 65536, "port"),
    ],
)
async def test_an_address_that_cannot_be_listened_on_is_refused_by_name(host, port, field):
    with pytest.raises(SettingsError) as caught:
        listen(host, port)
    assert caught.value.problem.facts == {"field": field}


async def test_the_address_of_a_studio_is_one_that_its_gate_lets_in(studio):
    with listen("127.0.0.1", 0) as listening:
        door = door_of(studio, listening)
        assert address_of(door) == f"http://127.0.0.1:{listening.getsockname()[1]}"
        assert address_of(door).removeprefix("http://") in door.hosts


async def test_nobody_chooses_the_address_by_which_he_is_counted(studio):
    with listen("127.0.0.1", 0) as listening:
        door = door_of(studio, listening)
        enough = asyncio.Event()
        serving = asyncio.create_task(serve(studio, door, listening, until(enough)))
        async with httpx.AsyncClient(base_url=address_of(door)) as client:
            for number in range(3):
                headers = {
                    "Authorization": "Bearer wrong",
                    "X-Forwarded-For": f"192.0.2.{number}",
                    "Forwarded": f"for=192.0.2.{number}",
                }
                assert (await client.get("/api/projects", headers=headers)).status_code == 401
            right = {"Authorization": f"Bearer {door.token}", "X-Forwarded-For": "abc"}
            revealed = await client.post("/api/assets/nothing/reveal", headers=right)
        enough.set()
        await serving
    assert (revealed.status_code, revealed.json()["code"]) == (404, "asset_not_found")
    assert (door.attempts.wrong, len(door.attempts)) == (3, 1)


async def until(enough: asyncio.Event) -> None:
    await enough.wait()


async def test_media_comes_over_a_real_connection_whole_and_in_parts(studio, tmp_path):
    content = make_clip(tmp_path / "a.mp4", frames=48, width=320, height=240).read_bytes()
    async with served(studio) as client:
        [project] = (await client.get("/api/projects")).json()["items"]
        answer = await client.post(
            f"/api/projects/{project['id']}/imports", files={"files": ("a.mp4", content)}
        )
        [asset] = answer.json()["assets"]
        address = f"/media/{asset['id']}"
        assert (await client.get(address)).content == content
        part = await client.get(address, headers={"Range": "bytes=1000-1999"})
        assert (part.status_code, part.content) == (206, content[1000:2000])
        assert (await client.head(address)).headers["content-length"] == str(len(content))
        # A player that seeks leaves in the middle; the connection after it is as good as new.
        async with client.stream("GET", address) as left:
            assert left.status_code == 200
        assert (await client.get(address)).content == content
