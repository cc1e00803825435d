"""A request whose answer was lost is found again in fal's list, and no other is taken for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rushes.domain.errors import OutcomeUnknownError, ProviderUnavailableError
from rushes.domain.problem import Json
from rushes.providers.fal.client import FalProvider
from rushes.providers.fal.payload import is_same_payload
from rushes.providers.fal.request_list import RequestPage, requests_like
from rushes.providers.provider import Completed, Order
from tests.contracts.fal_orders import accepted, make_order, png
from tests.emulator import FalEmulator

MINUTE = timedelta(minutes=1)


async def find(provider: FalProvider, order: Order) -> list[str]:
    now = datetime.now(UTC)
    return [t.request_id for t in await provider.find_lost(order, now - MINUTE, now + MINUTE)]


@pytest.mark.parametrize("fault", ["submit-reply-lost", "submit-502-html", "submit-reply-garbage"])
async def test_a_lost_request_is_found_and_brought_to_its_end(
    fal: FalEmulator, fal_provider: FalProvider, fault: str
) -> None:
    order = make_order(f"A boat [fault:{fault}]", image=png())
    with pytest.raises(OutcomeUnknownError):
        await fal_provider.submit(order)
    now = datetime.now(UTC)
    [ticket] = await fal_provider.find_lost(order, now - MINUTE, now + MINUTE)
    assert ticket.request_id == fal.ledger[0].request_id
    while not isinstance(await fal_provider.status(ticket), Completed):
        pass
    assert fal_provider.source_url(await fal_provider.result(ticket))
    assert len(fal.ledger) == 1


async def test_what_was_never_accepted_is_not_found(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    order = make_order("A boat [fault:submit-lost]")
    with pytest.raises(OutcomeUnknownError):
        await fal_provider.submit(order)
    assert await find(fal_provider, order) == []


async def test_equal_requests_are_all_found_over_many_pages_oldest_first(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    fal.settings.list_page_size = 2
    for _ in range(5):
        await fal_provider.submit(make_order())
    assert await find(fal_provider, make_order()) == [e.request_id for e in fal.ledger]


@pytest.mark.parametrize(
    "other",
    [
        make_order("A boat in the rain."),
        make_order(settings={"fps": 24}),
        make_order(settings={"generate_audio": False}),
        make_order(model="ltx-2.3-pro"),
        make_order(image=png()),
    ],
    ids=["prompt", "setting", "sound", "model", "image"],
)
async def test_another_request_is_not_taken_for_it(
    fal: FalEmulator, fal_provider: FalProvider, other: Order
) -> None:
    await fal_provider.submit(other)
    assert await find(fal_provider, make_order()) == []
    assert await find(fal_provider, other) == [fal.ledger[0].request_id]


async def test_another_image_is_another_request(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    await fal_provider.submit(make_order(image=png("red")))
    assert await find(fal_provider, make_order(image=png("blue"))) == []


async def test_requests_of_another_time_are_not_taken_for_it(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    await accepted(fal_provider, make_order())
    now = datetime.now(UTC)
    later = await fal_provider.find_lost(make_order(), now + MINUTE, now + 2 * MINUTE)
    earlier = await fal_provider.find_lost(make_order(), now - 2 * MINUTE, now - MINUTE)
    assert (later, earlier) == ([], [])


async def test_a_list_that_is_late_has_it_the_next_time(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    order = make_order("A boat [fault:list-late]")
    ticket = await accepted(fal_provider, order)
    assert await find(fal_provider, order) == []
    assert await find(fal_provider, order) == [ticket.request_id]


async def test_a_list_that_fails_is_not_an_empty_list(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    order = make_order("A boat [fault:list-500-once]")
    ticket = await accepted(fal_provider, order)
    with pytest.raises(ProviderUnavailableError):
        await find(fal_provider, order)
    assert await find(fal_provider, order) == [ticket.request_id]


async def test_a_list_that_never_has_it_stays_empty(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    order = make_order("A boat [fault:list-empty]")
    await accepted(fal_provider, order)
    assert await find(fal_provider, order) == []


def test_true_is_not_one_and_six_is_not_a_text() -> None:
    assert is_same_payload({"a": True, "b": [6]}, {"b": [6], "a": True})
    assert not is_same_payload({"a": True}, {"a": 1})
    assert not is_same_payload({"a": 6}, {"a": "6"})
    assert not is_same_payload({"a": None}, {})


def test_a_row_without_a_readable_time_is_not_ruled_out_by_it() -> None:
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    boat: dict[str, Json] = {"prompt": "A boat"}
    rows: list[dict[str, Json]] = [
        {"request_id": "no time", "json_input": boat},
        {"request_id": "bad time", "sent_at": "noon", "json_input": boat},
        {"request_id": "too early", "sent_at": "2025-12-31T23:59:59Z", "json_input": boat},
        {"request_id": "in time", "sent_at": "2026-01-01T10:00:00", "json_input": boat},
        {"request_id": "no input", "sent_at": "2026-01-01T10:00:00Z"},
        {"sent_at": "2026-01-01T10:00:00Z", "json_input": boat},
    ]
    found = requests_like(rows, "a/b", boat, since, until)
    assert found == ["in time", "no time", "bad time"]


@pytest.mark.parametrize(
    ("document", "cursor"),
    [
        ({"items": [], "next_cursor": "2", "has_more": True}, "2"),
        ({"items": [], "next_cursor": "2"}, "2"),
        ({"items": [], "next_cursor": "2", "has_more": False}, None),
        ({"items": [], "next_cursor": None, "has_more": True}, None),
        ({"items": []}, None),
    ],
)
def test_the_next_page_is_asked_for_only_where_there_is_one(
    document: dict[str, Json], cursor: str | None
) -> None:
    page = RequestPage.read(document)
    assert page is not None
    assert page.next_cursor == cursor


@pytest.mark.parametrize("document", [None, {}, {"items": None}, {"items": {}}])
def test_an_answer_that_is_no_list_is_not_an_empty_one(document: dict[str, Json] | None) -> None:
    assert RequestPage.read(document) is None
