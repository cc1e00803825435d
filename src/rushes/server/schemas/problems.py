"""Problems as they are sent: RFC 9457 with our stable code, the remedy and the observed facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from pydantic import Field, JsonValue

from rushes.domain.problem import Failure, Problem
from rushes.server.schemas.shape import Shape


class ProblemShape(Shape):
    """A problem inside another thing, such as the reason a generation failed."""

    code: str
    title: str
    detail: str
    remedy: str
    retryable: bool
    facts: Mapping[str, JsonValue] = Field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem) -> Self:
        return cls(
            code=problem.code,
            title=problem.title,
            detail=problem.detail,
            remedy=problem.remedy,
            retryable=problem.retryable,
            facts=dict(problem.facts),
        )


class ProblemDocument(ProblemShape):
    """A problem as the whole answer (``application/problem+json``)."""

    type: str
    status: int
    instance: str

    @classmethod
    def answer(cls, problem: Problem, *, status: int, instance: str) -> Self:
        shape = ProblemShape.of(problem)
        return cls(
            **shape.model_dump(),
            type=f"urn:rushes:problem:{problem.code}",
            status=status,
            instance=instance,
        )


class MediaErrorShape(Shape):
    """What last went wrong with an asset's bytes."""

    code: str
    message: str
    remedy: str
    at: datetime
    attempts: int
    retryable: bool

    @classmethod
    def of(cls, failure: Failure) -> Self:
        return cls(
            code=failure.problem.code,
            message=str(failure.problem),
            remedy=failure.problem.remedy,
            at=failure.at,
            attempts=failure.attempts,
            retryable=failure.problem.retryable,
        )
