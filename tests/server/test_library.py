"""The library over HTTP: generations and assets as one list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.server.conftest import client_of
from tests.studios import ask

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def shot_twice(tmp_path: Path) -> AsyncIterator[tuple[Studio, httpx.AsyncClient]]:
    """A studio with two takes of one shot and one of another."""
    async with open_studio(Settings(home=tmp_path / "library")) as studio:
        [(project, _)] = await studio.projects.list_all()
        for prompt in ("a heron at dawn", "a heron at dawn", "100% rain"):
            await studio.pipeline.generate(project.id, ask(prompt, "animatic"))
        await studio.pipeline.until_quiet()
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
    assert [(item["asset"]["take_number"], item["takes"]) for item in page["items"]] == [
        (1, 1),
        (2, 2),
    ]
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
