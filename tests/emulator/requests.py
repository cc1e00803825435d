"""One request at the emulator, from accepted to ended."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.emulator.faults import Cues

QUEUED = "IN_QUEUE"
RUNNING = "IN_PROGRESS"
COMPLETED = "COMPLETED"


@dataclass(frozen=True)
class Outcome:
    """What the result call will answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    error_type: str | None = None


@dataclass
class Request:
    endpoint: str
    payload: dict[str, Any]
    cues: Cues
    phases: list[str]
    """What each status call tells in turn; after the last it is completed."""
    seconds: tuple[float, float] | None = None
    """In the queue and running, when its life goes by the clock instead."""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started_at: datetime | None = None
    ended_at: datetime | None = None
    phase: str = QUEUED
    """What was told last."""
    is_cancelled: bool = False
    list_calls: int = 0
    moves: int = 0
    """How often its file has gone to another address."""
    is_sent: bool = False
    """Whether its file was sent to its end."""
    outcome: Outcome | None = None
    _clock: float = field(default_factory=time.monotonic)
    _polls: int = 0

    def advance(self) -> str:
        """What this status call tells."""
        self._enter(self._next_phase())
        return self.phase

    def complete(self) -> None:
        self._enter(COMPLETED)

    def cancel(self) -> None:
        self.is_cancelled = True
        self.complete()

    def move(self) -> None:
        """Its file goes to another address, which the result names from now on."""
        self.moves += 1
        self.outcome = None

    def _next_phase(self) -> str:
        if self.phase == COMPLETED or self.is_cancelled:
            return COMPLETED
        if self.cues.has("stuck-in-queue"):
            return QUEUED
        if self.cues.has("stuck-running"):
            return RUNNING
        return self._phase_by_clock() if self.seconds else self._phase_by_polls()

    def _phase_by_polls(self) -> str:
        index, self._polls = self._polls, self._polls + 1
        return self.phases[index] if index < len(self.phases) else COMPLETED

    def _phase_by_clock(self) -> str:
        assert self.seconds is not None
        queued, running = self.seconds
        age = time.monotonic() - self._clock
        if age < queued:
            return QUEUED
        return RUNNING if age < queued + running else COMPLETED

    def _enter(self, phase: str) -> None:
        now = datetime.now(UTC)
        if phase != QUEUED and self.started_at is None:
            self.started_at = now
        if phase == COMPLETED and self.ended_at is None:
            self.ended_at = now
        self.phase = phase
