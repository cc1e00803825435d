"""The clip that a finished result names."""

from __future__ import annotations

import json

import httpx

from rushes.domain.errors import ResultUnreadableError
from rushes.domain.problem import Json
from rushes.providers.provider import Delivery, RemoteFile


def clip_of(delivery: Delivery) -> RemoteFile:
    """Where the clip lies.

    Its life is not stated by fal, so there is no moment of expiry.

    Raises:
        ResultUnreadableError: the document names no clip.
    """
    video = _video(delivery.document)
    url = video.get("url")
    if not isinstance(url, str) or not _is_web_address(url):
        raise ResultUnreadableError("The result has no `video` with an http or https `url`.")
    size = video.get("file_size")
    return RemoteFile(url, size=size if type(size) is int and size > 0 else None)


def _video(document: str) -> dict[str, Json]:
    try:
        result = json.loads(document)
    except ValueError as exc:
        raise ResultUnreadableError("The result is no JSON.") from exc
    video = result.get("video") if isinstance(result, dict) else None
    return video if isinstance(video, dict) else {}


def _is_web_address(url: str) -> bool:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parsed.scheme in {"http", "https"} and bool(parsed.host)
