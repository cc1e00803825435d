"""The OpenAPI document of the HTTP interface, as the application itself describes it."""

from __future__ import annotations

import json
from typing import Any

from rushes.server.app import create_app
from rushes.server.gate import DEFAULT_HTTP_PORT, Door

Document = dict[str, Any]


def openapi_document() -> Document:
    document: Document = create_app(None, Door("", DEFAULT_HTTP_PORT)).openapi()
    return document


def openapi_text(document: Document) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
