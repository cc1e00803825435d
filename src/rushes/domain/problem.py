"""A problem as a value: what was observed and what can be done, fit to store, send and show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

JsonScalar: TypeAlias = str | int | float | bool | None
Json: TypeAlias = "JsonScalar | list[Json] | dict[str, Json]"

NOTHING: Mapping[str, Json] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure, said once, in the same words on every face."""

    code: str
    """Stable machine word, such as ``disk_full``. Callers branch on this and on nothing else."""
    title: str
    """One sentence that is the same each time this code occurs."""
    detail: str = ""
    """What was observed this time. Never a guess at a cause."""
    remedy: str = ""
    """What the person can do next; empty when nothing can be done."""
    retryable: bool = False
    """Whether waiting and trying the same thing again can help."""
    facts: Mapping[str, Json] = field(default_factory=lambda: NOTHING)
    """Observed values, such as ``field``, ``value``, ``allowed``, ``status`` or ``received``."""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.title.rstrip("."), self.detail) if part)


@dataclass(frozen=True, slots=True)
class Failure:
    """A problem that lasts: when it was last seen and how often it was tried."""

    problem: Problem
    at: datetime
    attempts: int = 1
