"""One answer of fal: its status, its headers, and its body in each of the forms that fal uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

import httpx

from rushes.domain.errors import ProviderError
from rushes.domain.http_times import moment_of, wait_of
from rushes.domain.problem import Json

CONTENT_REFUSED = "content_policy_violation"

QUOTE_LENGTH = 300
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: what is needed of it, and nothing of the request that had the key."""

    status: int
    headers: Mapping[str, str]
    text: str
    document: dict[str, Json] | None
    """The body where it is a JSON object."""
    said: str
    """What it says to people, on one line."""

    @classmethod
    def read(cls, response: httpx.Response, redacted: Callable[[str], str]) -> Answer:
        # A result is kept word for word. A failure is quoted, and may repeat what was sent to it.
        text = response.text if response.is_success else redacted(response.text)
        document = _json_object(text)
        return cls(
            response.status_code, response.headers, text, document, _shortened(_said(document))
        )

    @property
    def is_good(self) -> bool:
        return httpx.codes.is_success(self.status)

    @property
    def is_from_fal(self) -> bool:
        """Whether a failure was said by fal itself and not by something in between."""
        return self.document is not None and "detail" in self.document

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-fal-request-id") or None

    @property
    def error_type(self) -> str | None:
        """The machine word for the fault; of several, a refusal of the content comes first."""
        types = [entry["type"] for entry in _entries(self.document) if "type" in entry]
        if CONTENT_REFUSED in types:
            return CONTENT_REFUSED
        flat = (self.document or {}).get("error_type") or self.headers.get("x-fal-error-type")
        return next((word for word in (*types, flat) if isinstance(word, str)), None)

    @property
    def billed_units(self) -> Decimal | None:
        try:
            units = Decimal(self.headers["x-fal-billable-units"])
        except (KeyError, InvalidOperation):
            return None
        # One such as 1e999999999 is short to write and takes all memory to write out.
        return units if units.is_finite() and abs(units.adjusted()) < MOST_DIGITS else None

    @property
    def retry_after(self) -> timedelta | None:
        return wait_of(self.headers.get("retry-after"), datetime.now(UTC))

    @property
    def sent_at(self) -> datetime | None:
        """The time by the sender's clock."""
        return moment_of(self.headers.get("date"))

    def error(
        self, kind: type[ProviderError], observed: str = "", *, remedy: str | None = None
    ) -> ProviderError:
        """An error of this kind with everything that was observed."""
        facts: dict[str, Json] = {"status": self.status}
        if self.error_type is not None:
            facts["error_type"] = self.error_type
        if self.request_id is not None:
            facts["request_id"] = self.request_id
        if self.billed_units is not None:
            facts["may_have_been_charged"] = self.billed_units > 0
        said = f": {self.said}" if self.said else "."
        detail = observed or f"fal answered {self.status}{said}"
        return kind(detail, remedy=remedy, retry_after=self.retry_after, **facts)


def _json_object(text: str) -> dict[str, Json] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _entries(document: dict[str, Json] | None) -> list[dict[str, Json]]:
    detail = (document or {}).get("detail")
    return (
        [entry for entry in detail if isinstance(entry, dict)] if isinstance(detail, list) else []
    )


def _said(document: dict[str, Json] | None) -> str:
    """The reasons in fal's three forms: a list of entries, a flat text, the platform's object."""
    if document is None:
        return ""
    platform = document.get("error")
    reasons: list[Json] = [_entry_said(entry) for entry in _entries(document)]
    reasons.append(platform.get("message") if isinstance(platform, dict) else platform)
    reasons.append(document.get("detail"))
    text = "; ".join(reason for reason in reasons if isinstance(reason, str) and reason)
    return " ".join(text.split())


def _shortened(text: str) -> str:
    return text if len(text) <= QUOTE_LENGTH else text[: QUOTE_LENGTH - 1] + "…"


def _entry_said(entry: dict[str, Json]) -> str:
    where = entry.get("loc")
    place = ".".join(str(part) for part in where) if isinstance(where, list) else ""
    return ": ".join(part for part in (place, str(entry.get("msg", ""))) if part)
