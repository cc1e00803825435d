"""fal's own list of requests, in which a request whose answer was lost is found again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from rushes.domain.problem import Json
from rushes.providers.fal.payload import is_same_payload

PAGE_LIMIT = 100
"""Pages of a hundred requests that are read before giving up."""


@dataclass(frozen=True, slots=True)
class RequestPage:
    rows: list[dict[str, Json]]
    next_cursor: str | None

    @classmethod
    def read(cls, document: dict[str, Json] | None) -> Self | None:
        """The page, or None when the answer is no such list."""
        items = (document or {}).get("items")
        if document is None or not isinstance(items, list):
            return None
        cursor = document.get("next_cursor")
        more = document.get("has_more", True) and isinstance(cursor, str) and cursor
        rows = [item for item in items if isinstance(item, dict)]
        return cls(rows, cursor if more and isinstance(cursor, str) else None)


def requests_like(
    rows: Iterable[Mapping[str, Json]],
    endpoint: str,
    payload: dict[str, Json],
    since: datetime,
    until: datetime,
) -> list[str]:
    """The ids of the requests with this input that were sent in this time, oldest first."""
    found: dict[str, datetime] = {}
    for row in rows:
        request_id = row.get("request_id")
        if not isinstance(request_id, str) or row.get("endpoint_id", endpoint) != endpoint:
            continue
        # A request without a readable time cannot be ruled out by its time.
        sent_at = _moment(row.get("sent_at")) or until
        if since <= sent_at <= until and is_same_payload(row.get("json_input"), payload):
            found[request_id] = sent_at
    return sorted(found, key=found.__getitem__)


def _moment(value: Json) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
