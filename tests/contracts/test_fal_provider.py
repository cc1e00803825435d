"""FalProvider does what every provider must do, and what only fal needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from rushes.domain.errors import (
    ContentRefusedError,
    GenerationFailedError,
    KeyMissingError,
    KeyRefusedError,
    ProviderError,
    ProviderUnavailableError,
    RateLimitedError,
    RequestRejectedError,
    ResultGoneError,
    ResultUnreadableError,
    SettingsError,
)
from rushes.domain.generation import Ticket
from rushes.providers.fal.addresses import ticket_for
from rushes.providers.fal.answers import Answer
from rushes.providers.fal.client import FalProvider
from rushes.providers.provider import (
    CancelOutcome,
    Completed,
    Delivery,
    InProgress,
    InQueue,
    Order,
    RemoteFile,
)
from tests.contracts.fal_orders import accepted, completed, make_order, png, provider_for
from tests.contracts.provider_contract import ProviderContract
from tests.emulator import FalEmulator


class TestFalProvider(ProviderContract):
    @pytest.fixture
    def provider(self, fal_provider: FalProvider) -> FalProvider:
        return fal_provider

    @pytest.fixture
    def order(self) -> Order:
        return make_order()

    @pytest.fixture
    def unknown_ticket(self) -> Ticket:
        return ticket_for(make_order().endpoint, "0d7f2d4c-0000-4000-8000-000000000000")


# --- status ---------------------------------------------------------------------------------------


async def test_the_status_tells_queue_running_and_completed(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await accepted(fal_provider, make_order())
    told = [await fal_provider.status(ticket) for _ in range(3)]
    assert told == [InQueue(0), InProgress(None), Completed()]


async def test_a_request_may_go_back_to_the_queue(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await accepted(fal_provider, make_order("A boat [fault:back-to-queue]"))
    told = [type(await fal_provider.status(ticket)) for _ in range(5)]
    assert told == [InQueue, InProgress, InQueue, InProgress, Completed]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status-500", ProviderUnavailableError),
        ("status-502-html", ProviderUnavailableError),
        ("status-cut", ProviderUnavailableError),
        ("status-strange", ProviderUnavailableError),
        ("status-429", RateLimitedError),
        ("status-401", KeyRefusedError),
    ],
)
async def test_after_a_failed_status_call_the_next_one_tells(
    fal: FalEmulator, fal_provider: FalProvider, fault: str, error: type[ProviderError]
) -> None:
    ticket = await accepted(fal_provider, make_order(f"A boat [fault:{fault}]"))
    with pytest.raises(error):
        await fal_provider.status(ticket)
    assert isinstance(await fal_provider.status(ticket), InQueue | InProgress)


async def test_the_status_of_a_request_that_fal_lost_is_gone(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await accepted(fal_provider, make_order("A boat [fault:status-gone]"))
    with pytest.raises(ResultGoneError):
        await fal_provider.status(ticket)


# --- result ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error", "charged"),
    [
        ("result-422-content", ContentRefusedError, False),
        ("result-422-content-billed", ContentRefusedError, True),
        ("result-422-validation", RequestRejectedError, False),
        ("result-404-path", RequestRejectedError, False),
        ("result-500-model", GenerationFailedError, False),
        ("result-500-crash", GenerationFailedError, False),
        ("result-504", GenerationFailedError, False),
        ("result-gone", ResultGoneError, True),
    ],
)
async def test_a_request_that_came_to_nothing_fails_for_good(
    fal: FalEmulator,
    fal_provider: FalProvider,
    fault: str,
    error: type[ProviderError],
    charged: bool,
) -> None:
    ticket = await completed(fal_provider, make_order(f"A boat [fault:{fault}]"))
    for _ in range(2):
        with pytest.raises(error) as caught:
            await fal_provider.result(ticket)
        assert type(caught.value) is error
        assert caught.value.problem.facts["may_have_been_charged"] is charged


@pytest.mark.parametrize(
    "fault",
    [
        "result-early-400",
        "result-early-202",
        "result-500-passing",
        "result-502-html",
        "result-html",
        "result-cut",
    ],
)
async def test_a_result_that_cannot_be_had_now_is_there_the_next_time(
    fal: FalEmulator, fal_provider: FalProvider, fault: str
) -> None:
    ticket = await completed(fal_provider, make_order(f"A boat [fault:{fault}]"))
    with pytest.raises(ProviderUnavailableError):
        await fal_provider.result(ticket)
    assert fal_provider.source_url(await fal_provider.result(ticket))


async def test_a_result_asked_for_too_early_is_not_a_failure(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await accepted(fal_provider, make_order())
    with pytest.raises(ProviderUnavailableError):
        await fal_provider.result(ticket)


async def test_a_field_that_the_model_refuses_is_named_from_its_reasons(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    order = _with_setting(make_order(), "fps", 30)
    ticket = await completed(fal_provider, order)
    with pytest.raises(RequestRejectedError) as caught:
        await fal_provider.result(ticket)
    assert "body.fps: Input should be 24, 25, 48 or 50" in str(caught.value)
    assert caught.value.problem.facts["error_type"] == "literal_error"


async def test_a_result_without_a_clip_is_kept_and_said_to_be_unreadable(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await completed(fal_provider, make_order("A boat [fault:result-garbage]"))
    delivery = await fal_provider.result(ticket)
    assert json.loads(delivery.document) == {"clip": 42}
    with pytest.raises(ResultUnreadableError):
        await fal_provider.media(delivery)


@pytest.mark.parametrize(
    ("written", "units"),
    [("4", 4), ("2.5", Decimal("2.5")), ("1e+06", 10**6), ("0", 0)]
    + [(odd, None) for odd in ("1e999999999", "1e-999999999", "9" * 5000, "NaN", "many", "")],
)
def test_billed_units_are_a_figure_that_can_be_written_out(written, units):
    assert Answer(200, {"x-fal-billable-units": written}, "", None, "").billed_units == units


async def test_the_delivery_tells_the_billed_units(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    fal.settings.clip_seconds = 2
    ticket = await completed(fal_provider, make_order(settings={"resolution": "1440p"}))
    assert (await fal_provider.result(ticket)).billed_units == Decimal(4)


async def test_the_media_source_tells_the_size_only_where_fal_does(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    known = await completed(fal_provider, make_order())
    unknown = await completed(fal_provider, make_order("A boat [fault:file-size-null]"))
    sizes = [(await _source(fal_provider, ticket)).size for ticket in (known, unknown)]
    assert sizes[0] is not None
    assert sizes[0] > 0
    assert sizes[1] is None


@pytest.mark.parametrize("url", ["ftp://host/a.mp4", "data:video/mp4;base64,AA", "", "http://"])
async def test_only_web_addresses_are_taken_for_a_clip(fal_provider: FalProvider, url: str) -> None:
    with pytest.raises(ResultUnreadableError):
        fal_provider.source_url(Delivery(json.dumps({"video": {"url": url}})))


# --- cancel ---------------------------------------------------------------------------------------


async def test_a_waiting_request_is_taken_back_and_ends_without_a_clip(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await accepted(fal_provider, make_order())
    assert await fal_provider.cancel(ticket) is CancelOutcome.CANCELLED
    assert await fal_provider.status(ticket) == Completed()
    with pytest.raises(GenerationFailedError) as caught:
        await fal_provider.result(ticket)
    assert caught.value.problem.facts["error_type"] == "client_cancelled"


async def test_a_running_request_is_only_asked_to_stop_and_may_still_finish(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await accepted(fal_provider, make_order())
    for _ in range(2):
        await fal_provider.status(ticket)
    assert await fal_provider.cancel(ticket) is CancelOutcome.REQUESTED
    assert await fal_provider.status(ticket) == Completed()
    assert fal_provider.source_url(await fal_provider.result(ticket))


# --- ready or not ---------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "", "  "])
async def test_without_a_key_nothing_is_sent(fal: FalEmulator, key: str | None) -> None:
    async with provider_for(fal, key=key) as provider:
        for attempt in (provider.submit(make_order()), provider.status(ticket_for("a/b", "c"))):
            with pytest.raises(KeyMissingError):
                await attempt
        with pytest.raises(KeyMissingError):
            provider.check_ready()
    assert fal.seen == []


@pytest.mark.parametrize("key", ["id:sec\nret", "id:sécret", "id: secret"])
async def test_a_key_that_no_header_can_hold_is_refused_before_anything_is_sent(
    fal: FalEmulator, key: str
) -> None:
    async with provider_for(fal, key=key) as provider:
        with pytest.raises(KeyRefusedError) as caught:
            await provider.submit(make_order())
    assert key not in str(caught.value)
    assert fal.seen == []


@pytest.mark.parametrize(
    "url", ["", "queue.fal.run", "ftp://queue.fal.run", "https://", "http://a:b@c"]
)
def test_an_address_that_is_none_is_refused_at_start(url: str) -> None:
    with pytest.raises(SettingsError):
        FalProvider(key="a:b", queue_url=url, platform_url="https://api.fal.ai/v1")


async def test_a_wrong_key_is_said_by_every_question(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await accepted(fal_provider, make_order())
    fal.key = "other:key"
    now = datetime.now(UTC)
    for question in (
        fal_provider.status(ticket),
        fal_provider.result(ticket),
        fal_provider.cancel(ticket),
        fal_provider.find_lost(make_order(), now, now),
    ):
        with pytest.raises(KeyRefusedError):
            await question


async def test_the_submit_window_is_longer_than_any_submit(fal: FalEmulator) -> None:
    async with provider_for(fal) as provider:
        assert provider.submit_window_seconds == 22


# --- payload --------------------------------------------------------------------------------------


async def test_every_field_that_is_sent_is_one_that_the_model_knows(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    for spec in fal_provider.models:
        await fal_provider.submit(make_order(model=spec.id))
        await fal_provider.submit(make_order(model=spec.id, image=png()))
    assert len(fal.ledger) == 2 * len(fal_provider.models)
    assert {entry.ignored for entry in fal.ledger} == {()}


async def test_images_arrive_as_they_lie_in_the_library(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    order = make_order(image=png("red"), end_image=png("blue"))
    ticket = await completed(fal_provider, order)
    assert fal_provider.source_url(await fal_provider.result(ticket))
    sent = fal.ledger[0].payload
    assert sent["image_url"] != sent["end_image_url"]
    assert sent["image_url"].startswith("data:image/png;base64,")


async def test_no_camera_motion_is_said_by_leaving_the_field_out(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    await fal_provider.submit(make_order(model="ltx-2.5-fast"))
    moving = make_order(model="ltx-2.5-fast", settings={"camera_motion": "jib_up"})
    await fal_provider.submit(moving)
    assert [entry.payload.get("camera_motion") for entry in fal.ledger] == [None, "jib_up"]


async def test_an_image_that_the_model_cannot_read_is_not_sent(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    gif = type(png())("image/gif", b"GIF89a")
    with pytest.raises(RequestRejectedError) as caught:
        await fal_provider.submit(make_order(image=gif))
    assert caught.value.problem.facts["field"] == "image"
    assert fal.seen == []


def _with_setting(order: Order, name: str, value: int) -> Order:
    settings: Mapping[str, str | int | bool] = {**order.settings, name: value}
    return Order(order.key, order.endpoint, order.task, order.prompt, settings)


async def _source(provider: FalProvider, ticket: Ticket) -> RemoteFile:
    return await provider.media(await provider.result(ticket))
