"""Real clips: H.264 and AAC in MP4, with the number of each frame written into its top rows.

A clip is made once for each set of parameters. ``tagged`` gives every request a file of its own
without encoding again: a ``free`` box at the end that holds the request's id.
"""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BITS = 12
"""A clip has up to 4096 numbered frames: black and white boxes, least bit first."""

_SAMPLE_RATE = 48_000
_GOP = 12


@lru_cache(maxsize=64)
def make_clip(*, seconds: int, fps: int, width: int, height: int, sound: bool) -> bytes:
    """A whole MP4 with its index in front."""
    with tempfile.TemporaryDirectory(prefix="rushes-emulator-") as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
            video = container.add_stream("libx264", rate=fps)
            video.width, video.height, video.pix_fmt = width, height, "yuv420p"
            video.options = {"preset": "ultrafast", "crf": "30", "g": str(_GOP)}
            audio = container.add_stream("aac", rate=_SAMPLE_RATE) if sound else None
            for number in range(seconds * fps):
                container.mux(video.encode(numbered_frame(number, width, height)))
            container.mux(video.encode())
            if audio is not None:
                for piece in _tone(seconds):
                    container.mux(audio.encode(piece))
                container.mux(audio.encode())
        return path.read_bytes()


def tagged(clip: bytes, tag: str) -> bytes:
    """The clip with a box that players skip, so that no two requests have the same bytes."""
    return clip + free_box_head(len(tag.encode())) + tag.encode()


def free_box_head(size: int) -> bytes:
    """The head of a ``free`` box with this many bytes in it; 16 bytes long, for any size."""
    return (1).to_bytes(4, "big") + b"free" + (size + 16).to_bytes(8, "big")


def frame_number(frame: av.VideoFrame) -> int:
    """The number that is written into a decoded frame."""
    return number_in(frame.to_ndarray(format="gray"))


def number_in(picture: NDArray[np.uint8]) -> int:
    """The number that is written into a picture in grey."""
    height, width = picture.shape
    row = picture[height // 18]
    centres = [(2 * bit + 1) * width // (2 * BITS) for bit in range(BITS)]
    return sum(1 << bit for bit, x in enumerate(centres) if row[x] > 127)


def numbered_frame(number: int, width: int, height: int) -> av.VideoFrame:
    luma = np.full((height, width), 60, np.uint8)
    edges = [bit * width // BITS for bit in range(BITS + 1)]
    for bit in range(BITS):
        luma[: height // 9, edges[bit] : edges[bit + 1]] = 235 if number >> bit & 1 else 16
    colour = np.full((height // 2, width), 128, np.uint8)
    frame = av.VideoFrame.from_ndarray(np.concatenate([luma, colour]), format="yuv420p")
    frame.pts = number
    return frame


def _tone(seconds: int) -> list[av.AudioFrame]:
    times = np.arange(_SAMPLE_RATE, dtype=np.float32) / _SAMPLE_RATE
    samples = (0.2 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)[np.newaxis]
    pieces = []
    for second in range(seconds):
        piece = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        piece.sample_rate, piece.pts = _SAMPLE_RATE, second * _SAMPLE_RATE
        pieces.append(piece)
    return pieces
