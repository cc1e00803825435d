"""The HTTP face of a studio. Building it starts nothing."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

import rushes
from rushes.doctor.checks import Examiner
from rushes.domain.errors import NotFoundError
from rushes.playback.policy import STRICT, SecurityPolicy
from rushes.server.gate import Door, Gate
from rushes.server.known_media import KnownMedia
from rushes.server.media_lookup import MediaLookup
from rushes.server.page import add_page
from rushes.server.problems import add_handlers
from rushes.server.routes import (
    assets,
    doctor,
    events,
    generations,
    health,
    letting_go,
    library,
    media,
    models,
    notices,
    one_asset,
    playback,
    projects,
    proxies,
    recovery,
    reports,
)
from rushes.server.schemas.problems import ProblemDocument
from rushes.studio import Studio

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    models.router,
    projects.router,
    generations.router,
    recovery.router,
    letting_go.router,
    assets.router,
    one_asset.router,
    library.router,
    notices.router,
    events.router,
    doctor.router,
    playback.router,
    proxies.router,
    reports.router,
    media.router,
)


def create_app(studio: Studio | None, door: Door) -> FastAPI:
    """The application of a studio. Without one it can only describe itself."""
    if studio is None:
        return _create(None, door, None, STRICT)
    return _create(studio, door, studio.doctor, studio.playback.policy)


def create_app_to_look(examiner: Examiner, policy: SecurityPolicy, door: Door) -> FastAPI:
    """The application where no studio is open: only the doctor answers."""
    return _create(None, door, examiner, policy)


def _create(
    studio: Studio | None, door: Door, examiner: Examiner | None, policy: SecurityPolicy
) -> FastAPI:
    lookup = None if studio is None else MediaLookup(studio)
    app = FastAPI(
        title="Rushes",
        version=rushes.__version__,
        summary="A local-first studio for AI-generated video.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_name,
        middleware=[
            Middleware(Gate, door=door, policy=policy),
            Middleware(KnownMedia, lookup=lookup),
        ],
        responses={"default": {"model": ProblemDocument, "description": "A problem"}},
    )
    app.state.studio = studio
    app.state.examiner = examiner
    app.state.door = door
    app.state.policy = policy
    app.state.media_lookup = lookup
    add_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/api/{path:path}", _nothing_here, include_in_schema=False)
    add_page(app, Path(str(files("rushes.server") / "page")))
    return app


def _operation_name(route: APIRoute) -> str:
    return route.name


async def _nothing_here(path: str) -> None:
    raise NotFoundError(f"Nothing is served at /api/{path}.")
