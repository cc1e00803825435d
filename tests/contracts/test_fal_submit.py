"""One order is one POST, whatever happens to its answer, and what is not known is said so."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest

from rushes.domain.errors import (
    AccountLockedError,
    EndpointUnknownError,
    KeyRefusedError,
    OutcomeUnknownError,
    ProviderError,
    ProviderUnreachableError,
    RateLimitedError,
    RequestRejectedError,
)
from rushes.providers.fal.client import FalProvider
from rushes.providers.fal.connection import FalTimeouts
from rushes.providers.provider import Completed, DeliveredAtOnce
from tests.contracts.fal_orders import KEY, accepted, make_order, provider_for
from tests.emulator import FalEmulator

BOUGHT = 1
NOT_BOUGHT = 0


@pytest.mark.parametrize(
    ("fault", "error", "bought"),
    [
        ("submit-reply-lost", OutcomeUnknownError, BOUGHT),
        ("submit-reply-garbage", OutcomeUnknownError, BOUGHT),
        ("submit-502-html", OutcomeUnknownError, BOUGHT),
        ("submit-502-unbought", OutcomeUnknownError, NOT_BOUGHT),
        ("submit-lost", OutcomeUnknownError, NOT_BOUGHT),
        ("submit-redirect", OutcomeUnknownError, NOT_BOUGHT),
        ("submit-429", RateLimitedError, NOT_BOUGHT),
        ("submit-500-json", OutcomeUnknownError, NOT_BOUGHT),
        ("submit-503-json", OutcomeUnknownError, NOT_BOUGHT),
        ("submit-401", KeyRefusedError, NOT_BOUGHT),
        ("submit-403-locked", AccountLockedError, NOT_BOUGHT),
        ("submit-404", EndpointUnknownError, NOT_BOUGHT),
        ("submit-422", RequestRejectedError, NOT_BOUGHT),
    ],
)
async def test_a_submit_that_fails_was_one_post_and_says_what_is_known(
    fal: FalEmulator,
    fal_provider: FalProvider,
    fault: str,
    error: type[ProviderError],
    bought: int,
) -> None:
    with pytest.raises(error) as caught:
        await fal_provider.submit(make_order(f"A boat [fault:{fault}]"))
    assert type(caught.value) is error
    assert len(fal.ledger) == bought
    assert [seen.host for seen in fal.seen] == ["queue"]
    # Whoever pays must never be told "not charged" when it was bought.
    if bought:
        assert caught.value.problem.facts["may_have_been_charged"] is True


async def test_an_answer_that_comes_too_late_leaves_the_outcome_unknown(fal: FalEmulator) -> None:
    async with provider_for(fal, timeouts=FalTimeouts(submit=0.3)) as provider:
        with pytest.raises(OutcomeUnknownError):
            await provider.submit(make_order("A boat [fault:submit-slow]"))
    assert len(fal.ledger) == BOUGHT
    assert len(fal.seen) == 1


@pytest.mark.parametrize("fault", ["submit-reply-cut", "submit-reply-bare"])
async def test_the_id_in_the_header_is_enough_when_the_body_is_lost(
    fal: FalEmulator, fal_provider: FalProvider, fault: str
) -> None:
    ticket = await accepted(fal_provider, make_order(f"A boat [fault:{fault}]"))
    assert [entry.request_id for entry in fal.ledger] == [ticket.request_id]
    while not isinstance(await fal_provider.status(ticket), Completed):
        pass
    assert fal_provider.source_url(await fal_provider.result(ticket))


async def test_a_result_that_comes_at_once_is_a_delivery(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    submission = await fal_provider.submit(make_order("A boat [fault:direct-answer]"))
    assert isinstance(submission, DeliveredAtOnce)
    assert submission.ticket.request_id == fal.ledger[0].request_id
    assert fal.media_host in fal_provider.source_url(submission.delivery)
    assert (await fal_provider.result(submission.ticket)) == submission.delivery


async def test_being_slowed_down_tells_how_long_to_wait(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    fal.settings.retry_after_seconds = 7
    with pytest.raises(RateLimitedError) as caught:
        await fal_provider.submit(make_order("A boat [fault:submit-429]"))
    assert caught.value.retry_after == timedelta(seconds=7)


async def test_each_submit_has_a_connection_of_its_own(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    for prompt in ("One", "Two", "Three"):
        ticket = await accepted(fal_provider, make_order(prompt))
        await fal_provider.status(ticket)
    posts = [seen.client_port for seen in fal.seen if seen.method == "POST"]
    others = {seen.client_port for seen in fal.seen if seen.method == "GET"}
    assert len(set(posts)) == 3
    assert others.isdisjoint(posts)


async def test_a_refused_connection_sent_nothing(fal: FalEmulator, closed_port: int) -> None:
    with pytest.raises(ProviderUnreachableError):
        await _submit_to(f"http://127.0.0.1:{closed_port}", fal)
    assert fal.seen == []


async def test_a_name_that_does_not_exist_sent_nothing(fal: FalEmulator) -> None:
    with pytest.raises(ProviderUnreachableError):
        await _submit_to("http://queue.invalid", fal)


async def test_a_failed_tls_handshake_sent_nothing(fal: FalEmulator) -> None:
    with pytest.raises(ProviderUnreachableError):
        await _submit_to(fal.queue_url.replace("http:", "https:"), fal)
    assert fal.ledger == []


async def test_what_was_not_sent_may_be_sent_later_and_is_bought_once(
    fal: FalEmulator, fal_provider: FalProvider, closed_port: int
) -> None:
    with pytest.raises(ProviderUnreachableError):
        await _submit_to(f"http://127.0.0.1:{closed_port}", fal)
    await fal_provider.submit(make_order())
    assert len(fal.ledger) == 1


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken, so that nobody else gets it, and where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def _submit_to(queue_url: str, fal: FalEmulator) -> None:
    async with FalProvider(key=KEY, queue_url=queue_url, platform_url=fal.platform_url) as provider:
        await provider.submit(make_order())
