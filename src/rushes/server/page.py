"""The built page, as files of the package."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

NOT_BUILT = "The page has not been built. `make studio` builds it.\n"


def add_page(app: FastAPI, folder: Path) -> None:
    """Serve the page at ``/``; where it was not built, say so."""
    if (folder / "index.html").is_file():
        app.mount("/", _PageFiles(directory=folder, html=True), name="page")
    else:
        app.add_api_route("/", _not_built, include_in_schema=False)


async def _not_built() -> Response:
    return PlainTextResponse(NOT_BUILT, 503)


class _PageFiles(StaticFiles):
    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        # A name under assets/ holds the hash of its content, so it never changes.
        lasts = "/assets/" in scope["path"]
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if lasts else "no-cache"
        )
        return response
