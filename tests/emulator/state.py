"""What the emulator holds: its settings, its requests, what was bought and who came by."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.emulator.faults import Faults
from tests.emulator.requests import Request


@dataclass
class EmulatorSettings:
    """May be changed at any time."""

    latency_seconds: float = 0.0
    """Before each answer of the queue and the platform."""
    queued_polls: int = 1
    running_polls: int = 1
    queued_seconds: float | None = None
    """With either of the two given, the life of a request goes by the clock."""
    running_seconds: float | None = None
    slow_seconds: float = 30.0
    slow_piece_seconds: float = 0.02
    retry_after_seconds: int = 1
    big_bytes: int = 256 * 1024 * 1024
    clip_width: int = 320
    clip_height: int = 180
    clip_seconds: int | None = None
    """Length of every clip; None makes them as long as was asked."""
    list_late_calls: int = 1
    list_page_size: int = 100
    list_shows_waiting: bool = True
    """Whether the list has requests that have not ended. Not documented by fal."""
    cancel_stops_running: bool = False
    """Whether a running request that is cancelled ends as cancelled, or finishes anyway."""


@dataclass(frozen=True)
class LedgerEntry:
    """One accepted submit: what a bill would be written for."""

    request_id: str
    endpoint: str
    payload: Mapping[str, Any]
    at: datetime
    ignored: tuple[str, ...] = ()
    """Fields that the model does not know: fal takes them without a word."""

    def line(self) -> str:
        return json.dumps(
            {
                "request_id": self.request_id,
                "endpoint": self.endpoint,
                "at": self.at.isoformat(),
                "prompt": self.payload.get("prompt"),
                "payload": {k: _shortened(v) for k, v in self.payload.items()},
                "ignored": self.ignored,
            }
        )


@dataclass(frozen=True)
class Seen:
    """One HTTP request that came in."""

    host: str
    """``queue``, ``platform``, ``media`` or ``elsewhere``."""
    method: str
    path: str
    query: str
    client_port: int
    has_key: bool
    headers: Mapping[str, str]


@dataclass
class EmulatorState:
    key: str
    ledger_file: Path | None = None
    settings: EmulatorSettings = field(default_factory=EmulatorSettings)
    faults: Faults = field(default_factory=Faults)
    requests: dict[str, Request] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    mistakes: list[BaseException] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    hosts: dict[str, str] = field(default_factory=dict)
    """Host and port by role, once it runs."""

    def reset(self) -> None:
        self.settings = EmulatorSettings()
        self.faults = Faults()
        self.released.clear()
        for kept in (self.requests, self.ledger, self.seen):
            kept.clear()

    def enter(self, request: Request, ignored: tuple[str, ...]) -> None:
        """Accept a request: from here on it is bought."""
        entry = LedgerEntry(
            request.id, request.endpoint, request.payload, datetime.now(UTC), ignored
        )
        self.requests[request.id] = request
        self.ledger.append(entry)
        if self.ledger_file is not None:
            with self.ledger_file.open("a", encoding="utf-8") as file:
                file.write(entry.line() + "\n")
                file.flush()


def _shortened(value: Any) -> Any:
    """Images would make the ledger file large, and nobody counts by them."""
    if isinstance(value, str) and value.startswith("data:"):
        return f"{value[:40]}… ({len(value)} characters)"
    return value
