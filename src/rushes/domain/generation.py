"""A generation is one request to a provider, paid or free: what was asked and how far it is.

::

    planned ─▶ submitting ─▶ submitted ─▶ queued ⇄ running ─▶ delivered ─▶ saving ─▶ done
       │           │                         │        │          ▲
       │           └─▶ unconfirmed ──────────┼────────┼─ found ──┘ (or back to submitted)
       └──────────▶ failed · cancelled ◀─────┴────────┘
                      └─ known after all ─▶ submitted

``submitting`` is written before the one POST and is never repeated: if its answer is lost the
generation becomes ``unconfirmed``. From ``delivered`` on everything may be repeated freely: what is
done without its clip being here goes back to ``saving`` when a person wants the clip.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, TypeAlias

from rushes.domain.errors import ResultGoneError
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId
from rushes.domain.model_spec import Estimate, SettingValue, Task
from rushes.domain.problem import Failure, Problem


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the provider gave for a request: enough to find it again after any crash.

    Opaque outside the provider that made it.
    """

    request_id: str
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """Written down and priced; nothing has been sent."""

    name: ClassVar[str] = "planned"
    failure: Failure | None = None
    """Why it has not been sent yet, when the provider could not be reached."""


@dataclass(frozen=True, slots=True)
class Submitting:
    """The intent is on disk and the one POST may be on its way."""

    name: ClassVar[str] = "submitting"
    since: datetime


@dataclass(frozen=True, slots=True)
class Submitted:
    """The provider has it and has not yet said more."""

    name: ClassVar[str] = "submitted"
    ticket: Ticket
    doubt: Failure | None = None
    """The provider's newest answers were that it does not know the request, so many of them."""


@dataclass(frozen=True, slots=True)
class Queued:
    name: ClassVar[str] = "queued"
    ticket: Ticket
    position: int | None = None
    """How many requests the provider says are ahead."""
    doubt: Failure | None = None


@dataclass(frozen=True, slots=True)
class Running:
    name: ClassVar[str] = "running"
    ticket: Ticket
    progress: float | None = None
    """0 to 1, only when the provider says it."""
    doubt: Failure | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider's result is kept verbatim; the clip is still at the provider."""

    name: ClassVar[str] = "delivered"
    ticket: Ticket
    document: str


@dataclass(frozen=True, slots=True)
class Saving:
    """The clip is being brought into the library, to the path that is reserved for it."""

    name: ClassVar[str] = "saving"
    ticket: Ticket
    document: str
    path: str
    sha256: str | None = None
    """Of the checked bytes, once there are any: a file of this hash under the path is ours."""


@dataclass(frozen=True, slots=True)
class Done:
    name: ClassVar[str] = "done"
    ticket: Ticket
    document: str


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """It may have been bought and we have no id. Never sent again by itself."""

    name: ClassVar[str] = "unconfirmed"
    since: datetime
    """When the POST was about to be sent."""
    failure: Failure


@dataclass(frozen=True, slots=True)
class Failed:
    name: ClassVar[str] = "failed"
    problem: Problem
    ticket: Ticket | None = None
    document: str | None = None
    """The provider's answer, where there was one that could not be used."""

    @property
    def may_be_known(self) -> bool:
        """Whether it failed only because the provider did not know a request that it had taken."""
        return self.ticket is not None and self.problem.code == ResultGoneError.code


@dataclass(frozen=True, slots=True)
class Cancelled:
    name: ClassVar[str] = "cancelled"
    ticket: Ticket | None = None


GenerationState: TypeAlias = (
    Planned
    | Submitting
    | Submitted
    | Queued
    | Running
    | Delivered
    | Saving
    | Done
    | Unconfirmed
    | Failed
    | Cancelled
)

Waiting: TypeAlias = Submitted | Queued | Running

MOVES: Mapping[str, frozenset[str]] = {
    "planned": frozenset({"planned", "submitting", "failed", "cancelled"}),
    "submitting": frozenset({"planned", "submitted", "delivered", "unconfirmed", "failed"}),
    "submitted": frozenset({"submitted", "queued", "running", "delivered", "failed", "cancelled"}),
    "queued": frozenset({"queued", "running", "delivered", "failed", "cancelled"}),
    "running": frozenset({"running", "queued", "delivered", "failed", "cancelled"}),
    "delivered": frozenset({"saving", "done"}),
    "saving": frozenset({"saving", "done"}),
    "unconfirmed": frozenset({"unconfirmed", "submitted", "delivered", "failed"}),
    "done": frozenset({"saving"}),
    "failed": frozenset({"submitted"}),
    "cancelled": frozenset(),
}
"""Every legal move. What is delivered can only be saved: it never becomes failed or cancelled.

What has failed goes on only where the provider knows its request after all: nothing is sent again.
"""

GENERATION_STATES = tuple(MOVES)
UNDER_WAY = frozenset(GENERATION_STATES) - {"done", "failed", "cancelled", "unconfirmed"}
"""It goes on by itself."""


def shot_of(project_id: str, prompt: str) -> str:
    """What the takes of one shot have in common: their project and their prompt, in one word."""
    return hashlib.sha256(f"{project_id}\n{prompt}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """What was asked, checked against the model table: every setting has a legal value."""

    model: ModelId
    task: Task
    prompt: str
    settings: Mapping[str, SettingValue]
    image: AssetId | None = None
    end_image: AssetId | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a generation, and when: the rows of its chart."""

    name: str
    """asked, sent, queued, running, delivered, downloaded, checked, saved, and what went wrong."""
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Bytes that have come so far, and how many there will be where the sender says it."""

    received: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    id: GenerationId
    project_id: ProjectId
    request: GenerationRequest
    endpoint: str
    """Where the request goes: the provider's own name for the model and task."""
    estimate: Estimate
    take_number: int
    state: GenerationState
    created_at: datetime
    updated_at: datetime
    steps: tuple[Step, ...] = ()
    transfer: Transfer | None = None
    billed_units: Decimal | None = None
    """How many of its price units the provider says it charged; None until it says so."""
    unit_price: Decimal | None = None
    """US dollars for one of these units when it was ordered; None where that is not known."""
    asset_id: AssetId | None = None

    @property
    def shot(self) -> str:
        return shot_of(self.project_id, self.request.prompt)

    @property
    def ticket(self) -> Ticket | None:
        return getattr(self.state, "ticket", None)

    @property
    def actual_cost(self) -> Decimal | None:
        """US dollars, reckoned from what the provider says it charged; None where it cannot be."""
        if self.billed_units is None or self.unit_price is None:
            return None
        return self.billed_units * self.unit_price

    @property
    def is_ended(self) -> bool:
        return isinstance(self.state, Done | Failed | Cancelled)
