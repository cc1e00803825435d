"""What the doctor finds. It only looks."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request

from rushes.doctor.guard import guarded
from rushes.server.current import CurrentExaminer
from rushes.server.schemas.doctor import ExplanationShape, ReadingShape, Report
from rushes.server.self_check import check_doors, check_page, check_policy

router = APIRouter(prefix="/api/doctor", tags=["doctor"])


@router.get("")
async def examine_studio(
    request: Request, examiner: CurrentExaminer, *, thorough: bool = False
) -> Report:
    """All checks. Each is bounded in time, and none fails another.

    ``thorough=true`` reads the whole catalogue; for the files, see ``/api/doctor/files``.
    """
    door = request.app.state.door
    findings = await examiner.examine(thorough=thorough)
    findings += await guarded("page", check_page)
    findings += await guarded("policy", partial(check_policy, request.app, door))
    findings += await guarded("doors", partial(check_doors, door))
    return Report.of(findings)


@router.get("/files")
async def read_files_again(examiner: CurrentExaminer, cursor: str = "") -> ReadingShape:
    """Read the next saved files whole and compare them with what was saved.

    One answer is one stretch; ask with ``next_cursor`` until it is null.
    """
    return ReadingShape.of(await examiner.read_again(cursor))


@router.get("/assets/{thing}")
async def explain_asset(thing: str, examiner: CurrentExaminer) -> ExplanationShape:
    """Why this asset, or this generation, can or cannot be seen and played."""
    return ExplanationShape.of(await examiner.explain(thing))
