"""Assets over HTTP: listed page by page, searched, and told when they are hidden."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import pytest_asyncio

from rushes.catalogue import assets, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset, Imported
from rushes.domain.ids import AssetId, ProjectId
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import (
    ExpiredMedia,
    InSpool,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.problem import Failure, Problem
from rushes.domain.project import Project
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.server.conftest import client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://v3.fal.media/a.mp4"
FAILURE = Failure(Problem("disk_full", "The disk is full.", remedy="Make room."), NOW, attempts=2)
MANY = 250
ODD_NAMES = ["100% real", "100 real", "snake_case", "snakeXcase", "it's", 'say "hi"', "back\\slash"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """One for all that only look: with a large project, one of odd names, and one of states."""
    home = tmp_path_factory.mktemp("library")
    async with open_studio(Settings(home=home, remote_playback="local")) as opened:
        await opened.catalogue.write(fill)
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def asset_id(tmp_path) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """An asset that may be changed, in a studio of its own."""
    async with open_studio(Settings(home=tmp_path / "library")) as own:
        await own.catalogue.write(lambda transaction: add(transaction, "p", ["clip"]))
        async with client_of(own) as client:
            yield client, "p-0"


def asset(project_id: str, number: int, name: str, media: MediaReference | None = None) -> Asset:
    return Asset(
        id=AssetId(f"{project_id}-{number}"),
        project_id=ProjectId(project_id),
        name=name,
        kind=MediaKind.VIDEO,
        take_number=1,
        origin=Imported(f"{name}.mov"),
        media=media or SavedMedia(f"media/{project_id}/{number}.mp4", 1, "0" * 64),
        facts=None,
        # Ten share each moment.
        created_at=NOW + timedelta(seconds=number // 10),
    )


def add(transaction: Transaction, project_id: str, names: list[str]) -> None:
    projects.insert(transaction, Project(ProjectId(project_id), project_id, project_id, NOW))
    for number, name in enumerate(names):
        assets.insert(transaction, asset(project_id, number, name))


def fill(transaction: Transaction) -> None:
    add(transaction, "many", [f"clip {number}" for number in range(MANY)])
    add(transaction, "odd", ODD_NAMES)
    projects.insert(transaction, Project(ProjectId("states"), "states", "states", NOW))
    references: list[MediaReference] = [
        SavedMedia("media/states/a.mp4", 7, "1" * 64, URL),
        UrlOnlyMedia(URL, NOW),
        UnsavedMedia(URL, FAILURE, held=InSpool(7, "3" * 64)),
        ExpiredMedia(URL, FAILURE),
        MissingMedia("media/states/b.mp4", 7, "2" * 64, None, FAILURE),
    ]
    for number, media in enumerate(references):
        assets.insert(transaction, asset("states", number, media.state, media))
    put_away = replace(asset("states", 9, "away"), trashed_at=NOW)
    assets.insert(transaction, put_away)


async def listed(client: httpx.AsyncClient, **query: object) -> dict[str, object]:
    answer = await client.get("/api/assets", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def found(client: httpx.AsyncClient, **query: object) -> set[str]:
    return {item["name"] for item in (await listed(client, **query))["items"]}


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 7, 100, 249, 250, 251, 500])
async def test_page_after_page_lists_every_asset_once_and_newest_first(client, limit):
    ids, cursor = [], {}
    while True:
        page = await listed(client, project="many", limit=limit, **cursor)
        assert page["total"] == MANY
        assert len(page["items"]) <= limit
        ids += [(item["created_at"], item["id"]) for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(ids) == MANY
    assert ids == sorted(set(ids), reverse=True)


async def test_a_page_is_of_a_hundred_when_nothing_is_said(client):
    page = await listed(client, project="many")
    assert len(page["items"]) == 100
    assert page["next_cursor"]


async def test_a_list_of_nothing_has_no_next_page(client):
    page = await listed(client, project="nothing")
    assert (page["items"], page["next_cursor"], page["total"]) == ([], None, 0)


# --- search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("100%", {"100% real"}),
        ("%", {"100% real"}),
        ("snake_case", {"snake_case"}),
        ("_", {"snake_case"}),
        ("'", {"it's"}),
        ('"hi"', {'say "hi"'}),
        ("\\", {"back\\slash"}),
        ("' OR 1=1 --", set()),
        ("REAL", {"100% real", "100 real"}),
        ("real 100", {"100% real", "100 real"}),
        ("real 100%", {"100% real"}),
        (".mov snake", {"snake_case", "snakeXcase"}),
        ("nothing like it", set()),
        ("   ", set(ODD_NAMES)),
    ],
)
async def test_words_are_searched_for_as_they_are_written(client, query, names):
    assert await found(client, project="odd", q=query) == names


async def test_a_search_in_all_projects_finds_all(client):
    assert await found(client, q="snake") == {"snake_case", "snakeXcase"}


# --- filters and what they hide -------------------------------------------------------------------


@pytest.mark.parametrize("state", ["saved", "url_only", "unsaved", "expired", "missing"])
async def test_a_filter_by_state_lists_those_and_says_how_many_it_hides(client, state):
    page = await listed(client, project="states", state=state)
    assert [item["media"]["state"] for item in page["items"]] == [state]
    assert (page["total"], page["hidden"]["filters"], page["hidden"]["trash"]) == (1, 4, 1)


async def test_several_states_may_be_asked_for(client):
    assert await found(client, project="states", state=["unsaved", "expired"]) == {
        "unsaved",
        "expired",
    }


async def test_what_a_search_hides_is_counted_and_what_it_finds_elsewhere_too(client):
    page = await listed(client, project="odd", q="clip")
    assert page["total"] == 0
    assert page["hidden"] == {
        "filters": len(ODD_NAMES),
        "trash": 0,
        "other_projects": MANY,
        "unsaved": 0,
    }


async def test_without_a_filter_nothing_is_hidden_by_one(client):
    page = await listed(client, project="states")
    assert page["hidden"] == {
        "filters": 0,
        "trash": 1,
        "other_projects": MANY + len(ODD_NAMES),
        "unsaved": 0,
    }


async def test_over_all_projects_no_other_project_hides_anything(client):
    page = await listed(client)
    assert page["total"] == MANY + len(ODD_NAMES) + 5
    assert page["hidden"] == {
        "filters": 0,
        "trash": 1,
        "other_projects": 0,
        "unsaved": 0,
    }


# --- one asset ------------------------------------------------------------------------------------


async def test_an_asset_says_what_last_went_wrong_with_its_bytes(client):
    media = (await client.get("/api/assets/states-2")).json()["media"]
    assert media["state"] == "unsaved"
    assert (media["path"], media["held"], media["url"]) == (None, "spool", URL)
    assert (media["size"], media["sha256"]) == (7, "3" * 64)
    assert media["error"] == {
        "code": "disk_full",
        "message": "The disk is full",
        "remedy": "Make room.",
        "at": "2026-03-01T12:00:00Z",
        "attempts": 2,
        "retryable": False,
    }


async def test_a_missing_asset_says_which_file_it_was(client):
    media = (await client.get("/api/assets/states-4")).json()["media"]
    assert (media["state"], media["path"], media["size"]) == ("missing", "media/states/b.mp4", 7)


@pytest.mark.parametrize("state", ["url_only", "unsaved", "expired", "missing"])
async def test_what_has_no_bytes_here_has_no_picture_and_is_not_played_where_that_is_off(
    client, state
):
    [item] = (await listed(client, project="states", state=state))["items"]
    answer = await client.get(f"/media/{item['id']}")
    reason = "media_not_here" if state == "missing" else "remote_playback_off"
    assert (answer.status_code, answer.json()["code"]) == (404, reason)
    assert answer.json()["facts"] == {"state": state}
    picture = await client.get(f"/media/{item['id']}/poster")
    assert (picture.status_code, picture.json()["code"]) == (404, "media_not_here")
    assert picture.json()["facts"] == {"state": state}


@pytest.mark.parametrize("rating", [0, 1, 5])
async def test_a_rating_is_kept(asset_id, rating):
    client, which = asset_id
    answer = await client.patch(f"/api/assets/{which}", json={"rating": rating})
    assert answer.json()["rating"] == rating
    assert (await client.get(f"/api/assets/{which}")).json()["rating"] == rating


@pytest.mark.parametrize("rating", [-1, 6, 2.5, "many", 10**30])
async def test_a_rating_out_of_bounds_is_refused_and_changes_nothing(asset_id, rating):
    client, which = asset_id
    answer = await client.patch(f"/api/assets/{which}", json={"rating": rating, "name": "other"})
    assert (answer.status_code, answer.json()["facts"]["field"]) == (422, "rating")
    assert (await client.get(f"/api/assets/{which}")).json()["name"] == "clip"


async def test_a_flag_is_set_and_taken_off_and_the_rest_stays(asset_id):
    client, which = asset_id
    await client.patch(f"/api/assets/{which}", json={"rating": 3})
    flagged = (await client.patch(f"/api/assets/{which}", json={"flag": "pick"})).json()
    assert (flagged["flag"], flagged["rating"], flagged["name"]) == ("pick", 3, "clip")
    assert (await client.patch(f"/api/assets/{which}", json={"flag": "none"})).json()[
        "flag"
    ] is None
    answer = await client.patch(f"/api/assets/{which}", json={"flag": "maybe"})
    assert answer.json()["facts"]["field"] == "flag"


async def test_a_name_is_cleaned_like_every_name(asset_id):
    client, which = asset_id
    answer = await client.patch(f"/api/assets/{which}", json={"name": " a \n b\x00 "})
    assert answer.json()["name"] == "a b"
    answer = await client.patch(f"/api/assets/{which}", json={"name": " "})
    assert answer.json()["code"] == "name_illegal"


async def test_an_asset_in_the_trash_is_not_listed_is_counted_and_comes_back(asset_id):
    client, which = asset_id
    assert (await client.delete(f"/api/assets/{which}")).json()["trashed_at"] is not None
    page = await listed(client, project="p")
    assert (page["total"], page["hidden"]["trash"]) == (0, 1)
    await client.patch(f"/api/assets/{which}", json={"trashed": False})
    assert (await listed(client, project="p"))["total"] == 1


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_an_asset_that_is_not_there_cannot_be_used(client, method):
    body = {"json": {"rating": 1}} if method == "PATCH" else {}
    answer = await client.request(method, "/api/assets/nothing", **body)
    assert (answer.status_code, answer.json()["code"]) == (404, "asset_not_found")
