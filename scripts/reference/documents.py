"""Every document that is made from the code: its path below the repository, and its text."""

from __future__ import annotations

from pathlib import PurePosixPath

from scripts.reference import command_page, error_page, http_page, model_page, settings_page
from scripts.reference.openapi import openapi_document, openapi_text

COMMAND = "python -m scripts.reference"
REFERENCE = PurePosixPath("docs/reference")
OPENAPI = PurePosixPath("web/openapi.json")


def documents() -> dict[PurePosixPath, str]:
    document = openapi_document()
    return {
        REFERENCE / "cli.md": command_page.page(),
        REFERENCE / "settings.md": settings_page.page(),
        REFERENCE / "errors.md": error_page.page(),
        REFERENCE / "http-api.md": http_page.page(document),
        REFERENCE / "models.md": model_page.page(),
        OPENAPI: openapi_text(document),
    }
