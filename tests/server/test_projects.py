"""Projects over HTTP: made, renamed, put away and taken back."""

from __future__ import annotations

import pytest

from rushes.settings import Settings
from rushes.studio import open_studio
from tests.server.conftest import client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def create(client, name: str) -> dict[str, object]:
    answer = await client.post("/api/projects", json={"name": name})
    assert answer.status_code == 201
    return dict(answer.json())


async def names(client, **query: object) -> list[str]:
    listed = await client.get("/api/projects", params=query)
    return [project["name"] for project in listed.json()["items"]]


async def test_a_new_library_has_one_project_to_work_in(client):
    assert await names(client) == ["First project"]


async def test_a_project_is_listed_under_its_name_with_its_folder_and_no_assets(client):
    made = await create(client, "  Teaser:  night ")
    assert (made["name"], made["folder"], made["assets"]) == (
        "Teaser: night",
        "media/Teaser-night",
        0,
    )
    assert made["trashed_at"] is None
    assert (await client.get(f"/api/projects/{made['id']}")).json() == made
    assert await names(client) == ["First project", "Teaser: night"]


@pytest.mark.parametrize("name", ["../../etc", "..\\..\\x", "/", "🎬", "\u202egpj", "CON"])
async def test_no_name_leads_a_folder_out_of_the_library(client, studio, name):
    made = await create(client, name)
    home = studio.settings.home.resolve()
    assert (home / str(made["folder"])).resolve().parent == home / "media"


async def test_two_projects_of_one_name_have_two_folders(client):
    folders = {(await create(client, "Same"))["folder"] for _ in range(3)}
    assert folders == {"media/Same", "media/Same-2", "media/Same-3"}


async def test_a_renamed_project_keeps_its_folder(client):
    made = await create(client, "Old")
    answer = await client.patch(f"/api/projects/{made['id']}", json={"name": "New"})
    assert answer.json() == made | {"name": "New"}
    assert await names(client) == ["First project", "New"]


async def test_a_change_of_nothing_changes_nothing(client):
    made = await create(client, "A")
    assert (await client.patch(f"/api/projects/{made['id']}", json={})).json() == made


async def test_a_project_in_the_trash_is_not_listed_is_still_there_and_comes_back(client):
    made = await create(client, "A")
    address = f"/api/projects/{made['id']}"
    trashed = (await client.delete(address)).json()
    assert trashed["trashed_at"] is not None
    assert await names(client) == ["First project"]
    assert await names(client, trashed=True) == ["A"]
    assert (await client.get(address)).json() == trashed
    assert (await client.patch(address, json={"trashed": False})).json() == made
    assert await names(client) == ["First project", "A"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_a_project_that_is_not_there_cannot_be_used(client, method):
    body = {"json": {"name": "x"}} if method == "PATCH" else {}
    answer = await client.request(method, "/api/projects/nothing", **body)
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")


async def test_a_project_is_there_after_the_studio_was_closed_and_opened(tmp_path):
    settings = Settings(home=tmp_path)
    async with open_studio(settings) as studio, client_of(studio) as client:
        await create(client, "Kept")
    async with open_studio(settings) as studio, client_of(studio) as client:
        assert await names(client) == ["First project", "Kept"]
