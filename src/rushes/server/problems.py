"""Errors to HTTP statuses: the only such table."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from rushes.domain import errors
from rushes.domain.errors import BodyTooLargeError, InvalidInputError, NotFoundError, RushesError
from rushes.domain.problem import Problem
from rushes.playback.policy import SecurityPolicy, face_of
from rushes.server.schemas.problems import ProblemDocument

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[RushesError], HTTPStatus] = MappingProxyType(
    {
        errors.RushesError: HTTPStatus.INTERNAL_SERVER_ERROR,
        errors.InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
        errors.NotFoundError: HTTPStatus.NOT_FOUND,
        errors.RangeError: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        errors.ConflictError: HTTPStatus.CONFLICT,
        errors.AccessError: HTTPStatus.FORBIDDEN,
        errors.TokenMissingError: HTTPStatus.UNAUTHORIZED,
        errors.HostRefusedError: HTTPStatus.MISDIRECTED_REQUEST,
        errors.TooManyAttemptsError: HTTPStatus.TOO_MANY_REQUESTS,
        errors.BodyRefusedError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        errors.BodyTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        errors.ProviderError: HTTPStatus.BAD_GATEWAY,
        errors.KeyMissingError: HTTPStatus.FAILED_DEPENDENCY,
        errors.KeyRefusedError: HTTPStatus.FAILED_DEPENDENCY,
        errors.AccountLockedError: HTTPStatus.FAILED_DEPENDENCY,
        errors.RateLimitedError: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.ProviderUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.ProviderUnreachableError: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.DownloadError: HTTPStatus.BAD_GATEWAY,
        errors.MediaGoneError: HTTPStatus.GONE,
        errors.TooManyReportsError: HTTPStatus.TOO_MANY_REQUESTS,
        errors.ReportTooLongError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        errors.MediaError: HTTPStatus.UNPROCESSABLE_ENTITY,
        errors.StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.DiskFullError: HTTPStatus.INSUFFICIENT_STORAGE,
        errors.CatalogueError: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.CatalogueFullError: HTTPStatus.INSUFFICIENT_STORAGE,
    }
)
"""The nearest class above an error decides."""


def status_of(error: type[RushesError]) -> HTTPStatus:
    return next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)


def answer(problem: Problem, status: HTTPStatus, instance: str) -> Response:
    document = ProblemDocument.answer(problem, status=status, instance=instance)
    # Escaped: a refused text may hold half a character, which no other encoding can send.
    return Response(json.dumps(document.model_dump()), status, media_type=MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(RushesError, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unexpected)


async def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RushesError), "registered for no other"
    response = answer(error.problem, status_of(type(error)), request.url.path)
    if isinstance(error, errors.TooManyReportsError):
        response.headers["Retry-After"] = "60"
    return response


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError), "registered for no other"
    first = error.errors()[0]
    # The first part says where: body, query, path. In what is no JSON the second is a place.
    place = [] if first["type"] == "json_invalid" else first["loc"][1:]
    field = ".".join(str(part) for part in place) or "body"
    invalid = InvalidInputError(f"{field}: {first['msg']}.", field=field)
    return await _answer_error(request, invalid)


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "registered for no other"
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.NOT_FOUND:
        found = NotFoundError(f"Nothing is served at {request.url.path}.")
        return answer(found.problem, status, request.url.path)
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return answer(BodyTooLargeError(error.detail).problem, status, request.url.path)
    detail = "" if error.detail == status.phrase else error.detail
    problem = Problem(code=f"http_{status.value}", title=f"{status.phrase}.", detail=detail)
    response = answer(problem, status, request.url.path)
    response.headers.update(error.headers or {})
    return response


async def _answer_unexpected(request: Request, error: Exception) -> Response:
    # The edge: what has no name of ours is logged whole here, and told without its insides.
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    problem = RushesError("The log has the details.").problem
    response = answer(problem, status_of(RushesError), request.url.path)
    # The framework sends this answer past the gate, which puts the headers on all others.
    policy = request.app.state.policy
    assert isinstance(policy, SecurityPolicy), "an application has a policy"
    headers = policy.headers(face_of(request.url.path))
    response.headers.update({**headers, "Cache-Control": "no-store"})
    return response
