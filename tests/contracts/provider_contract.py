"""What every provider must do. A subclass gives the fixtures ``provider`` and ``order``."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import av
import httpx
import pytest

from rushes.domain.errors import ResultGoneError, ResultUnreadableError
from rushes.domain.generation import Ticket
from rushes.domain.model_spec import Capabilities, ModelSpec, check_request, estimate
from rushes.providers.provider import (
    Accepted,
    CancelOutcome,
    Completed,
    Delivery,
    LocalFile,
    MediaSource,
    Order,
    Provider,
)

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.01
"""Between two questions: the interface is asked, it does not call."""


class ProviderContract:
    @pytest.fixture
    def provider(self) -> Provider:
        """A provider that is ready."""
        raise NotImplementedError

    @pytest.fixture
    def order(self) -> Order:
        """An order that this provider can fill, for a short clip."""
        raise NotImplementedError

    @pytest.fixture
    def unknown_ticket(self) -> Ticket:
        """A ticket in this provider's form for a request that it never had."""
        raise NotImplementedError

    # --- what it offers -------------------------------------------------------------------------

    def test_every_model_names_this_provider(self, provider: Provider) -> None:
        assert provider.models
        assert {spec.provider for spec in provider.models} == {provider.id}

    def test_ids_and_aliases_name_one_model_each(self, provider: Provider) -> None:
        names = [name for spec in provider.models for name in (spec.id, *spec.aliases)]
        assert len(names) == len(set(names))

    def test_every_task_of_every_model_has_an_endpoint_of_its_own(self, provider: Provider) -> None:
        endpoints = [capabilities.endpoint for _, capabilities in _all_capabilities(provider)]
        assert len(endpoints) == len(set(endpoints))

    def test_the_defaults_of_every_model_are_legal_and_have_a_price(
        self, provider: Provider
    ) -> None:
        for spec in provider.models:
            for task, capabilities in spec.capabilities.items():
                settings = check_request(spec, task, "A boat", {})
                cost = estimate(capabilities, settings)
                assert 0 <= cost.low == cost.high

    def test_every_default_is_one_of_the_values_it_stands_among(self, provider: Provider) -> None:
        for _, capabilities in _all_capabilities(provider):
            assert all(setting.accepts(setting.default) for setting in capabilities.settings)

    # --- one request ----------------------------------------------------------------------------

    def test_it_is_ready(self, provider: Provider) -> None:
        provider.check_ready()

    async def test_a_submit_gives_a_ticket(self, provider: Provider, order: Order) -> None:
        ticket = await _submit(provider, order)
        assert ticket.request_id

    async def test_a_request_is_completed_in_the_end(
        self, provider: Provider, order: Order
    ) -> None:
        ticket = await _submit(provider, order)
        await _wait_until_completed(provider, ticket)

    async def test_the_result_is_word_for_word_the_same_each_time(
        self, provider: Provider, order: Order
    ) -> None:
        ticket = await _submit(provider, order)
        await _wait_until_completed(provider, ticket)
        first = await provider.result(ticket)
        again = await provider.result(ticket)
        assert first.document == again.document

    async def test_the_ticket_alone_finds_the_request_again(
        self, provider: Provider, order: Order
    ) -> None:
        ticket = await _submit(provider, order)
        kept = Ticket(str(ticket.request_id), dict(ticket.links))
        await _wait_until_completed(provider, kept)
        assert (await provider.result(kept)).document

    async def test_the_media_are_a_video_that_opens(self, provider: Provider, order: Order) -> None:
        ticket = await _submit(provider, order)
        await _wait_until_completed(provider, ticket)
        delivery = await provider.result(ticket)
        data = await bytes_of(await provider.media(delivery))
        with av.open(io.BytesIO(data), "r") as container:
            assert next(container.decode(video=0)).width > 0

    async def test_the_source_url_is_the_same_each_time(
        self, provider: Provider, order: Order
    ) -> None:
        ticket = await _submit(provider, order)
        await _wait_until_completed(provider, ticket)
        delivery = await provider.result(ticket)
        assert provider.source_url(delivery) == provider.source_url(delivery) != ""

    # --- what went wrong ------------------------------------------------------------------------

    async def test_the_status_of_an_unknown_request_is_gone(
        self, provider: Provider, unknown_ticket: Ticket
    ) -> None:
        with pytest.raises(ResultGoneError):
            await provider.status(unknown_ticket)

    async def test_the_result_of_an_unknown_request_is_gone(
        self, provider: Provider, unknown_ticket: Ticket
    ) -> None:
        with pytest.raises(ResultGoneError):
            await provider.result(unknown_ticket)

    @pytest.mark.parametrize("document", ["", "no JSON", "[]", "{}", '{"video": {"url": 7}}'])
    async def test_a_document_that_names_no_clip_is_said_to_be_unreadable(
        self, provider: Provider, document: str
    ) -> None:
        with pytest.raises(ResultUnreadableError):
            provider.source_url(Delivery(document))
        with pytest.raises(ResultUnreadableError):
            await provider.media(Delivery(document))

    # --- taking back and finding again ----------------------------------------------------------

    async def test_an_unknown_request_cannot_be_taken_back(
        self, provider: Provider, unknown_ticket: Ticket
    ) -> None:
        assert await provider.cancel(unknown_ticket) is CancelOutcome.UNKNOWN

    async def test_a_finished_request_cannot_be_taken_back(
        self, provider: Provider, order: Order
    ) -> None:
        ticket = await _submit(provider, order)
        await _wait_until_completed(provider, ticket)
        assert await provider.cancel(ticket) is CancelOutcome.TOO_LATE
        assert (await provider.result(ticket)).document

    async def test_a_request_that_was_sent_is_found_by_its_order(
        self, provider: Provider, order: Order
    ) -> None:
        before = datetime.now(UTC)
        ticket = await _submit(provider, order)
        after = datetime.now(UTC) + timedelta(seconds=1)
        found = await provider.find_lost(order, before, after)
        assert [each.request_id for each in found] == [ticket.request_id]


def _all_capabilities(provider: Provider) -> Iterator[tuple[ModelSpec, Capabilities]]:
    for spec in provider.models:
        for capabilities in spec.capabilities.values():
            yield spec, capabilities


async def _submit(provider: Provider, order: Order) -> Ticket:
    submission = await provider.submit(order)
    assert isinstance(submission, Accepted)
    return submission.ticket


async def _wait_until_completed(provider: Provider, ticket: Ticket) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not isinstance(await provider.status(ticket), Completed):
            await asyncio.sleep(PAUSE_SECONDS)


async def bytes_of(source: MediaSource) -> bytes:
    if isinstance(source, LocalFile):
        return await asyncio.to_thread(source.path.read_bytes)
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.get(source.url)
    assert response.status_code == 200
    assert source.size in (None, len(response.content))
    return response.content
