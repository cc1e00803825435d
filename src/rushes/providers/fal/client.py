"""The provider for fal: one POST for each order, and any number of free questions afterwards.

Only ``submit`` can cost money. It is one try over a connection of its own; whatever leaves its
outcome open is said as ``OutcomeUnknownError`` and settled with ``find_lost``.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Self

import httpx

from rushes.domain.errors import (
    ProviderUnavailableError,
    ResultGoneError,
)
from rushes.domain.generation import Ticket
from rushes.domain.ids import ProviderId
from rushes.domain.model_spec import ModelSpec
from rushes.domain.problem import Json
from rushes.providers.fal.addresses import address, checked_url, ticket_for
from rushes.providers.fal.answers import Answer
from rushes.providers.fal.connection import DEFAULT_TIMEOUTS, FalConnection, FalTimeouts
from rushes.providers.fal.key import FalKey
from rushes.providers.fal.models import FAL, MODELS
from rushes.providers.fal.payload import payload_of
from rushes.providers.fal.refusals import (
    GONE,
    final_error,
    is_undecided,
    question_error,
    result_error,
    submit_error,
)
from rushes.providers.fal.request_list import PAGE_LIMIT, RequestPage, requests_like
from rushes.providers.fal.results import clip_of
from rushes.providers.provider import (
    Accepted,
    CancelOutcome,
    Completed,
    DeliveredAtOnce,
    Delivery,
    Greeting,
    InProgress,
    InQueue,
    Order,
    RemoteFile,
    Status,
    Submission,
)

NOBODY = "00000000-0000-0000-0000-000000000000"
"""The id of no request."""

_CANCEL_OUTCOMES = {
    200: CancelOutcome.CANCELLED,
    202: CancelOutcome.REQUESTED,
    400: CancelOutcome.TOO_LATE,
    404: CancelOutcome.UNKNOWN,
}


class FalProvider:
    """Keeps connections to fal; ``close`` ends them."""

    def __init__(
        self,
        *,
        key: str | None,
        queue_url: str,
        platform_url: str,
        timeouts: FalTimeouts = DEFAULT_TIMEOUTS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._queue = checked_url(queue_url, setting="RUSHES_FAL_QUEUE_URL")
        self._platform = checked_url(platform_url, setting="RUSHES_FAL_PLATFORM_URL")
        self._key = FalKey(key, self._queue, self._platform)
        self._timeouts = timeouts
        self._connection = FalConnection(self._key, timeouts, tls)

    def __repr__(self) -> str:
        return f"FalProvider(queue={str(self._queue)!r}, key={self._key!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._connection.close()

    @property
    def id(self) -> ProviderId:
        return FAL

    @property
    def models(self) -> tuple[ModelSpec, ...]:
        return MODELS

    @property
    def submit_window_seconds(self) -> float:
        return self._timeouts.submit + self._timeouts.margin

    def use_key(self, key: str | None) -> None:
        """Use another key from the next request on."""
        self._key.replace(key)

    def check_ready(self) -> None:
        self._key.check()

    async def greet(self) -> Greeting:
        """Two questions, both GET: the price of a model, which only a good key is told, and the
        queue for a request that nobody ever made: whatever it says to that, it can be reached.
        """
        endpoint = next(iter(MODELS[0].capabilities.values())).endpoint
        url = httpx.URL(f"{self._platform}/models/pricing", params={"endpoint_id": endpoint})
        answer = await self._connection.ask("GET", url)
        if not answer.is_good:
            raise question_error(answer)
        nobody = ticket_for(endpoint, NOBODY)
        await self._connection.ask("GET", address(self._queue, nobody, "status_url"))
        return Greeting(self._platform.host, answer.sent_at)

    async def submit(self, order: Order) -> Submission:
        self.check_ready()
        answer = await self._connection.post(f"{self._queue}/{order.endpoint}", payload_of(order))
        document = answer.document or {}
        request_id = document.get("request_id")
        if not answer.is_good:
            raise submit_error(answer)
        if isinstance(request_id, str) and request_id:
            return Accepted(ticket_for(order.endpoint, request_id, document))
        if "video" in document:
            ticket = ticket_for(order.endpoint, answer.request_id or "")
            return DeliveredAtOnce(ticket, Delivery(answer.text, answer.billed_units))
        if answer.request_id is not None:
            # The body is no use, but the header names the request that was bought.
            return Accepted(ticket_for(order.endpoint, answer.request_id))
        raise submit_error(answer)

    async def status(self, ticket: Ticket) -> Status:
        document = await self._status_document(ticket)
        match document.get("status"):
            case "IN_QUEUE":
                position = document.get("queue_position")
                return InQueue(position if isinstance(position, int) else None)
            case "IN_PROGRESS":
                return InProgress()
            case "COMPLETED":
                return Completed()
            case word:
                raise ProviderUnavailableError(f"fal says the status is {word!r}.")

    async def _status_document(self, ticket: Ticket) -> dict[str, Json]:
        answer = await self._connection.ask("GET", address(self._queue, ticket, "status_url"))
        if answer.status in GONE:
            raise answer.error(ResultGoneError)
        if answer.is_good and answer.document is not None:
            return answer.document
        raise question_error(answer)

    async def result(self, ticket: Ticket) -> Delivery:
        answer = await self._connection.ask("GET", address(self._queue, ticket, "response_url"))
        if answer.status == httpx.codes.OK and _is_result(answer.document):
            return Delivery(answer.text, answer.billed_units)
        if is_undecided(answer) and await self._has_ended(ticket, answer):
            raise final_error(answer)
        raise result_error(answer)

    async def _has_ended(self, ticket: Ticket, answer: Answer) -> bool:
        """Whether the status says that this failure is the request's result.

        fal keeps a failed request as COMPLETED with an ``error``. A refusal (4xx) of a completed
        request cannot be "too early", so it is its result too.
        """
        document = await self._status_document(ticket)
        if document.get("status") != "COMPLETED":
            return False
        return bool(document.get("error")) or httpx.codes.is_client_error(answer.status)

    async def cancel(self, ticket: Ticket) -> CancelOutcome:
        answer = await self._connection.ask("PUT", address(self._queue, ticket, "cancel_url"))
        outcome = _CANCEL_OUTCOMES.get(answer.status)
        if outcome is None:
            raise question_error(answer)
        return outcome

    async def find_lost(self, order: Order, since: datetime, until: datetime) -> list[Ticket]:
        payload = payload_of(order)
        # Which of a request's moments `end` is compared with is not documented. Asking up to now
        # and choosing by `sent_at` here is right for each of them.
        query = {
            "endpoint_id": order.endpoint,
            "start": since.astimezone(UTC).isoformat(),
            "end": max(until, datetime.now(UTC)).astimezone(UTC).isoformat(),
            "expand": "payloads",
            "limit": "100",
        }
        rows: list[dict[str, Json]] = []
        cursor: str | None = None
        for _ in range(PAGE_LIMIT):
            page = await self._request_page(query | ({"cursor": cursor} if cursor else {}))
            rows += page.rows
            if page.next_cursor is None or page.next_cursor == cursor:
                found = requests_like(rows, order.endpoint, payload, since, until)
                return [ticket_for(order.endpoint, request_id) for request_id in found]
            cursor = page.next_cursor
        raise ProviderUnavailableError(f"fal's list of requests has over {PAGE_LIMIT} pages.")

    async def _request_page(self, query: Mapping[str, str]) -> RequestPage:
        url = httpx.URL(f"{self._platform}/models/requests/by-endpoint", params=query)
        answer = await self._connection.ask("GET", url)
        page = RequestPage.read(answer.document) if answer.is_good else None
        if page is None:
            raise question_error(answer)
        return page

    def source_url(self, delivery: Delivery) -> str:
        return clip_of(delivery).url

    async def media(self, delivery: Delivery) -> RemoteFile:
        return clip_of(delivery)


def _is_result(document: dict[str, Json] | None) -> bool:
    """A JSON object, and not the status of a request that is still on its way."""
    return document is not None and document.get("status") not in {"IN_QUEUE", "IN_PROGRESS"}
