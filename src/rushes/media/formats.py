"""The media that Rushes opens. What a file is called never decides; what it contains does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rushes.domain.errors import MediaUnreadableError
from rushes.domain.media_facts import MediaKind
from rushes.media.structure import matroska_document_type

DEMUXERS = "mov,matroska,wav,mp3,flac,ogg,aac"
"""No playlists, no scripts, no image sequences: nothing that names other files."""
VIDEO_CODECS = frozenset(
    {"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "prores", "mjpeg", "dnxhd", "ffv1"}
)
AUDIO_CODECS = frozenset({"aac", "mp3", "opus", "vorbis", "flac", "alac", "ac3", "eac3"})
QUICKTIME_BRAND = "qt  "


@dataclass(frozen=True, slots=True)
class Format:
    container: str
    content_type: str


PNG = Format("png", "image/png")
JPEG = Format("jpg", "image/jpeg")
WEBP = Format("webp", "image/webp")
PLAIN_AUDIO = {
    "wav": Format("wav", "audio/wav"),
    "mp3": Format("mp3", "audio/mpeg"),
    "flac": Format("flac", "audio/flac"),
    "ogg": Format("ogg", "audio/ogg"),
    "aac": Format("aac", "audio/aac"),
}


def image_format(beginning: bytes) -> Format | None:
    """The image format that these first bytes announce."""
    if beginning.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if beginning.startswith(b"\xff\xd8\xff"):
        return JPEG
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return WEBP
    return None


def stream_format(path: Path, demuxer: str, brand: str, kind: MediaKind) -> Format:
    """The format of a file that a demuxer has opened."""
    names = demuxer.split(",")
    if "mov" in names:
        return _mp4_format(brand, kind)
    if "matroska" in names:
        return _matroska_format(path, kind)
    if kind is MediaKind.AUDIO and names[0] in PLAIN_AUDIO:
        return PLAIN_AUDIO[names[0]]
    raise MediaUnreadableError(f"It is a {kind} in {demuxer}.", container=demuxer)


def is_known_codec(kind: MediaKind, codec: str) -> bool:
    if kind is MediaKind.VIDEO:
        return codec in VIDEO_CODECS
    return codec in AUDIO_CODECS or codec.startswith("pcm_")


def _mp4_format(brand: str, kind: MediaKind) -> Format:
    if kind is MediaKind.AUDIO:
        return Format("m4a", "audio/mp4")
    if brand == QUICKTIME_BRAND:
        return Format("mov", "video/quicktime")
    return Format("mp4", "video/mp4")


def _matroska_format(path: Path, kind: MediaKind) -> Format:
    if matroska_document_type(path) == "webm":
        return Format("webm", f"{kind}/webm")
    return Format("mkv", f"{kind}/x-matroska")
