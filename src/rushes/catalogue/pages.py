"""Cursors: where the next page of a list begins. Opaque outside this module."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from rushes.catalogue.column_types import EPOCH, MICROSECOND
from rushes.domain.errors import InvalidInputError

T = TypeVar("T")

LARGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Place:
    """The last item of a page: its moment, and its id where two share one."""

    at: datetime
    id: str

    def cursor(self) -> str:
        text = f"{(self.at - EPOCH) // MICROSECOND}.{self.id}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def of(cls, cursor: str) -> Place:
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
            microseconds, _, thing = text.partition(".")
            return cls(EPOCH + int(microseconds) * MICROSECOND, thing)
        except (ValueError, OverflowError, binascii.Error) as error:
            raise InvalidInputError(
                "This is not a cursor that a list has given.", field="cursor"
            ) from error


def check_limit(limit: int) -> int:
    if not 1 <= limit <= LARGEST_PAGE:
        raise InvalidInputError(
            f"It is {limit}; 1 to {LARGEST_PAGE} are allowed.", field="limit", value=limit
        )
    return limit
