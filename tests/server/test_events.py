"""Live events from a real server: nothing is missed, nothing comes twice, and all ends in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio

from rushes.catalogue import assets, generations
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset, Imported
from rushes.domain.generation import Generation, GenerationRequest, Planned
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId, new_id
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import FREE, Task
from rushes.playback.policy import STRICT, Face
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.server.live_server import served, watching

POLICY = STRICT.headers(Face.API)

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    async with open_studio(Settings(home=tmp_path_factory.mktemp("library"))) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    async with served(studio) as client:
        yield client


async def place_now(server: httpx.AsyncClient) -> str:
    """The id of an event that says: seen up to here."""
    async with watching(server) as watch:
        return (await watch.next()).id


async def test_a_new_watcher_is_told_first_to_read_everything(server):
    async with watching(server) as watch:
        first = await watch.next()
        assert (first.name, first.data) == ("reset", {})
        assert first.id


async def test_events_come_as_a_stream_with_every_header_of_the_policy(server):
    async with watching(server) as watch:
        headers = watch.answer.headers
        assert headers["content-type"].startswith("text/event-stream")
        assert {name: headers.get(name) for name in POLICY} == dict(POLICY)


async def test_nobody_watches_without_a_token(server):
    async with httpx.AsyncClient(base_url=server.base_url) as anyone:
        assert (await anyone.get("/api/events")).status_code == 401


async def test_what_is_made_elsewhere_arrives_whole(server, studio):
    async with watching(server) as watch:
        await watch.next()
        made = await studio.projects.create("Made elsewhere")
        event = await watch.next()
        assert event.name == "project"
        assert event.data == (await server.get(f"/api/projects/{made.id}")).json()


async def test_a_project_that_is_renamed_over_http_arrives_at_every_watcher(server, studio):
    made = await studio.projects.create("Old")
    async with watching(server) as one, watching(server) as other:
        await one.next()
        await other.next()
        await server.patch(f"/api/projects/{made.id}", json={"name": "New"})
        for watch in (one, other):
            event = await watch.next()
            assert (event.data["id"], event.data["name"]) == (made.id, "New")


async def test_a_watcher_that_comes_back_goes_on_without_reset_and_without_repeats(server, studio):
    before = await place_now(server)
    first = await studio.projects.create("First")
    async with watching(server, before) as watch:
        seen = await watch.next()
        assert (seen.name, seen.data["id"]) == ("project", first.id)
    second = await studio.projects.create("Second")
    async with watching(server, seen.id) as watch:
        event = await watch.next()
        assert (event.name, event.data["id"]) == ("project", second.id)
        third = await studio.projects.create("Third")
        assert (await watch.next()).data["id"] == third.id


async def test_what_changed_often_while_nobody_watched_arrives_once_as_it_is_now(server, studio):
    before = await place_now(server)
    made = await studio.projects.create("A")
    for name in ("B", "C", "D"):
        await studio.projects.change(made.id, name=name)
    last = await studio.projects.create("Last")
    async with watching(server, before) as watch:
        events = [await watch.next(), await watch.next()]
    assert [event.data["name"] for event in events] == ["D", "Last"]
    assert events[1].data["id"] == last.id


async def test_several_changes_arrive_in_the_order_in_which_they_were_made(server, studio):
    before = await place_now(server)
    made = [(await studio.projects.create(f"P{number}")).id for number in range(10)]
    async with watching(server, before) as watch:
        events = [await watch.next() for _ in made]
    assert [event.data["id"] for event in events] == made
    assert len({event.id for event in events}) == len(made)


@pytest.mark.parametrize(
    "place",
    [
        "0123abcd-5",
        "nonsense",
        "",
        "-",
        "-1",
        "{epoch}",
        "{epoch}-",
        "{epoch}--1",
        "{epoch}-" + "9" * 5000,
        "{epoch}-\u00b2",
    ],
)
async def test_a_place_of_another_run_or_of_no_run_is_told_to_read_everything(
    server, studio, place
):
    after = place.format(epoch=studio.catalogue.feed.epoch).encode("latin-1")
    async with watching(server, after) as watch:
        assert (await watch.next()).name == "reset"


async def test_a_place_that_was_never_reached_is_told_to_read_everything(server, studio):
    feed = studio.catalogue.feed
    async with watching(server, f"{feed.epoch}-{feed.place + 1}") as watch:
        assert (await watch.next()).name == "reset"


async def test_assets_and_generations_arrive_as_they_are_listed(server, studio):
    before = await place_now(server)
    project = await studio.projects.create("Home")
    generation, asset = generation_in(project.id), asset_in(project.id)

    def write(transaction: Transaction) -> None:
        generations.insert(transaction, generation)
        assets.insert(transaction, asset)

    await studio.catalogue.write(write)
    async with watching(server, before) as watch:
        events = {event.name: event.data for event in [await watch.next() for _ in range(3)]}
    assert events["generation"] == (await server.get(f"/api/generations/{generation.id}")).json()
    assert events["asset"] == (await server.get(f"/api/assets/{asset.id}")).json()


async def test_a_notice_arrives_with_the_change_that_causes_it_and_again_when_it_is_settled(
    server, studio
):
    project = await studio.projects.create("Home")
    asset = asset_in(project.id)
    await studio.catalogue.write(lambda transaction: assets.insert(transaction, asset))
    before = await place_now(server)
    await studio.assets.note_missing(asset.id)
    async with watching(server, before) as watch:
        told = [await watch.next(), await watch.next()]
        assert [event.name for event in told] == ["asset", "notice"]
        notice = told[1].data
        assert (notice["code"], notice["open"], notice["count"]) == ("clips_missing", True, 1)
        await studio.assets.change(asset.id, trashed=True)
        settled = {event.name: event.data for event in [await watch.next(), await watch.next()]}
    assert settled["notice"]["id"] == notice["id"]
    assert (settled["notice"]["open"], settled["notice"]["count"]) == (False, 0)


async def test_what_is_deleted_for_good_arrives_as_removed(server, studio):
    project = await studio.projects.create("Home")
    asset = asset_in(project.id)
    await studio.catalogue.write(lambda transaction: assets.insert(transaction, asset))
    await server.post("/api/trash/empty")
    await studio.assets.change(asset.id, trashed=True)
    before = await place_now(server)
    assert (await server.post("/api/trash/empty")).json()["removed"] == 1
    async with watching(server, before) as watch:
        event = await watch.next()
    assert (event.name, event.data) == ("removed", {"kind": "asset", "id": asset.id})


def generation_in(project_id: ProjectId) -> Generation:
    return Generation(
        id=GenerationId(new_id()),
        project_id=project_id,
        request=GenerationRequest(ModelId("animatic"), Task.TEXT_TO_VIDEO, "a prompt", {}),
        endpoint="animatic",
        estimate=FREE,
        take_number=1,
        state=Planned(),
        created_at=NOW,
        updated_at=NOW,
    )


def asset_in(project_id: ProjectId) -> Asset:
    return Asset(
        id=AssetId(new_id()),
        project_id=project_id,
        name="clip",
        kind=MediaKind.VIDEO,
        take_number=1,
        origin=Imported("clip.mp4"),
        media=SavedMedia(f"media/p/{new_id()}.mp4", 3, "0" * 64),
        facts=None,
        created_at=NOW,
    )
