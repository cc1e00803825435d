"""What a route works with: the one studio that the application serves."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from rushes.studio import Studio


async def current_studio(request: Request) -> Studio:
    studio = request.app.state.studio
    assert isinstance(studio, Studio), "an application serves a studio"
    return studio


CurrentStudio = Annotated[Studio, Depends(current_studio)]
