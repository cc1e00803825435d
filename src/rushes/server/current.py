"""What a route works with: the one studio that the application serves."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from rushes.doctor.checks import Examiner
from rushes.studio import Studio


async def current_studio(request: Request) -> Studio:
    studio = request.app.state.studio
    assert isinstance(studio, Studio), "an application serves a studio"
    return studio


async def current_examiner(request: Request) -> Examiner:
    examiner: Examiner = request.app.state.examiner
    return examiner


CurrentExaminer = Annotated[Examiner, Depends(current_examiner)]
CurrentStudio = Annotated[Studio, Depends(current_studio)]
