"""Orders over HTTP: several takes, several models, and one that is sent twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio

from tests.emulator import FalEmulator
from tests.server.conftest import client_of
from tests.studios import studio_for

pytestmark = pytest.mark.asyncio(loop_scope="module")

FAST = "ltx-2.3-fast"
PRO = "ltx-2.3-pro"
ORDER_ID = "order-0123456789abcdef"


@pytest_asyncio.fixture(loop_scope="module")
async def studio(tmp_path: Path, fal: FalEmulator):
    """With a key, so that orders can cost."""
    async with studio_for(tmp_path / "library", fal) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def client(studio):
    async with client_of(studio) as opened:
        yield opened


def order(*models: str, **changes: object) -> dict[str, object]:
    return {"prompt": "a heron", "models": list(models or [FAST]), "settings": {}} | changes


async def send(client, project: str, wanted: dict[str, object]):
    return await client.post(f"/api/projects/{project}/generations", json=wanted)


async def count(client) -> int:
    return int((await client.get("/api/generations")).json()["total"])


async def test_takes_are_written_down_in_order_for_each_model(client, project, fal, studio):
    answer = await send(client, project, order(FAST, PRO, takes=3))
    assert answer.status_code == 202
    planned = answer.json()["generations"]
    assert [one["model"] for one in planned] == [FAST] * 3 + [PRO] * 3
    assert [one["take_number"] for one in planned] == [1, 2, 3, 4, 5, 6]
    assert answer.json()["repeated"] is False
    await studio.pipeline.until_quiet()
    assert len(fal.ledger) == 6


@pytest.mark.parametrize("takes", [0, 9, -1, 1.5, "2x"])
async def test_another_number_of_takes_is_refused(client, project, takes):
    for path in (f"/api/projects/{project}/generations", "/api/quotes"):
        answer = await client.post(path, json=order(takes=takes))
        assert answer.status_code == 422
        assert answer.json()["facts"]["field"] == "takes"
    assert await count(client) == 0


async def test_the_price_and_its_limit_are_those_of_all_takes(client, project, fal):
    quote = (await client.post("/api/quotes", json=order(FAST, PRO, takes=3))).json()
    assert [item["estimate"]["high"] for item in quote["items"]] == ["0.72", "1.44"]
    assert quote["total"]["high"] == "2.16"
    refused = await send(client, project, order(FAST, PRO, takes=3, max_cost="2.15"))
    assert refused.json()["code"] == "cost_limit"
    assert await count(client) == 0
    assert not fal.seen


async def test_a_take_keeps_the_price_of_itself_only(client, project):
    answer = await send(client, project, order(takes=2))
    assert [one["estimate"]["high"] for one in answer.json()["generations"]] == ["0.24", "0.24"]


async def test_a_seed_that_is_left_varies_and_one_that_is_chosen_counts_up(client, project):
    left = await send(client, project, order("animatic", takes=3))
    assert [one["settings"]["seed"] for one in left.json()["generations"]] == [0, 1, 2]
    chosen = await send(client, project, order("animatic", takes=3, settings={"seed": 40}))
    assert [one["settings"]["seed"] for one in chosen.json()["generations"]] == [40, 41, 42]


async def test_a_seed_whose_last_take_would_be_too_high_is_refused(client, project):
    wanted = order("animatic", takes=2, settings={"seed": 2**31 - 1})
    refused = (await send(client, project, wanted)).json()
    assert (refused["code"], refused["facts"]["field"]) == ("setting_illegal", "settings.seed")
    assert (await send(client, project, wanted | {"takes": 1})).status_code == 202


async def test_settings_of_one_model_go_over_the_common_ones(client, project):
    wanted = order(
        FAST,
        "ltx-2.5-pro",
        settings={"duration": 6},
        model_settings={FAST: {"duration": 8}, "ltx-2.5-pro": {"camera_motion": "dolly_in"}},
    )
    quote = (await client.post("/api/quotes", json=wanted)).json()
    assert [item["settings"]["duration"] for item in quote["items"]] == [8, 6]
    planned = (await send(client, project, wanted)).json()["generations"]
    assert [one["settings"]["duration"] for one in planned] == [8, 6]
    assert planned[1]["settings"]["camera_motion"] == "dolly_in"


async def test_settings_for_a_model_that_is_not_asked_are_refused(client, project):
    refused = await send(client, project, order(model_settings={PRO: {"duration": 8}}))
    assert refused.json()["facts"]["field"] == "model_settings"


async def test_an_order_sent_twice_with_its_id_is_done_once(client, project, fal, studio):
    wanted = order(takes=2, order_id=ORDER_ID)
    first = (await send(client, project, wanted)).json()
    again = (await send(client, project, wanted)).json()
    assert again["repeated"] is True
    ids = [one["id"] for one in first["generations"]]
    assert [one["id"] for one in again["generations"]] == ids
    await studio.pipeline.until_quiet()
    assert len(fal.ledger) == 2
    looked = await client.get(f"/api/orders/{ORDER_ID}")
    assert [one["id"] for one in looked.json()["generations"]] == ids


async def test_an_order_sent_many_times_at_once_is_done_once(client, project, fal, studio):
    wanted = order(order_id=ORDER_ID)
    answers = await asyncio.gather(*[send(client, project, wanted) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["generations"][0]["id"] for answer in answers}) == 1
    assert sum(not answer.json()["repeated"] for answer in answers) == 1
    await studio.pipeline.until_quiet()
    assert len(fal.ledger) == 1


async def test_what_was_accepted_once_stands_though_it_would_be_refused_now(client, project):
    wanted = order(order_id=ORDER_ID)
    first = (await send(client, project, wanted)).json()
    again = await send(client, project, wanted | {"max_cost": "0"})
    assert again.json()["generations"][0]["id"] == first["generations"][0]["id"]


@pytest.mark.parametrize(
    "change",
    [{"prompt": "another"}, {"takes": 2}, {"models": [PRO]}, {"settings": {"duration": 8}}],
    ids=str,
)
async def test_another_order_under_the_same_id_is_refused(client, project, change):
    assert (await send(client, project, order(order_id=ORDER_ID))).status_code == 202
    refused = await send(client, project, order(order_id=ORDER_ID) | change)
    assert (refused.status_code, refused.json()["code"]) == (409, "order_taken")
    assert await count(client) == 1


async def test_a_refused_order_does_not_use_its_id_up(client, project):
    refused = await send(client, project, order(order_id=ORDER_ID, prompt=" "))
    assert refused.json()["code"] == "prompt_empty"
    assert (await client.get(f"/api/orders/{ORDER_ID}")).json()["code"] == "order_not_found"
    assert (await send(client, project, order(order_id=ORDER_ID))).status_code == 202


@pytest.mark.parametrize("order_id", ["short", "x" * 65, "has a blank in the middle", "ü" * 20])
async def test_an_id_that_is_no_id_is_refused(client, project, order_id):
    refused = await send(client, project, order(order_id=order_id))
    assert (refused.status_code, refused.json()["facts"]["field"]) == (422, "order_id")


async def test_orders_are_remembered_when_the_library_is_opened_again(tmp_path, fal):
    home = tmp_path / "another"
    async with studio_for(home, fal) as studio, client_of(studio) as client:
        project = (await client.get("/api/projects")).json()["items"][0]["id"]
        first = (await send(client, project, order(order_id=ORDER_ID))).json()
        await studio.pipeline.until_quiet()
    async with studio_for(home, fal) as studio, client_of(studio) as client:
        again = (await send(client, project, order(order_id=ORDER_ID))).json()
        assert again["generations"][0]["id"] == first["generations"][0]["id"]
    assert len(fal.ledger) == 1
