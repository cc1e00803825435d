"""The doors: one-time tickets, guessers, and what may be sent."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse

from rushes.server.attempts import FREE, LONGEST_DELAY, MOST_WAITING
from rushes.server.bodies import JSON_LIMIT
from rushes.server.gate import MOST_OF_A_NAME, Door, Gate
from tests.server.conftest import ADDRESS
from tests.server.test_gate import assert_policy, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


# --- tickets --------------------------------------------------------------------------------------


async def test_a_ticket_lets_one_browser_in_and_leaves_nothing_in_the_address(anyone, door):
    ticket = door.tickets.issue()
    answer = await anyone.get("/", params={"ticket": ticket})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert door.session in answer.headers["set-cookie"]
    again = await anyone.get("/", params={"ticket": ticket}, headers={"Cookie": ""})
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


async def test_a_ticket_opens_the_page_only_and_is_no_token(anyone, door):
    ticket = door.tickets.issue()
    bearer = {"Authorization": f"Bearer {ticket}"}
    assert (await anyone.get("/api/projects", params={"ticket": ticket})).status_code == 401
    assert (await anyone.get("/api/projects", headers=bearer)).status_code == 401
    assert (await anyone.get("/", params={"token": ticket})).status_code == 401
    assert (await anyone.get("/", params={"ticket": door.token})).status_code == 401


async def test_a_ticket_does_not_help_a_wrong_host_and_is_not_used_up_by_it(anyone, door):
    ticket = {"ticket": door.tickets.issue()}
    refused = await anyone.get("/", params=ticket, headers={"Host": "evil.test"})
    assert problem(refused) == "host_refused"
    assert (await anyone.get("/", params=ticket)).status_code == 303


# --- guessing -------------------------------------------------------------------------------------


def guarded_by(door: Door, waits: list[float]) -> httpx.AsyncClient:
    """A gate before an application that says yes, which writes down its waits."""

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    gate = Gate(PlainTextResponse("in"), door, sleep=sleep)
    return httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url=ADDRESS)


async def test_wrong_tokens_wait_longer_and_longer_and_the_right_one_never(door):
    waits: list[float] = []
    async with guarded_by(door, waits) as client:
        for _ in range(FREE + 10):
            await client.get("/x", headers={"Authorization": "Bearer wrong"})
        assert len(waits) == 10
        assert waits == sorted(waits)
        assert waits[0] < waits[5] <= waits[-1] == LONGEST_DELAY
        right = {"Authorization": f"Bearer {door.token}"}
        assert (await client.get("/x", headers=right)).text == "in"
        assert (await client.get("/", params={"token": door.token})).status_code == 303
        assert (await client.get("/", params={"ticket": door.tickets.issue()})).status_code == 303
        assert len(waits) == 10


async def test_each_way_of_trying_counts_and_coming_without_anything_does_not(door):
    waits: list[float] = []
    async with guarded_by(door, waits) as client:
        for _ in range(20):
            await client.get("/x")
            await client.get("/x", headers={"Cookie": f"other={'x' * 64}; {door.cookie}x=y"})
        assert door.attempts.wrong == 0
        await client.get("/", params={"token": "wrong"})
        await client.get("/", params={"ticket": "wrong"})
        await client.get("/x", headers={"Authorization": "Basic wrong"})
        await client.get("/x", headers={"Cookie": f"{door.cookie}=wrong"})
        assert door.attempts.wrong == 4


async def test_wrong_cookies_wait_longer_and_longer_and_the_right_one_never(door):
    waits: list[float] = []
    async with guarded_by(door, waits) as client:
        for number in range(FREE + 10):
            await client.get("/x", headers={"Cookie": f"{door.cookie}={number}"})
        assert len(waits) == 10
        assert waits == sorted(waits)
        assert waits[-1] == LONGEST_DELAY
        right = f"{door.cookie}={door.session}"
        assert (await client.get("/x", headers={"Cookie": right})).text == "in"
        stale = {"Cookie": f"{door.cookie}=stale; {right}"}
        assert (await client.get("/x", headers=stale)).text == "in"
        assert len(waits) == 10


async def test_an_old_tab_counts_once_and_makes_nobody_wait(door):
    waits: list[float] = []
    old = {"Cookie": f"{door.cookie}=old"}
    async with guarded_by(door, waits) as client:
        for _ in range(FREE + 20):
            assert (await client.get("/x", headers=old)).status_code == 401
        assert door.attempts.wrong == 1
        assert (await client.get("/x", headers={"Authorization": "Bearer typo"})).status_code == 401
        assert waits == []
        # It gets in like everybody, while its cookie is still the old one.
        again = await client.get("/", params={"token": door.token}, headers=old)
        assert again.status_code == 303


async def test_a_cookie_behind_many_others_of_its_name_is_not_looked_for(door):
    """Otherwise one request could bring a thousand guesses."""
    guesses = "; ".join(f"{door.cookie}={number}" for number in range(MOST_OF_A_NAME))
    async with guarded_by(door, []) as client:
        cookie = {"Cookie": f"{guesses}; {door.cookie}={door.session}"}
        assert (await client.get("/x", headers=cookie)).status_code == 401
        assert door.attempts.wrong == 1


async def test_many_guesses_at_once_are_refused_instead_of_kept_waiting(door):
    going, waits = asyncio.Event(), []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await going.wait()

    gate = Gate(PlainTextResponse("in"), door, sleep=sleep)
    wrong = {"Authorization": "Bearer wrong"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url=ADDRESS) as client:
        for _ in range(FREE):
            await client.get("/x", headers=wrong)
        waiting = [
            asyncio.create_task(client.get("/x", headers=wrong)) for _ in range(MOST_WAITING)
        ]
        while len(waits) < MOST_WAITING:
            await asyncio.sleep(0)
        refused = await client.get("/x", headers=wrong)
        assert (refused.status_code, problem(refused)) == (429, "too_many_attempts")
        right = {"Authorization": f"Bearer {door.token}"}
        assert (await client.get("/x", headers=right)).status_code == 200
        going.set()
        assert {one.status_code for one in await asyncio.gather(*waiting)} == {401}


# --- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/json-seq",
        "",
        "application/jsonx",
        "image/svg+xml",
    ],
)
async def test_what_a_form_of_another_page_could_send_is_no_json(client, given):
    body = b'{"name": "A"}'
    for headers in ({"Content-Type": given}, {}):
        answer = await client.post("/api/projects", content=body, headers=headers)
        assert (answer.status_code, problem(answer)) == (415, "body_refused")
        assert_policy(answer)


@pytest.mark.parametrize("given", ["application/json", "Application/JSON; charset=utf-8"])
async def test_json_is_taken(client, given):
    answer = await client.post(
        "/api/projects", content=b'{"name": "A"}', headers={"Content-Type": given}
    )
    assert answer.status_code == 201


async def test_an_empty_form_changes_nothing_either(client):
    """A form without fields has a type all the same, and several changes need no body."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/api/notices/dismiss", headers=form)
    assert problem(answer) == "body_refused"
    assert (await client.post("/api/notices/dismiss")).status_code == 200


async def test_files_are_taken_only_where_files_are_wanted(client, project):
    files = {"files": ("a.json", b"{}")}
    assert problem(await client.post("/api/projects", files=files)) == "body_refused"
    answer = await client.post(f"/api/projects/{project}/imports", json={})
    assert problem(answer) == "body_refused"


@pytest.mark.parametrize("says_how_long", [True, False])
async def test_a_body_without_end_is_given_up(client, says_how_long):
    sent = 0

    async def pieces():
        nonlocal sent
        while sent < 4 * JSON_LIMIT:
            sent += 2**20
            yield b" " * 2**20

    length = {"Content-Length": str(4 * JSON_LIMIT)} if says_how_long else {}
    answer = await client.post(
        "/api/projects",
        content=pieces(),
        headers={"Content-Type": "application/json", **length},
    )
    assert (answer.status_code, problem(answer)) == (413, "body_too_large")
    assert_policy(answer)


@pytest.mark.parametrize("length", [b"9" * 5000, b"\xb2", b"-1"])
async def test_a_length_that_is_no_number_does_not_keep_a_body_from_being_counted(client, length):
    kind = {"Content-Type": "application/json", "Content-Length": length}
    taken = await client.post("/api/projects", content=b'{"name": "A"}', headers=kind)
    assert taken.status_code == 201
    refused = await client.post("/api/projects", content=b" " * (JSON_LIMIT + 1), headers=kind)
    assert (refused.status_code, problem(refused)) == (413, "body_too_large")
