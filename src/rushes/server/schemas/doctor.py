"""The doctor's findings as they are sent."""

from __future__ import annotations

from typing import Literal, Self

from rushes.doctor.explain import Explanation
from rushes.doctor.file_checks import Reading
from rushes.doctor.finding import Finding
from rushes.server.schemas.assets import AssetShape
from rushes.server.schemas.generations import GenerationShape
from rushes.server.schemas.projects import ProjectReference
from rushes.server.schemas.shape import Shape


class FindingShape(Shape):
    check: str
    """What was looked at."""
    code: str
    """Stable machine word for what was found."""
    status: Literal["ok", "warning", "problem", "unknown"]
    message: str
    """What was observed."""
    remedy: str
    """What can be done; empty when nothing needs to be, or can be."""
    ids: list[str]
    """The assets or generations that it is about; the first thousand of very many."""
    paths: list[str]
    """The files that it is about, relative to the library; the first thousand of very many."""

    @classmethod
    def of(cls, finding: Finding) -> Self:
        return cls(
            check=finding.check,
            code=finding.code,
            status=finding.status.value,
            message=finding.message,
            remedy=finding.remedy,
            ids=list(finding.ids),
            paths=list(finding.paths),
        )


class Report(Shape):
    status: Literal["ok", "warning", "problem", "unknown"]
    """The worst of the findings."""
    findings: list[FindingShape]

    @classmethod
    def of(cls, findings: list[Finding]) -> Self:
        found = {one.status.value for one in findings}
        worst = next(one for one in WORST_FIRST if one in found or one == "ok")
        return cls(status=worst, findings=[FindingShape.of(one) for one in findings])


WORST_FIRST: tuple[Literal["problem", "warning", "unknown", "ok"], ...] = (
    "problem",
    "warning",
    "unknown",
    "ok",
)


class ReadingShape(Shape):
    """One stretch of reading saved files again."""

    files: int
    size: int
    files_in_all: int
    size_in_all: int
    findings: list[FindingShape]
    """The files that are not what was saved."""
    next_cursor: str | None
    """Where to go on; null after the last stretch."""

    @classmethod
    def of(cls, reading: Reading) -> Self:
        return cls(
            files=reading.files,
            size=reading.size,
            files_in_all=reading.files_in_all,
            size_in_all=reading.size_in_all,
            findings=[FindingShape.of(one) for one in reading.findings],
            next_cursor=reading.cursor,
        )


class ExplanationShape(Shape):
    """All that is known of why one thing can or cannot be seen and played."""

    project: ProjectReference
    asset: AssetShape | None
    generation: GenerationShape | None
    listed: bool
    """Whether its project's list shows it when nothing is filtered."""
    here: bool
    """Whether its bytes are here, as they were saved."""
    findings: list[FindingShape]

    @classmethod
    def of(cls, found: Explanation) -> Self:
        return cls(
            project=ProjectReference.of(found.project),
            asset=None if found.asset is None else AssetShape.of(found.asset),
            generation=None if found.generation is None else GenerationShape.of(found.generation),
            listed=found.is_listed,
            here=found.is_here,
            findings=[FindingShape.of(one) for one in found.findings],
        )
