"""The platform host: the list of requests, the models, the prices; and ours to look inside."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulator.endpoints import ENDPOINTS, UNIT_PRICES
from tests.emulator.outcomes import outcome_of
from tests.emulator.requests import COMPLETED, Request
from tests.emulator.state import EmulatorState


class PlatformApi:
    def __init__(self, state: EmulatorState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        return [
            Route("/v1/models/requests/by-endpoint", self.requests_by_endpoint),
            Route("/v1/models/pricing", self.pricing),
            Route("/v1/models/pricing/estimate", self.pricing_estimate, methods=["POST"]),
            Route("/v1/models", self.models),
            Route("/emulator/ledger", self.ledger),
            Route("/emulator/settings", self.change_settings, methods=["PATCH"]),
        ]

    async def requests_by_endpoint(self, http: HttpRequest) -> Response:
        await asyncio.sleep(self._state.settings.latency_seconds)
        if not self._has_key(http):
            return _error(401, "authorization_error", "Authentication is required")
        query = http.query_params
        endpoints = [e for value in query.getlist("endpoint_id") for e in value.split(",") if e]
        if not endpoints:
            return _error(422, "validation_error", "endpoint_id is required")
        now = datetime.now(UTC)
        start = datetime.fromisoformat(query.get("start", (now - timedelta(days=1)).isoformat()))
        end = datetime.fromisoformat(query.get("end", now.isoformat()))
        there = [
            request
            for request in self._state.requests.values()
            if request.endpoint in endpoints and start <= request.sent_at < end
        ]
        if any(r.cues.strikes("list-500") or r.cues.strikes("list-500-once") for r in there):
            return _error(500, "server_error", "Internal server error")
        shown = [request for request in there if self._is_listed(request)]
        shown.sort(key=lambda request: request.sent_at, reverse=True)
        limit = min(int(query.get("limit", 50)), 100, self._state.settings.list_page_size)
        first = int(query.get("cursor", 0))
        rows = shown[first : first + limit]
        has_more = first + limit < len(shown)
        with_payloads = "payloads" in query.getlist("expand")
        return JSONResponse(
            {
                "items": [self._row(request, with_payloads=with_payloads) for request in rows],
                "next_cursor": str(first + limit) if has_more else None,
                "has_more": has_more,
            }
        )

    def _is_listed(self, request: Request) -> bool:
        """Counts the calls that would have shown it, for those that come late."""
        request.list_calls += 1
        if request.cues.has("list-empty"):
            return False
        late = self._state.settings.list_late_calls if request.cues.has("list-late") else 0
        if request.list_calls <= late:
            return False
        return request.phase == COMPLETED or self._state.settings.list_shows_waiting

    def _row(self, request: Request, *, with_payloads: bool) -> dict[str, Any]:
        row: dict[str, Any] = {
            "request_id": request.id,
            "endpoint_id": request.endpoint,
            "sent_at": _moment(request.sent_at),
            "started_at": _moment(request.started_at or request.sent_at),
        }
        if with_payloads:
            row["json_input"] = request.payload
        if request.ended_at is not None:
            outcome = outcome_of(request, self._state)
            row["ended_at"] = _moment(request.ended_at)
            row["status_code"] = outcome.status
            row["duration"] = (request.ended_at - request.sent_at).total_seconds()
            if with_payloads:
                row["json_output"] = json.loads(outcome.body)
        return row

    async def models(self, http: HttpRequest) -> Response:
        asked = http.query_params.getlist("endpoint_id")
        models = [
            {
                "endpoint_id": endpoint,
                "metadata": {"status": "deprecated" if "/ltx-2/" in endpoint else "active"},
            }
            for endpoint in ENDPOINTS
            if not asked or endpoint in asked
        ]
        return JSONResponse({"models": models, "next_cursor": None, "has_more": False})

    async def pricing(self, http: HttpRequest) -> Response:
        if not self._has_key(http):
            return _error(401, "authorization_error", "Authentication is required")
        asked = http.query_params.getlist("endpoint_id")
        prices = [
            {"endpoint_id": e, "unit_price": price, "unit": "second", "currency": "USD"}
            for e, price in UNIT_PRICES.items()
            if e in asked
        ]
        return JSONResponse({"prices": prices, "next_cursor": None, "has_more": False})

    async def pricing_estimate(self, http: HttpRequest) -> Response:
        if not self._has_key(http):
            return _error(401, "authorization_error", "Authentication is required")
        asked = await http.json()
        total = sum(
            UNIT_PRICES[endpoint] * quantity.get("unit_quantity", quantity.get("call_quantity", 0))
            for endpoint, quantity in asked["endpoints"].items()
        )
        return JSONResponse(
            {"estimate_type": asked["estimate_type"], "total_cost": total, "currency": "USD"}
        )

    async def ledger(self, http: HttpRequest) -> Response:
        return JSONResponse([json.loads(entry.line()) for entry in self._state.ledger])

    async def change_settings(self, http: HttpRequest) -> Response:
        changes = await http.json()
        known = {field.name for field in dataclasses.fields(self._state.settings)}
        if unknown := set(changes) - known:
            return JSONResponse({"unknown": sorted(unknown)}, 422)
        for name, value in changes.items():
            setattr(self._state.settings, name, value)
        return JSONResponse(dataclasses.asdict(self._state.settings))

    def _has_key(self, http: HttpRequest) -> bool:
        return http.headers.get("authorization") == f"Key {self._state.key}"


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _error(status: int, kind: str, message: str) -> Response:
    return JSONResponse({"error": {"type": kind, "message": message}}, status)
