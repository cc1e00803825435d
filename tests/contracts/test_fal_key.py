"""The key goes to fal's own hosts, and shows up nowhere else."""

from __future__ import annotations

import logging
import traceback

import httpx
import pytest

from rushes.domain.errors import (
    KeyMissingError,
    KeyRefusedError,
    OutcomeUnknownError,
    ProviderError,
    ResultGoneError,
)
from rushes.domain.generation import Ticket
from rushes.providers.fal.client import FalProvider
from rushes.providers.fal.key import FalKey
from rushes.providers.provider import CancelOutcome, Completed, InQueue
from tests.contracts.fal_orders import KEY, accepted, completed, make_order
from tests.emulator import FalEmulator

SECRET = KEY.partition(":")[2]


async def test_the_key_is_sent_to_the_queue_as_fal_wants_it(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    await accepted(fal_provider, make_order())
    assert fal.seen[0].headers["authorization"] == f"Key {KEY}"


async def test_links_to_another_host_are_not_followed(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    ticket = await accepted(fal_provider, make_order("A boat [fault:foreign-links]"))
    assert fal.elsewhere_host in ticket.links["status_url"]
    assert await fal_provider.status(ticket) == InQueue(0)
    while not isinstance(await fal_provider.status(ticket), Completed):
        pass
    assert fal_provider.source_url(await fal_provider.result(ticket))
    assert await fal_provider.cancel(ticket) is CancelOutcome.TOO_LATE
    assert {seen.host for seen in fal.seen} == {"queue"}


@pytest.mark.parametrize(
    "link",
    [
        "http://{elsewhere}/fal-ai/ltx-2.3/requests/x/status",
        "https://{queue}/fal-ai/ltx-2.3/requests/x/status",
        "http://{queue}@{elsewhere}/status",
        "http://[broken",
        "/fal-ai/ltx-2.3/requests/x/status",
    ],
    ids=["other port", "other scheme", "queue as user name", "no address", "no host"],
)
async def test_a_ticket_that_leads_elsewhere_and_says_no_app_is_gone(
    fal: FalEmulator, fal_provider: FalProvider, link: str
) -> None:
    queue = fal.queue_url.removeprefix("http://")
    url = link.format(queue=queue, elsewhere=fal.elsewhere_host)
    with pytest.raises(ResultGoneError):
        await fal_provider.status(Ticket("x", {"status_url": url}))
    assert fal.seen == []


@pytest.mark.parametrize("request_id", ["..", "a/../b", "a?b=c", "a#b", "a%2fb", ""])
async def test_a_request_id_that_would_lead_to_another_path_leads_nowhere(
    fal: FalEmulator, fal_provider: FalProvider, request_id: str
) -> None:
    with pytest.raises(ResultGoneError):
        await fal_provider.status(Ticket(request_id, {"app": "fal-ai/ltx-2.3"}))
    assert fal.seen == []


async def test_a_redirect_is_not_followed(fal: FalEmulator, fal_provider: FalProvider) -> None:
    with pytest.raises(OutcomeUnknownError):
        await fal_provider.submit(make_order("A boat [fault:submit-redirect]"))
    assert {seen.host for seen in fal.seen} == {"queue"}


async def test_another_key_counts_from_the_next_request_on_and_the_old_one_stays_hidden(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    await accepted(fal_provider, make_order())
    fal_provider.use_key(None)
    with pytest.raises(KeyMissingError):
        fal_provider.check_ready()
    fal_provider.use_key("another:key-that-fal-does-not-know")
    with pytest.raises(KeyRefusedError):
        await fal_provider.submit(make_order())
    assert fal.seen[-1].headers["authorization"] == "Key another:key-that-fal-does-not-know"
    assert len(fal.ledger) == 1


def test_a_former_key_is_taken_out_of_texts_too() -> None:
    key = FalKey(KEY, httpx.URL("https://queue.fal.run"))
    key.replace("another:0123456789abcdefghij")
    said = key.redacted(f"{KEY} {SECRET} another:0123456789abcdefghij 0123456789abcdefghij")
    assert said == "[key] [key] [key] [key]"


def test_the_key_is_added_to_no_request_for_another_host() -> None:
    key = FalKey(KEY, httpx.URL("https://queue.fal.run"))
    request = httpx.Request("GET", "https://queue.fal.run.example/x")
    with pytest.raises(ValueError, match=r"queue\.fal\.run\.example"):
        next(key.auth_flow(request))
    assert "authorization" not in request.headers


async def test_an_unkind_answer_that_repeats_the_key_does_not_spread_it(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    with pytest.raises(KeyRefusedError) as caught:
        await fal_provider.submit(make_order("A boat [fault:submit-401]"))
    assert "Unauthorized: Key [key]" in str(caught.value)
    assert SECRET not in repr(caught.value.problem)


def test_neither_provider_nor_key_shows_the_key() -> None:
    provider = FalProvider(key=KEY, queue_url="http://a", platform_url="http://b")
    assert SECRET not in repr(provider) + str(provider) + repr(FalKey(KEY))


async def test_no_trace_and_no_log_line_has_the_key(
    fal: FalEmulator, fal_provider: FalProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    traces = [
        *[await _submit_trace(fal_provider, fault) for fault in SUBMIT_FAULTS],
        *[await _result_trace(fal_provider, fault) for fault in RESULT_FAULTS],
    ]
    assert all("fal/client.py" in trace for trace in traces)
    assert not any(SECRET in trace for trace in traces)
    assert caplog.text
    assert SECRET not in caplog.text


SUBMIT_FAULTS = ("submit-reply-lost", "submit-lost", "submit-401", "submit-429", "submit-502-html")
RESULT_FAULTS = ("result-cut", "result-504", "result-gone", "result-422-content")


async def _submit_trace(provider: FalProvider, fault: str) -> str:
    with pytest.raises(ProviderError) as caught:
        await provider.submit(make_order(f"A boat [fault:{fault}]"))
    return _trace(caught.value)


async def _result_trace(provider: FalProvider, fault: str) -> str:
    ticket = await completed(provider, make_order(f"A boat [fault:{fault}]"))
    with pytest.raises(ProviderError) as caught:
        await provider.result(ticket)
    return _trace(caught.value)


def _trace(error: BaseException) -> str:
    lines = traceback.TracebackException.from_exception(error, capture_locals=True).format()
    return "".join(lines)
