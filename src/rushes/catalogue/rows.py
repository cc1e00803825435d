"""Rows to domain and back, for what several tables have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from rushes.domain.problem import Failure, Problem

Values = dict[str, Any]


def problem_value(problem: Problem) -> Values:
    return {
        "code": problem.code,
        "title": problem.title,
        "detail": problem.detail,
        "remedy": problem.remedy,
        "retryable": problem.retryable,
        "facts": dict(problem.facts),
    }


def problem_of(value: Mapping[str, Any]) -> Problem:
    return Problem(
        code=value["code"],
        title=value["title"],
        detail=value["detail"],
        remedy=value["remedy"],
        retryable=value["retryable"],
        facts=value["facts"],
    )


NO_FAILURE: Values = {"problem": None, "problem_at": None, "problem_attempts": None}


def failure_values(failure: Failure | None) -> Values:
    if failure is None:
        return NO_FAILURE
    return {
        "problem": problem_value(failure.problem),
        "problem_at": failure.at,
        "problem_attempts": failure.attempts,
    }


def failure_of(row: Row[Any]) -> Failure | None:
    if row.problem is None:
        return None
    return Failure(problem_of(row.problem), row.problem_at, row.problem_attempts)
