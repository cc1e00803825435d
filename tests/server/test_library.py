"""The library over HTTP: generations and assets as one list."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from rushes.catalogue import assets, generations
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset, Generated
from rushes.domain.generation import Done, Generation, GenerationRequest, Planned, Ticket
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import Estimate, Task
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.server.conftest import client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FREE = Estimate(Decimal(0), Decimal(0))
ANIMATIC = ModelId("animatic")


def add_take(transaction: Transaction, project_id: ProjectId, number: int, prompt: str) -> None:
    request = GenerationRequest(ANIMATIC, Task.TEXT_TO_VIDEO, prompt, {})
    at = NOW + timedelta(days=number)
    generation = Generation(
        id=GenerationId(f"g{number}"),
        project_id=project_id,
        request=request,
        endpoint="animatic",
        estimate=FREE,
        take_number=number,
        state=Done(Ticket(f"r{number}"), "{}"),
        created_at=at,
        updated_at=at,
    )
    generations.insert(transaction, generation)
    media = SavedMedia(f"media/p/AI-Video-{number}.mp4", 1, "0" * 64)
    origin = Generated(generation.id, ANIMATIC, prompt)
    name = f"AI: {prompt}"
    asset_id = AssetId(f"a{number}")
    asset = Asset(
        asset_id, project_id, name, MediaKind.VIDEO, number, origin, media, None, created_at=at
    )
    assets.insert(transaction, asset)


@pytest_asyncio.fixture(loop_scope="module")
async def shot_twice(tmp_path: Path) -> AsyncIterator[tuple[Studio, httpx.AsyncClient]]:
    async with with_three_takes(tmp_path) as both:
        yield both


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asked_often(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Studio, httpx.AsyncClient]]:
    """The same, once for the tests that leave nothing behind for each other."""
    async with with_three_takes(tmp_path_factory.mktemp("often")) as both:
        yield both


@contextlib.asynccontextmanager
async def with_three_takes(folder: Path) -> AsyncIterator[tuple[Studio, httpx.AsyncClient]]:
    """A studio with two takes of one shot and one of another."""
    async with open_studio(Settings(home=folder / "library")) as studio:
        [(project, _)] = await studio.projects.list_all()

        def write(transaction: Transaction) -> None:
            for number, prompt in enumerate(("a heron at dawn", "a heron at dawn", "100% rain"), 1):
                add_take(transaction, project.id, number, prompt)

        await studio.catalogue.write(write)
        async with client_of(studio) as client:
            yield studio, client


async def listed(client: httpx.AsyncClient, **query: object) -> dict:
    answer = await client.get("/api/library", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_generation_and_its_asset_are_one_item(shot_twice):
    _, client = shot_twice
    page = await listed(client)
    assert page["total"] == 3
    for item in page["items"]:
        assert item["state"] == "saved"
        assert item["id"] == item["generation"]["id"]
        assert item["generation"]["asset_id"] == item["asset"]["id"]
    assert [item["takes"] for item in page["items"]] == [1, 2, 2]
    assert (await listed(client, q="HERON dawn", start=1, limit=1))["total"] == 2


async def test_grouped_by_shot_the_newest_take_stands_for_all(shot_twice):
    _, client = shot_twice
    page = await listed(client, group="shots")
    assert [(item["id"], item["takes"]) for item in page["items"]] == [("g3", 1), ("g2", 2)]
    shot = page["items"][1]["shot"]
    takes = await listed(client, shot=shot)
    assert (takes["total"], takes["hidden"]["filters"]) == (2, 1)


async def test_notes_are_kept_and_found(shot_twice):
    _, client = shot_twice
    [first, *_] = (await listed(client))["items"]
    address = f"/api/assets/{first['asset']['id']}"
    changed = await client.patch(address, json={"notes": "use in\r\nthe\x00 teaser "})
    assert changed.json()["notes"] == "use in\nthe teaser"
    [found] = (await listed(client, q="teaser"))["items"]
    assert found["id"] == first["id"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", 201), ("start", -1), ("since", "yesterday"), ("rating", 6), ("sort", "odd")],
)
async def test_a_bad_value_is_refused_by_its_name(client, field, value):
    answer = await client.get("/api/library", params={field: value})
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["facts"]["field"]) == ("invalid_input", field)


async def test_the_facets_count_what_is_listed(shot_twice):
    _, client = shot_twice
    facets = (await client.get("/api/library/facets")).json()
    assert facets == {
        "models": [{"id": "animatic", "count": 3}],
        "states": [{"name": "saved", "count": 3}],
    }


async def test_one_item_is_found_by_its_generation_and_by_its_asset(shot_twice):
    _, client = shot_twice
    [_, item, _] = (await listed(client))["items"]
    for found_by in (item["id"], item["asset"]["id"]):
        assert (await client.get(f"/api/library/{found_by}")).json() == item
    await client.delete(f"/api/assets/{item['asset']['id']}")
    trashed = (await client.get(f"/api/library/{item['id']}")).json()
    assert trashed["asset"]["trashed_at"] is not None
    assert (await client.get("/api/library/nothing")).json()["code"] == "asset_not_found"


HOSTILE = [
    "' OR 1=1 --",
    '"',
    '""" OR text:a',
    "*",
    "heron*",
    "NEAR(heron dawn)",
    "heron NOT dawn",
    "^heron",
    "text:heron",
    "he\x00ron",
    "{heron}",
    "🦩🦩🦩",
    "\u202eheron",
    "x" * 5000,
    " ".join(f"w{number}" for number in range(1200)),
    "' " * 1500,
    "%",
    "\\",
    "/",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_what_is_searched_for_is_plain_text(asked_often, text):
    """It finds the one clip whose notes hold it, and no other."""
    studio, client = asked_often
    await studio.assets.change("a1", notes=text)
    found = {item["id"] for item in (await listed(client, q=text))["items"]}
    assert "g1" in found
    others = {"%": {"g3"}, "he\x00ron": {"g2"}}
    assert found - {"g1"} == others.get(text, set())
    assert (await listed(client, q=text[:-1] + "ω"))["total"] == 0


async def test_a_long_prompt_is_found_by_all_of_itself(shot_twice):
    studio, client = shot_twice
    prompt = " ".join(f"word{number}" for number in range(700))
    [(project, _)] = await studio.projects.list_all()
    await studio.catalogue.write(lambda one: add_take(one, project.id, 9, prompt))
    assert [item["id"] for item in (await listed(client, q=prompt))["items"]] == ["g9"]
    assert (await listed(client, q=prompt.replace("word699", "word700")))["total"] == 0


async def test_a_day_lasts_until_its_end(shot_twice):
    _, client = shot_twice

    async def found(**query: str) -> list[str]:
        return [item["id"] for item in (await listed(client, **query))["items"]]

    assert await found(since="2026-03-03") == ["g3", "g2"]
    assert await found(until="2026-03-03") == ["g2", "g1"]
    assert await found(until="2026-03-03T12:00:00Z") == ["g1"]
    assert await found(since="2026-03-03T14:00:00+02:00", until="2026-03-03T12:00:01") == ["g2"]


async def test_a_clip_deleted_for_good_leaves_the_list_and_its_generation_stays(shot_twice):
    studio, client = shot_twice
    await client.delete("/api/assets/a3")
    page = await listed(client)
    assert ([item["id"] for item in page["items"]], page["hidden"]["trash"]) == (["g2", "g1"], 1)
    place = studio.catalogue.feed.place
    assert (await studio.trash.empty()).removed == 1
    page = await listed(client)
    assert ([item["id"] for item in page["items"]], page["hidden"]["trash"]) == (["g2", "g1"], 0)
    told = {(change.kind, change.id) for _, change in studio.catalogue.feed.since(place)}
    assert told == {("asset", "a3"), ("generation", "g3")}
    assert (await client.get("/api/generations/g3")).json()["asset_id"] is None


async def test_one_that_waits_is_listed_at_once(shot_twice):
    studio, client = shot_twice
    [(project, _)] = await studio.projects.list_all()
    request = GenerationRequest(ANIMATIC, Task.TEXT_TO_VIDEO, "soon", {})
    waiting = Generation(GenerationId("g4"), project.id, request, "e", FREE, 1, Planned(), NOW, NOW)
    await studio.catalogue.write(lambda one: generations.insert(one, waiting))
    [item] = (await listed(client, state="waiting"))["items"]
    assert (item["id"], item["asset"], item["generation"]["state"]) == ("g4", None, "planned")


async def test_several_assets_are_changed_at_once_or_none(shot_twice):
    _, client = shot_twice

    async def change(ids: list[str], **values: object) -> httpx.Response:
        return await client.post("/api/assets/change", json={"ids": ids, "change": values})

    done = await change(["a1", "a2", "a1"], rating=4, flag="pick")
    assert [(one["id"], one["rating"], one["flag"]) for one in done.json()["assets"]] == [
        ("a1", 4, "pick"),
        ("a2", 4, "pick"),
    ]
    refused = await change(["a3", "nothing"], rating=1)
    assert (refused.status_code, refused.json()["code"]) == (404, "asset_not_found")
    assert {item["id"] for item in (await listed(client, rating=4))["items"]} == {"g1", "g2"}
    assert (await listed(client, flag="none"))["total"] == 1
    assert (await change(["a1", "a2"], trashed=True)).status_code == 200
    assert (await listed(client, trashed=True))["total"] == 2
    for ids, values in (([], {"rating": 1}), (["a1"], {"rating": 9}), (["a1"], {"name": "x"})):
        assert (await change(ids, **values)).json()["code"] == "invalid_input"


async def test_a_cursor_goes_on_only_in_its_own_order(shot_twice):
    _, client = shot_twice
    first = (await client.get("/api/assets", params={"limit": 1, "sort": "name"})).json()
    for sort in ("newest", "rating", "largest"):
        answer = await client.get(
            "/api/assets", params={"sort": sort, "cursor": first["next_cursor"]}
        )
        assert (answer.status_code, answer.json()["facts"]["field"]) == (422, "cursor")
