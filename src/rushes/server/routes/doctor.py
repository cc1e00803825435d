"""What the doctor finds. It only looks."""

from __future__ import annotations

from fastapi import APIRouter

from rushes.server.current import CurrentStudio
from rushes.server.schemas.doctor import FindingShape, Report

router = APIRouter(tags=["doctor"])


@router.get("/api/doctor")
async def examine_studio(studio: CurrentStudio) -> Report:
    findings = await studio.doctor.examine()
    return Report(findings=[FindingShape.of(finding) for finding in findings])
