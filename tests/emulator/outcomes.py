"""What a request comes to: the model's result, its refusal, or a failure on cue."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from tests.emulator.clips import free_box_head, make_clip, tagged
from tests.emulator.endpoints import ENDPOINTS, checked
from tests.emulator.requests import Outcome, Request
from tests.emulator.state import EmulatorSettings, EmulatorState

AUTO_SECONDS = 6
UNITS_BY_RESOLUTION = {"720p": 0.75, "1080p": 1, "1440p": 2, "2160p": 4}

FLAT_FAILURES: dict[str, tuple[int, str, str | None]] = {
    "result-504": (504, "Request timed out", "request_timeout"),
    "result-500-crash": (500, "Internal Server Error", None),
}

LIST_FAILURES: dict[str, tuple[int, list[str], str, str]] = {
    "result-422-content": (
        422,
        ["body", "prompt"],
        "The content could not be processed because it was flagged by a content checker.",
        "content_policy_violation",
    ),
    "result-422-content-billed": (
        422,
        ["body", "prompt"],
        "The content could not be processed because it was flagged by a content checker.",
        "content_policy_violation",
    ),
    "result-422-validation": (422, ["body", "fps"], "Input should be 25 or 50", "literal_error"),
    "result-500-model": (500, ["body"], "Internal server error", "internal_server_error"),
}


def outcome_of(request: Request, state: EmulatorState) -> Outcome:
    """What the result call answers, each time the same."""
    if request.outcome is None:
        request.outcome = _outcome(request, state)
    return request.outcome


def _outcome(request: Request, state: EmulatorState) -> Outcome:
    if request.is_cancelled:
        return _flat(499, "Request was cancelled", "client_cancelled")
    for name, (status, detail, word) in FLAT_FAILURES.items():
        if request.cues.strikes(name):
            return _flat(status, detail, word)
    for name, failure in LIST_FAILURES.items():
        if request.cues.strikes(name):
            return _listed(failure, billed="1" if name.endswith("-billed") else "0")
    if request.endpoint not in ENDPOINTS or request.cues.strikes("result-404-path"):
        path = "/" + request.endpoint.split("/", 2)[-1]
        return _refused(404, {"detail": f"Path {path} not found"}, "Invalid status code: 404")
    model_input = checked(request.endpoint, request.payload)
    if isinstance(model_input, list):
        return _refused(422, {"detail": model_input}, "Invalid status code: 422")
    if request.cues.strikes("result-garbage"):
        return _result({"clip": 42}, units=6)
    return _clip_result(request, model_input, state)


def _clip_result(request: Request, model_input: BaseModel, state: EmulatorState) -> Outcome:
    file = file_of(request, state.settings)
    size: int | None = len(file)
    if request.cues.has("file-size-null") or request.cues.has("media-no-length"):
        size = None
    elif request.cues.has("media-wrong-length"):
        size = len(file) + 1000
    elif request.cues.has("media-truncated"):
        size = len(file) * 2 // 3
    asked = model_input.model_dump()
    seconds = _seconds(asked, state.settings)
    width, height = _frame_size(asked, state.settings)
    name = f"{request.id}_output.mp4"
    video = {
        "url": f"http://{state.hosts['media']}/files/b/{folder_of(request)}/{name}",
        "content_type": "video/mp4",
        "file_name": name,
        "file_size": size,
        "width": width,
        "height": height,
        "fps": asked["fps"],
        "duration": seconds,
        "num_frames": seconds * asked["fps"],
    }
    units = seconds * UNITS_BY_RESOLUTION[asked["resolution"]]
    return _result({"video": video}, units=units)


def folder_of(request: Request) -> str:
    """Where its file lies at the media host."""
    return f"{request.moves}a{request.id[:6]}"


class ClipFile:
    """The bytes of a clip; with ``zeros`` it ends in a ``free`` box that is never in memory."""

    def __init__(self, head: bytes, zeros: int = 0) -> None:
        self._head = head
        self._zeros = zeros

    def __len__(self) -> int:
        return len(self._head) + self._zeros

    def read(self, start: int, end: int) -> bytes:
        """The bytes from start up to, not including, end."""
        head = self._head[start:end]
        zeros = min(end, len(self)) - max(start, len(self._head))
        return head + bytes(max(zeros, 0))


def file_of(request: Request, settings: EmulatorSettings) -> ClipFile:
    """The file of a finished request: for the same request always the same bytes."""
    model_input = checked(request.endpoint, request.payload)
    assert isinstance(model_input, BaseModel)
    asked = model_input.model_dump()
    width, height = _frame_size(asked, settings)
    clip = make_clip(
        seconds=_seconds(asked, settings),
        fps=asked["fps"],
        width=width,
        height=height,
        sound=asked["generate_audio"],
    )
    clip = tagged(clip, request.id)
    if not request.cues.has("media-big"):
        return ClipFile(clip)
    zeros = max(settings.big_bytes - len(clip) - 16, 0)
    return ClipFile(clip + free_box_head(zeros), zeros)


def _seconds(asked: dict[str, Any], settings: EmulatorSettings) -> int:
    if settings.clip_seconds is not None:
        return settings.clip_seconds
    return AUTO_SECONDS if asked["duration"] == "auto" else int(asked["duration"])


def _frame_size(asked: dict[str, Any], settings: EmulatorSettings) -> tuple[int, int]:
    size = (settings.clip_width, settings.clip_height)
    return size[::-1] if asked.get("aspect_ratio") == "9:16" else size


def _result(document: dict[str, Any], *, units: float) -> Outcome:
    return Outcome(200, json.dumps(document).encode(), {"x-fal-billable-units": f"{units:g}"})


def _refused(status: int, document: dict[str, Any], error: str) -> Outcome:
    body = json.dumps(document).encode()
    return Outcome(status, body, {"x-fal-billable-units": "0"}, error)


def _listed(failure: tuple[int, list[str], str, str], *, billed: str) -> Outcome:
    status, place, message, word = failure
    entry = {
        "loc": place,
        "msg": message,
        "type": word,
        "url": f"https://docs.fal.ai/errors/#{word}",
        "input": None,
    }
    body = json.dumps({"detail": [entry]}).encode()
    headers = {"x-fal-billable-units": billed}
    return Outcome(status, body, headers, f"Invalid status code: {status}")


def _flat(status: int, detail: str, word: str | None) -> Outcome:
    document = {"detail": detail} | ({"error_type": word} if word else {})
    headers = {"x-fal-error-type": word} if word else {}
    return Outcome(status, json.dumps(document).encode(), headers, detail, word)
