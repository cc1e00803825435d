"""Make one animatic as an MP4 file; run as a process of its own.

``python -m rushes.providers.animatic.render REQUEST.json TARGET.mp4`` writes the number of frames
done to its output, line by line. It ends by itself as soon as its input is closed, which is what
happens when the process that started it is gone, however that ended.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from rushes.providers.animatic.mood import FloatArray, read_mood
from rushes.providers.animatic.picture import Picture
from rushes.providers.animatic.request import RenderRequest
from rushes.providers.animatic.sound import RATE, make_soundtrack

_ENCODER = {
    "preset": "veryfast",
    "crf": "19",
    "profile": "high",
    "x264-params": (
        "threads=2:lookahead-threads=1:sliced-threads=0:bframes=0:open-gop=0:scenecut=0:aq-mode=3"
    ),
}
"""The number of threads is fixed because it changes the bytes, and sliced threads are off because
with them x264 made two different files from the same frames. Without B-frames every frame can be
the last one of a cut."""

_BT709, _VIDEO_RANGE = 1, 1
_SOUND_BIT_RATE = 160_000
_NICENESS = 5


def render(request: RenderRequest, target: Path, on_frame: Callable[[int], None]) -> None:
    """Write the clip to ``target``, which is there only once it is complete."""
    partial = target.with_name(f".{target.stem}.{os.getpid()}.part")
    try:
        with av.open(str(partial), "w", format="mp4", options=_container_options()) as container:
            _write(container, request, on_frame)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _container_options() -> dict[str, str]:
    # Bit-exact: no version of the muxer and no date among the bytes.
    return {"movflags": "+faststart", "fflags": "+bitexact"}


def _write(
    container: OutputContainer, request: RenderRequest, on_frame: Callable[[int], None]
) -> None:
    video = _add_video(container, request)
    sound = _Sound(container, request) if request.has_sound else None
    for number, frame in enumerate(Picture(request).frames()):
        if sound is not None and number % request.fps == 0:
            sound.write(Fraction(number, request.fps) + 1)
        frame.pts, frame.time_base = number, Fraction(1, request.fps)
        frame.colorspace, frame.color_range = _BT709, _VIDEO_RANGE
        container.mux(video.encode(frame))
        on_frame(number + 1)
    container.mux(video.encode(None))
    if sound is not None:
        sound.finish()


def _add_video(container: OutputContainer, request: RenderRequest) -> VideoStream:
    stream: VideoStream = container.add_stream("libx264", rate=request.fps, options=_ENCODER)
    stream.width, stream.height, stream.pix_fmt = request.width, request.height, "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, request.fps)
    context.gop_size = request.fps
    context.color_range, context.colorspace = _VIDEO_RANGE, _BT709
    context.color_primaries = context.color_trc = _BT709
    return stream


class _Sound:
    """The soundtrack, written a piece at a time beside the picture."""

    def __init__(self, container: OutputContainer, request: RenderRequest) -> None:
        mood = read_mood(request.prompt, request.seed)
        self._samples = make_soundtrack(request.prompt, request.seed, mood, request.seconds)
        self._container = container
        self._stream: AudioStream = container.add_stream("aac", rate=RATE, layout="stereo")
        self._stream.bit_rate = _SOUND_BIT_RATE
        self._written = 0

    def write(self, until: Fraction) -> None:
        """Everything up to this time, in seconds."""
        stop = min(self._samples.shape[1], int(until * RATE))
        piece: FloatArray = np.ascontiguousarray(self._samples[:, self._written : stop])
        if not piece.size:
            return
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        frame.pts = self._written
        self._written = stop
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self.write(Fraction(self._samples.shape[1], RATE))
        self._container.mux(self._stream.encode(None))


def _end_with_parent() -> None:
    """Wait until the input is closed, and end at once."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def main() -> None:
    # An interrupt at the terminal reaches every process there; the parent decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    request = RenderRequest.from_json(Path(sys.argv[1]).read_text("utf-8"))
    render(request, Path(sys.argv[2]), lambda done: print(done, flush=True))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main()
