"""The studio asks itself for its page, a fact and a clip, and compares the headers with the policy.

This is the check of the doctor that only the server can make.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import httpx
from fastapi import FastAPI

from rushes.doctor.finding import Finding, Status
from rushes.domain.listing import Filter
from rushes.domain.media_reference import SavedMedia
from rushes.playback.policy import SecurityPolicy, face_of
from rushes.server.attempts import FREE
from rushes.server.gate import Door
from rushes.studio import Studio

CHECK = "policy"
REPORT = "Report this with what the doctor prints: a header has been changed on its way."


async def check_policy(app: FastAPI, door: Door) -> list[Finding]:
    """Headers of the page, the interface and a clip, and whether strangers are kept out."""
    clip = {} if app.state.studio is None else await _a_clip(app.state.studio)
    asked = {"/": "GET", "/api/health": "GET", **clip}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    host = next(iter(sorted(door.hosts)))
    bearer = {"Authorization": f"Bearer {door.token}"}
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        answers = {
            path: await client.request(method, path, headers=bearer)
            for path, method in asked.items()
        }
        stranger = await client.get("/api/projects")
    wrong = [
        f"{path}: {fault}"
        for path, one in answers.items()
        for fault in _faults(app.state.policy, path, one.headers)
    ]
    if stranger.status_code != httpx.codes.UNAUTHORIZED:
        wrong.append("the interface answers without a token")
    if wrong:
        message = f"{len(wrong)} things are not as they should be, first: {wrong[0]}."
        return [Finding(CHECK, "policy_differs", Status.PROBLEM, message, REPORT)]
    paths = ", ".join(asked)
    message = f"Every header of the policy is there ({paths}), and nobody comes in without a token."
    return [Finding(CHECK, "policy_right", Status.OK, message)]


async def check_doors(door: Door) -> list[Finding]:
    """Wrong tokens and cookies that have been tried since the studio started."""
    wrong = door.attempts.wrong
    if wrong <= FREE:
        message = "Nobody has tried to come in with a wrong token or cookie more than a few times."
        return [Finding("doors", "doors_quiet", Status.OK, message)]
    message = f"Wrong tokens or cookies were tried {wrong:,} times since the studio started."
    remedy = "An old tab or a script of yours may hold an old token; nothing was let in."
    return [Finding("doors", "doors_tried", Status.WARNING, message, remedy)]


async def check_page() -> list[Finding]:
    if (files("rushes.server") / "page" / "index.html").is_file():
        return [Finding("page", "page_built", Status.OK, "The page is built.")]
    message = "The page has not been built, so a browser has nothing to show."
    return [Finding("page", "page_not_built", Status.PROBLEM, message, "Run: make studio")]


async def _a_clip(studio: Studio) -> dict[str, str]:
    """The address of a saved asset, where there is one, and how to ask for its headers alone: a
    whole clip would be held in memory.
    """
    saved = Filter(states=(SavedMedia.state,))
    page, _ = await studio.assets.page(saved, limit=1)
    return {f"/media/{asset.id}": "HEAD" for asset in page.items}


def _faults(policy: SecurityPolicy, path: str, headers: Mapping[str, str]) -> list[str]:
    wanted = policy.headers(face_of(path))
    return [
        f"{name} is {headers.get(name)!r}"
        for name, value in wanted.items()
        if headers.get(name) != value
    ]
