"""Which codecs a browser plays, by what was measured in the file.

Chromium was driven with each: HEVC and ProRes beside sound do not even fail there, they play the
sound over an empty picture. So the facts say more than the player does.
"""

from __future__ import annotations

from rushes.domain.media_facts import MediaFacts, MediaKind

PLAYED = frozenset(
    {"h264", "vp8", "vp9", "av1", "aac", "mp3", "opus", "vorbis", "flac", "pcm_s16le", "pcm_u8"}
)
NOT_PLAYED = frozenset(
    {
        "hevc",
        "prores",
        "mpeg2video",
        "mpeg4",
        "mjpeg",
        "dnxhd",
        "ffv1",
        "alac",
        "ac3",
        "eac3",
    }
)
"""Some browsers play some of these by hardware or licence; none can be relied upon."""


def is_playable(facts: MediaFacts | None) -> bool | None:
    """None where it is not known: not measured yet, or a codec that nobody has tried."""
    if facts is None:
        return None
    if facts.kind is MediaKind.IMAGE:
        return True
    codecs = {codec for codec in (facts.video_codec, facts.audio_codec) if codec is not None}
    if codecs & NOT_PLAYED:
        return False
    return True if codecs and codecs <= PLAYED else None
