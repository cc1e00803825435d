"""Is the studio there? The only address that needs no token."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

import rushes
from rushes.server.schemas.shape import Shape

router = APIRouter(tags=["health"])


class Health(Shape):
    status: Literal["ok"]
    version: str


@router.get("/api/health")
async def get_health() -> Health:
    return Health(status="ok", version=rushes.__version__)
