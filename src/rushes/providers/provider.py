"""The one interface to whoever makes the clips: what every provider must promise.

A provider knows nothing of the catalogue, the disk or the page. It turns an ``Order`` into exactly
one request, tells how that request stands, and hands over the result word for word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeAlias

from rushes.domain.generation import Ticket
from rushes.domain.ids import ProviderId
from rushes.domain.model_spec import ModelSpec, SettingValue, Task


@dataclass(frozen=True, slots=True)
class InputImage:
    """An image that goes into a request: its bytes as they lie in the library."""

    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """One request, complete and legal. The same order always makes the same payload."""

    key: str
    """Our own id for it. Never shown to the provider as a promise of idempotency."""
    endpoint: str
    task: Task
    prompt: str
    settings: Mapping[str, SettingValue]
    image: InputImage | None = None
    end_image: InputImage | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A finished result, as the provider gave it."""

    document: str
    """The result word for word (JSON text). Kept for ever."""
    billed_units: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has the request and will work on it."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class DeliveredAtOnce:
    """The provider answered the submit with the finished result."""

    ticket: Ticket
    delivery: Delivery


Submission: TypeAlias = Accepted | DeliveredAtOnce


@dataclass(frozen=True, slots=True)
class InQueue:
    position: int | None = None


@dataclass(frozen=True, slots=True)
class InProgress:
    progress: float | None = None
    """0 to 1 where the provider says it; never made up."""


@dataclass(frozen=True, slots=True)
class Completed:
    """There is an answer to fetch with ``result``: a clip, or the provider's error."""


Status: TypeAlias = InQueue | InProgress | Completed


class CancelOutcome(StrEnum):
    CANCELLED = "cancelled"
    """It was waiting and has been taken back."""
    REQUESTED = "requested"
    """It was running: it may still finish, and be charged."""
    TOO_LATE = "too_late"
    """It has already finished."""
    UNKNOWN = "unknown"
    """The provider does not know the request."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """The clip lies at an address."""

    url: str
    size: int | None = None
    """Bytes, where the provider says it."""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LocalFile:
    """The clip was made on this machine. Once it is saved the file may be removed: ``media`` makes
    it again.
    """

    path: Path


MediaSource: TypeAlias = RemoteFile | LocalFile


@dataclass(frozen=True, slots=True)
class Greeting:
    """The provider answered, and takes the key."""

    host: str
    """Who answered."""
    at: datetime | None
    """The time by its clock, to the second, where it says it."""


class Provider(Protocol):
    """Makes clips. Every method may be called from one event loop only."""

    @property
    def id(self) -> ProviderId: ...

    @property
    def models(self) -> tuple[ModelSpec, ...]: ...

    @property
    def submit_window_seconds(self) -> float:
        """How long a submit can be under way at most: its timeout and a margin.

        Zero promises that ``submit`` is free and idempotent, so that it may be repeated.
        """

    def check_ready(self) -> None:
        """Raise what would make every submit fail, such as a missing key. Costs nothing."""

    async def greet(self) -> Greeting | None:
        """Ask something that costs nothing and that only a good key is answered. None when there
        is nobody to ask, because it all happens on this machine.

        MUST NOT submit anything, whatever it costs.

        Raises:
            KeyMissingError, KeyRefusedError: it is not usable.
            ProviderUnreachableError, ProviderUnavailableError, RateLimitedError: no good answer.
        """

    async def submit(self, order: Order) -> Submission:
        """Send the request. The only method that may cost money.

        MUST send it at most once. MAY repeat what certainly did not leave this machine: name
        lookup, refused connection, TLS failure.

        Raises:
            ProviderUnreachableError: nothing was sent.
            RateLimitedError, ProviderUnavailableError: answered, not bought, may be tried again.
            OutcomeUnknownError: it was sent and no answer came.
            ProviderError: any other answer; it was not bought.
        """

    async def status(self, ticket: Ticket) -> Status:
        """Ask how it stands. May be repeated freely.

        Raises:
            ProviderUnreachableError, ProviderUnavailableError, RateLimitedError: ask again.
            KeyRefusedError: ask again once the key is right.
            ResultGoneError: the provider does not know the request now; ask again several times.
        """

    async def result(self, ticket: Ticket) -> Delivery:
        """Fetch the finished result, word for word. May be repeated freely.

        Raises:
            ProviderUnavailableError: not finished, or no answer now; ask again.
            GenerationFailedError, RequestRejectedError, ContentRefusedError: there is no clip.
            ResultGoneError: the provider does not have it now; ask again several times.
        """

    async def cancel(self, ticket: Ticket) -> CancelOutcome:
        """Ask to take it back. What was delivered stays delivered."""

    async def find_lost(self, order: Order, since: datetime, until: datetime) -> list[Ticket]:
        """Requests in the provider's own list that can be this order: same endpoint, same input,
        sent between the two moments. Oldest first. An empty list is no proof of absence.
        """

    def source_url(self, delivery: Delivery) -> str:
        """The address under which the clip of this result is known.

        Raises:
            ResultUnreadableError: the document names no clip.
        """

    async def media(self, delivery: Delivery) -> MediaSource:
        """Where the bytes of this result can be had now.

        Raises:
            ResultUnreadableError: the document names no clip.
        """
