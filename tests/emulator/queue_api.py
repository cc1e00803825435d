"""The queue host: submit, status, result, cancel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.emulator.endpoints import APPS, app_of, ignored_fields
from tests.emulator.faults import Cues
from tests.emulator.outcomes import outcome_of
from tests.emulator.requests import COMPLETED, QUEUED, RUNNING, Outcome, Request
from tests.emulator.state import EmulatorSettings, EmulatorState
from tests.emulator.wire import Reset, cut, gateway_page, held

NOT_FOUND = {"status": "NOT_FOUND"}
AT_ONCE = {"retry-after": "0"}
LOCKED = (
    "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
)


class QueueApi:
    def __init__(self, state: EmulatorState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        request = "/{app:path}/requests/{request_id}"
        return [
            Route(f"{request}/status/stream", self.status_stream),
            Route(f"{request}/status", self.status),
            Route(f"{request}/response", self.result),
            Route(f"{request}/cancel", self.cancel, methods=["PUT"]),
            Route(request, self.result),
            Route("/{endpoint:path}", self.submit, methods=["POST"]),
        ]

    # --- submit ---------------------------------------------------------------------------------

    async def submit(self, http: HttpRequest) -> Response:
        await asyncio.sleep(self._state.settings.latency_seconds)
        endpoint = http.path_params["endpoint"]
        body = await http.body()
        if not _has_key(http, self._state.key):
            return _detail(401, f"Cannot access application {endpoint!r}: invalid key credentials")
        payload = _json_object(body)
        if payload is None:
            return _detail(
                422, [{"type": "json_invalid", "loc": ["body", 1], "msg": "JSON decode"}]
            )
        if app_of(endpoint) not in APPS:
            return _detail(404, f'Application "{app_of(endpoint).split("/")[-1]}" not found')
        prompt = str(payload.get("prompt", ""))
        of_submit, of_request = self._state.faults.of_submit(endpoint, prompt)
        if (refusal := self._refusal(http, of_submit)) is not None:
            return refusal
        request = new_request(endpoint, payload, of_request, self._state.settings)
        self._state.enter(request, ignored_fields(endpoint, payload))
        return await self._acceptance(http, request, of_submit)

    def _refusal(self, http: HttpRequest, cues: Cues) -> Response | None:
        retry_after = {"retry-after": str(self._state.settings.retry_after_seconds)}
        too_many = partial(_detail, 429, "Too many requests are waiting")
        missing = [{"type": "missing", "loc": ["body", "prompt"], "msg": "Field required"}]
        location = f"http://{self._state.hosts['elsewhere']}{http.url.path}"
        key = http.headers["authorization"]
        refusals: dict[str, Callable[[], Response]] = {
            "submit-lost": Reset,
            "submit-502-unbought": gateway_page,
            "submit-429": partial(too_many, headers=retry_after),
            "submit-429-now": partial(too_many, headers=AT_ONCE),
            "submit-500-json": partial(_detail, 500, "Internal error", "internal_error"),
            "submit-503-json": partial(
                _detail, 503, "No runner", "runner_scheduling_failure", headers=retry_after
            ),
            # An unkind server repeats the key.
            "submit-401": partial(_detail, 401, f"Unauthorized: {key}"),
            "submit-403-locked": partial(_detail, 403, LOCKED),
            "submit-404": partial(_detail, 404, 'Application "ltx" not found'),
            "submit-422": partial(_detail, 422, missing),
            "submit-redirect": partial(Response, status_code=307, headers={"location": location}),
        }
        name = cues.first(*refusals)
        if name is not None:
            return refusals[name]()
        return too_many(headers=retry_after) if self._is_queue_too_long(http) else None

    def _is_queue_too_long(self, http: HttpRequest) -> bool:
        limit = http.query_params.get("fal_max_queue_length")
        waiting = sum(request.phase == QUEUED for request in self._state.requests.values())
        return limit is not None and waiting > int(limit)

    async def _acceptance(self, http: HttpRequest, request: Request, cues: Cues) -> Response:
        page = HTMLResponse("<html><body>Everything is fine.</body></html>")
        reply = JSONResponse(
            {"status": QUEUED, "queue_position": 0, "logs": None, "metrics": {}}
            | self._links(request, is_foreign=cues.has("foreign-links")),
            headers={"x-fal-request-id": request.id},
        )
        if cues.strikes("submit-slow"):
            await held(http, self._state.released, self._state.settings.slow_seconds)
            return reply
        match cues.first(
            "submit-reply-lost",
            "submit-reply-cut",
            "submit-reply-garbage",
            "submit-reply-bare",
            "submit-502-html",
            "direct-answer",
        ):
            case "submit-reply-lost":
                return Reset()
            case "submit-reply-cut":
                return cut(reply)
            case "submit-reply-garbage":
                return page
            case "submit-reply-bare":
                page.headers["x-fal-request-id"] = request.id
                return page
            case "submit-502-html":
                return gateway_page()
            case "direct-answer":
                request.complete()
                return _response(request, outcome_of(request, self._state))
            case _:
                return reply

    # --- status ---------------------------------------------------------------------------------

    async def status(self, http: HttpRequest) -> Response:
        found = await self._find(http)
        if isinstance(found, Response):
            return found
        if (failure := self._status_failure(found)) is not None:
            return failure
        phase = found.advance()
        document = self._status_document(found, with_logs=http.query_params.get("logs"))
        if found.cues.strikes("status-strange"):
            document["status"] = "SCHEDULED"
        reply = JSONResponse(document, 200 if phase == COMPLETED else 202)
        return cut(reply) if found.cues.strikes("status-cut") else reply

    def _status_failure(self, request: Request) -> Response | None:
        retry_after = {"retry-after": str(self._state.settings.retry_after_seconds)}
        failures: dict[str, Callable[[], Response]] = {
            "status-500": partial(_detail, 500, "Internal error", "internal_error"),
            "status-502-html": gateway_page,
            "status-429": partial(_detail, 429, "Slow down", headers=retry_after),
            "status-429-now": partial(_detail, 429, "Slow down", headers=AT_ONCE),
            "status-401": partial(_detail, 401, "Unauthorized"),
            "status-gone": partial(JSONResponse, NOT_FOUND, 404),
        }
        name = request.cues.first(*failures)
        return failures[name]() if name is not None else None

    async def status_stream(self, http: HttpRequest) -> Response:
        found = await self._find(http)
        if isinstance(found, Response):
            return found
        with_logs = http.query_params.get("logs")

        async def events() -> AsyncIterator[str]:
            phase = ""
            while phase != COMPLETED and not await http.is_disconnected():
                phase = found.advance()
                document = self._status_document(found, with_logs=with_logs)
                yield f"data: {json.dumps(document)}\n\n"
                await asyncio.sleep(0.01)

        return StreamingResponse(events(), media_type="text/event-stream")

    def _status_document(self, request: Request, *, with_logs: str | None) -> dict[str, Any]:
        entry = {"message": "sampling", "timestamp": request.sent_at.isoformat(), "level": "INFO"}
        logs = [entry] if request.phase != QUEUED else []
        document: dict[str, Any] = {
            "status": request.phase,
            "logs": logs if with_logs in ("1", "true") else None,
            "metrics": {},
        }
        document |= self._links(request)
        if request.phase == QUEUED:
            document["queue_position"] = 0
        if request.phase != COMPLETED:
            return document
        outcome = outcome_of(request, self._state)
        document["metrics"] = {"inference_time": 1.5}
        if outcome.error is not None:
            document["error"] = outcome.error
        if outcome.error_type is not None:
            document["error_type"] = outcome.error_type
        return document

    # --- result and cancel ----------------------------------------------------------------------

    async def result(self, http: HttpRequest) -> Response:
        found = await self._find(http)
        if isinstance(found, Response):
            return found
        if found.phase != COMPLETED or found.cues.strikes("result-early-400"):
            return _detail(400, "Request is still in progress")
        if found.cues.strikes("result-early-202"):
            return JSONResponse({"status": RUNNING}, 202)
        if found.cues.strikes("result-502-html"):
            return gateway_page()
        if found.cues.strikes("result-500-passing"):
            return _detail(500, "Internal Server Error")
        if found.cues.strikes("result-html"):
            return HTMLResponse("<html><body>Everything is fine.</body></html>")
        if found.cues.strikes("result-gone"):
            return JSONResponse(NOT_FOUND, 404)
        reply = _response(found, outcome_of(found, self._state))
        return cut(reply) if found.cues.strikes("result-cut") else reply

    async def cancel(self, http: HttpRequest) -> Response:
        found = await self._find(http)
        if isinstance(found, Response):
            return found
        if found.phase == COMPLETED:
            return JSONResponse({"status": "ALREADY_COMPLETED"}, 400)
        if found.phase == QUEUED:
            found.cancel()
            return JSONResponse({"status": "OK"})
        if self._state.settings.cancel_stops_running:
            found.cancel()
        return JSONResponse({"status": "CANCELLATION_REQUESTED"}, 202)

    async def _find(self, http: HttpRequest) -> Request | Response:
        await asyncio.sleep(self._state.settings.latency_seconds)
        if not _has_key(http, self._state.key):
            return _detail(401, "Unauthorized")
        request = self._state.requests.get(http.path_params["request_id"])
        app = http.path_params["app"]
        if request is None or app not in (request.endpoint, app_of(request.endpoint)):
            return JSONResponse(NOT_FOUND, 404)
        return request

    def _links(self, request: Request, *, is_foreign: bool = False) -> dict[str, Any]:
        host = self._state.hosts["elsewhere" if is_foreign else "queue"]
        url = f"http://{host}/{app_of(request.endpoint)}/requests/{request.id}"
        return {
            "request_id": request.id,
            "response_url": url,
            "status_url": f"{url}/status",
            "cancel_url": f"{url}/cancel",
        }


def new_request(
    endpoint: str, payload: dict[str, Any], cues: Cues, settings: EmulatorSettings
) -> Request:
    queued, running = settings.queued_polls, settings.running_polls
    once = [QUEUED] * queued + [RUNNING] * running
    phases = [QUEUED, RUNNING, QUEUED, RUNNING] if cues.has("back-to-queue") else once
    by_clock = (settings.queued_seconds, settings.running_seconds)
    seconds = (by_clock[0] or 0, by_clock[1] or 0) if any(s is not None for s in by_clock) else None
    return Request(endpoint, payload, cues, phases, seconds)


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _has_key(http: HttpRequest, key: str) -> bool:
    return http.headers.get("authorization") == f"Key {key}"


def _response(request: Request, outcome: Outcome) -> Response:
    headers = {"x-fal-request-id": request.id, **outcome.headers}
    return Response(outcome.body, outcome.status, headers, media_type="application/json")


def _detail(
    status: int, detail: Any, word: str | None = None, *, headers: dict[str, str] | None = None
) -> Response:
    document = {"detail": detail} | ({"error_type": word} if word else {})
    return JSONResponse(document, status, headers)
