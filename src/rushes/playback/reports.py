"""What the page has reported: the newest, in memory, the same thing counted and not repeated."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from rushes.domain.clock import Clock
from rushes.domain.errors import TooManyReportsError
from rushes.domain.report import Report

KEPT = 200
A_MINUTE = 60
"""Reports that are taken within a minute."""
MINUTE = timedelta(minutes=1)

Same: TypeAlias = tuple[str, ...]


class Reports:
    def __init__(self, clock: Clock, kept: int = KEPT, a_minute: int = A_MINUTE) -> None:
        self._clock = clock
        self._kept = kept
        self._a_minute = a_minute
        self._reports: OrderedDict[Same, Report] = OrderedDict()
        self._taken: deque[datetime] = deque()

    def now(self) -> datetime:
        return self._clock.now()

    def add(self, reports: Sequence[Report]) -> None:
        """Keep these, all or none.

        Raises:
            TooManyReportsError: more came within a minute than are taken.
        """
        now = self._clock.now()
        while self._taken and now - self._taken[0] >= MINUTE:
            self._taken.popleft()
        if len(self._taken) + len(reports) > self._a_minute:
            raise TooManyReportsError(f"{self._a_minute} are taken in a minute.")
        self._taken.extend(now for _ in reports)
        for report in reports:
            self._keep(report)

    def newest(self) -> Sequence[Report]:
        """Newest first."""
        return tuple(reversed(self._reports.values()))

    def _keep(self, report: Report) -> None:
        same = _same(report)
        before = self._reports.pop(same, None)
        count = report.count if before is None else before.count + report.count
        self._reports[same] = replace(report, count=count)
        while len(self._reports) > self._kept:
            self._reports.popitem(last=False)


def _same(report: Report) -> Same:
    return (
        report.kind,
        report.asset_id or "",
        report.directive,
        report.address,
        report.code,
        report.message,
    )
