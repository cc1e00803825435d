"""What was measured in a media file. Nothing here is assumed from a name or a request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class MediaKind(StrEnum):
    VIDEO = "video"
    IMAGE = "image"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class MediaFacts:
    kind: MediaKind
    container: str
    """Short name of the container, such as ``mp4``, ``webm``, ``png``: also the file's suffix."""
    content_type: str
    """Media type of the bytes, such as ``video/mp4``."""
    duration: Fraction | None = None
    """Seconds, exact; None for an image."""
    width: int | None = None
    height: int | None = None
    fps: Fraction | None = None
    """Frames a second as an exact fraction (24000/1001), None without moving pictures."""
    frames: int | None = None
    """Frames that are shown."""
    video_codec: str | None = None
    audio_codec: str | None = None

    @property
    def has_audio(self) -> bool:
        return self.audio_codec is not None
