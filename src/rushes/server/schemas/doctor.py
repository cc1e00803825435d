"""The doctor's findings as they are sent."""

from __future__ import annotations

from typing import Literal, Self

from rushes.doctor.finding import Finding
from rushes.server.schemas.shape import Shape


class FindingShape(Shape):
    check: str
    status: Literal["ok", "warning", "error"]
    message: str
    remedy: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        return cls(
            check=finding.check,
            status=finding.status.value,
            message=finding.message,
            remedy=finding.remedy,
        )


class Report(Shape):
    findings: list[FindingShape]
