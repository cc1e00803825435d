"""Which FFmpeg reads the media."""

from __future__ import annotations


def ffmpeg_libraries() -> list[tuple[str, str]]:
    """The libraries of FFmpeg that come with PyAV, each with its version."""
    # Nothing is decoded here, so this may be loaded into the studio's own process.
    import av

    return [
        (name, ".".join(map(str, numbers))) for name, numbers in sorted(av.library_versions.items())
    ]
