"""Where the page and its browser report what the policy refused and what did not play."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.routing import APIRoute

from rushes.domain.errors import ReportTooLongError
from rushes.domain.http_numbers import number_of
from rushes.server.current import CurrentStudio
from rushes.server.schemas.reports import MOST, BrowserReport, PageReports

LONGEST = 16 * 1024


class _ShortBody(APIRoute):
    """Refuses a body by its announced length, before any of it is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_short(request: Request) -> Response:
            length = number_of(request.headers.get("content-length"))
            if length is None:
                raise ReportTooLongError("It does not say how long it is.", field="body")
            if length > LONGEST:
                raise ReportTooLongError(
                    f"It has {length:,} bytes; {LONGEST:,} are taken.", field="body"
                )
            return await handle(request)

        return handle_short


router = APIRouter(tags=["reports"], route_class=_ShortBody)


@router.post("/api/reports", status_code=HTTPStatus.NO_CONTENT)
async def add_reports(
    studio: CurrentStudio, sent: Annotated[PageReports | list[BrowserReport], Body()]
) -> None:
    """Take what the page has seen, or what its browser sends by the Reporting API.

    The newest 200 are kept in memory, without the queries of addresses, for the doctor to list.
    """
    now = studio.reports.now()
    given = sent.reports if isinstance(sent, PageReports) else sent[:MOST]
    reports = (one.report(now) for one in given)
    studio.reports.add([report for report in reports if report is not None])
