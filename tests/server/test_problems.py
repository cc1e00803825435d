"""Whatever goes wrong is answered as one shape, with the words that a person and a program need."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from rushes.settings import Settings
from rushes.studio import Studio, open_studio

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEMBERS = {
    "type",
    "title",
    "status",
    "detail",
    "instance",
    "code",
    "remedy",
    "retryable",
    "facts",
}
JSON = {"Content-Type": "application/json"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """One for all: nothing here changes what it holds."""
    async with open_studio(Settings(home=tmp_path_factory.mktemp("library"))) as opened:
        yield opened


def problem(answer: httpx.Response) -> dict[str, object]:
    assert answer.headers["content-type"] == "application/problem+json"
    document = json.loads(answer.content)
    assert set(document) == MEMBERS
    assert document["status"] == answer.status_code
    assert document["type"] == f"urn:rushes:problem:{document['code']}"
    assert document["instance"] == answer.request.url.path
    return dict(document)


def field(answer: httpx.Response) -> object:
    assert answer.status_code == 422
    found = problem(answer)
    assert found["remedy"]
    return found["facts"]["field"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/projects/nothing", 404, "project_not_found"),
        ("/api/assets/nothing", 404, "asset_not_found"),
        ("/api/generations/nothing", 404, "generation_not_found"),
        ("/media/nothing", 404, "asset_not_found"),
        ("/media/nothing/poster", 404, "asset_not_found"),
        ("/api/nope", 404, "not_found"),
        ("/api/", 404, "not_found"),
        ("/api/projects/a/b/c", 404, "not_found"),
        ("/nope", 404, "not_found"),
        ("/assets/nope.js", 404, "not_found"),
    ],
)
async def test_what_is_not_there_is_a_problem(client, path, status, code):
    found = problem(await client.get(path))
    assert (found["status"], found["code"]) == (status, code)
    assert found["title"]
    assert found["detail"]
    assert found["remedy"]


async def test_a_problem_repeats_what_was_asked_for(client):
    found = problem(await client.get("/api/projects/nothing"))
    assert found["facts"] == {"id": "nothing"}
    assert found["retryable"] is False


async def test_a_method_that_an_address_does_not_know_is_a_problem_and_says_which_it_knows(client):
    answer = await client.put("/api/health")
    assert (answer.status_code, problem(answer)["code"]) == (405, "http_405")
    assert "GET" in answer.headers["allow"]


# --- what is asked wrongly ------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"{bad", b'{"name": "a"', b"", b"\xff\xfe", b"{'name': 'a'}"])
async def test_what_is_no_json_is_refused_at_the_body(client, body):
    answer = await client.post("/api/projects", content=body, headers=JSON)
    if answer.status_code == 400:
        assert problem(answer)["detail"]
        return
    assert field(answer) == "body"


@pytest.mark.parametrize("body", [b"[]", b"3", b'"a"', b"null"])
async def test_json_of_another_shape_is_refused_at_the_body(client, body):
    answer = await client.post("/api/projects", content=body, headers=JSON)
    assert field(answer) == "body"


@pytest.mark.parametrize("value", [3, None, True, ["a"], {"a": "b"}])
async def test_a_value_of_another_kind_names_its_field(client, value):
    assert field(await client.post("/api/projects", json={"name": value})) == "name"


async def test_a_missing_field_is_named(client):
    assert field(await client.post("/api/projects", json={})) == "name"


async def test_an_unknown_field_is_named(client):
    answer = await client.post("/api/projects", json={"name": "a", "colour": "red"})
    assert field(answer) == "colour"


async def test_a_field_that_is_called_like_a_part_of_a_request_is_named_too(client):
    answer = await client.post("/api/projects", json={"name": "a", "body": 1})
    assert field(answer) == "body"
    answer = await client.post("/api/projects", json={"name": "a", "query": 1})
    assert field(answer) == "query"


async def test_a_field_inside_another_is_named_by_its_way(client):
    answer = await client.post("/api/quotes", json={"prompt": "a", "models": ["animatic", 3]})
    assert field(answer) == "models.1"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=x", "limit"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=-1", "limit"),
        ("limit=99999999999999999999999", "limit"),
        ("cursor=garbage", "cursor"),
        ("cursor=", "cursor"),
        ("state=nothing", "state.0"),
        ("state=saved&state=", "state.1"),
    ],
)
async def test_a_wrong_query_names_its_part(client, query, name):
    assert field(await client.get(f"/api/assets?{query}")) == name


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 121])
async def test_a_name_that_cannot_be_used_is_refused_as_such(client, name):
    answer = await client.post("/api/projects", json={"name": name})
    assert problem(answer)["code"] == "name_illegal"


async def test_a_text_with_half_a_character_is_refused_and_the_refusal_can_be_sent(client):
    for body in (b'{"name": "\\ud800"}', b'{"name": "a", "\\ud800": 1}'):
        answer = await client.post("/api/projects", content=body, headers=JSON)
        assert answer.status_code == 422
        assert problem(answer)["code"] in {"name_illegal", "invalid_input"}


@pytest.mark.parametrize("value", [b"NaN", b"1e999", b'"\\ud800"', b"6.5", b"[6]", b"null", b"{}"])
async def test_a_setting_of_no_legal_kind_is_refused_in_a_quote_that_can_be_sent(client, value):
    body = b'{"prompt": "a", "models": ["animatic"], "settings": {"duration": ' + value + b"}}"
    answer = await client.post("/api/quotes", content=body, headers=JSON)
    if answer.status_code == 422:
        problem(answer)
        return
    [item] = answer.json()["items"]
    assert item["problem"]["code"] == "setting_illegal"
    assert item["estimate"] is None


@pytest.mark.parametrize("body", [{"models": ["animatic"]}, {"prompt": "a"}])
async def test_an_order_that_lacks_a_part_names_it(client, project, body):
    answer = await client.post(f"/api/projects/{project}/generations", json=body)
    assert field(answer) in {"prompt", "models"}


@pytest.mark.parametrize(
    ("change", "code", "name"),
    [
        ({"prompt": "  "}, "prompt_empty", "prompt"),
        ({"prompt": "a \ud83d"}, "invalid_input", "prompt"),
        ({"models": []}, "model_missing", "models"),
        ({"models": ["nothing"]}, "model_unknown", "models"),
        ({"settings": {"colour": 1}}, "setting_unknown", "settings.colour"),
        ({"settings": {"duration": "6"}}, "setting_illegal", "settings.duration"),
        ({"max_cost": "much"}, "invalid_input", "max_cost"),
        ({"max_cost": "NaN"}, "invalid_input", "max_cost"),
        ({"max_cost": "-1"}, "invalid_input", "max_cost"),
    ],
)
async def test_an_order_that_cannot_be_is_refused_before_anything_is_written_down(
    client, project, change, code, name
):
    order = {"prompt": "a lighthouse", "models": ["animatic"]} | change
    answer = await client.post(
        f"/api/projects/{project}/generations", content=json.dumps(order), headers=JSON
    )
    found = problem(answer)
    assert (found["status"], found["code"]) == (422, code)
    assert found["facts"]["field"] == name
    assert (await client.get("/api/generations")).json()["total"] == 0


async def test_a_model_without_its_key_is_refused_with_the_way_to_give_one(client, project):
    order = {"prompt": "a lighthouse", "models": ["ltx-2.3-fast"]}
    answer = await client.post(f"/api/projects/{project}/generations", json=order)
    found = problem(answer)
    assert (found["status"], found["code"]) == (424, "provider_key_missing")
    assert "rushes key" in found["remedy"]
    assert (await client.get("/api/generations")).json()["total"] == 0


async def test_an_upload_that_is_no_form_is_refused(client, project):
    path = f"/api/projects/{project}/imports"
    refused = await client.post(path, json={"files": []})
    assert (refused.status_code, refused.json()["code"]) == (415, "body_refused")
    answer = await client.post(
        path, content=b"--x", headers={"Content-Type": "multipart/form-data"}
    )
    assert field(answer) == "files"
    assert problem(answer)["detail"]
