"""What Rushes runs on, and what was set: told, so that a report holds it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import rushes
from rushes.catalogue import integrity
from rushes.doctor.finding import Finding, Status
from rushes.media.versions import ffmpeg_libraries

LIBRARIES = ("av", "fastapi", "httpx", "sqlalchemy", "uvicorn")


@dataclass(frozen=True, slots=True)
class SettingInForce:
    name: str
    value: str
    """Never a key: of that only whether there is one."""
    origin: str
    """Where it was set: a flag, a variable, a file, or nowhere."""


def check_versions() -> list[Finding]:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    ffmpeg = ", ".join(f"{name} {number}" for name, number in ffmpeg_libraries())
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    message = (
        f"Rushes {rushes.__version__}, Python {platform.python_version()} on {system}, SQLite "
        f"{integrity.version()}, {libraries}; FFmpeg: {ffmpeg}."
    )
    return [Finding("versions", "versions", Status.OK, message)]


def check_settings(settings: Sequence[SettingInForce]) -> list[Finding]:
    return [
        Finding("settings", "setting", Status.OK, f"{one.name} = {one.value} ({one.origin})")
        for one in settings
    ]
