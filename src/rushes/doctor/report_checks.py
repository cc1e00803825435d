"""What the page and its browser have reported since the studio started."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.doctor.finding import Finding, Status
from rushes.doctor.wording import SHOWN, first, several
from rushes.domain.report import Report

REPORTED = "Open the clip that is named: the page says what it needs."


def check_reports(reports: Sequence[Report]) -> list[Finding]:
    if not reports:
        message = "The page has reported nothing."
        return [Finding("playback", "reports_none", Status.OK, message)]
    shown = "; ".join(map(str, reports[:SHOWN])) + ("; …" if len(reports) > SHOWN else "")
    number = sum(report.count for report in reports)
    message = f"The page has reported {several(number, 'time', 'times')}, newest first: {shown}."
    ids = dict.fromkeys(report.asset_id for report in reports if report.asset_id is not None)
    return [Finding("playback", "reports", Status.WARNING, message, REPORTED, ids=first(list(ids)))]
