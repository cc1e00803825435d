"""The sound of a copy that every browser plays: AAC, beginning together with the first picture."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np

from rushes.media.proxy_writing import put

CODEC = "aac"
RATES = frozenset({8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000})
RATE = 48000
"""For what was recorded with another one."""
FORMAT = "fltp"
LONGEST_SILENCE = 3600
"""Seconds before the first sample. More is taken for damage."""


class Sound:
    """Takes decoded sound and writes it without a gap, from the moment ``start`` on."""

    def __init__(self, source: Any, out: Any, start: Fraction | None) -> None:
        context = source.codec_context
        rate = context.sample_rate if context.sample_rate in RATES else RATE
        layout = "mono" if context.layout.nb_channels == 1 else "stereo"
        self.index = source.index
        self._channels = 1 if layout == "mono" else 2
        self._layout, self._rate, self._start = layout, rate, start
        self._out = out
        self._stream: Any = out.add_stream(CODEC, rate=rate, layout=layout)
        self._resampler = av.AudioResampler(format=FORMAT, layout=layout, rate=rate)
        self._waiting = av.AudioFifo()
        self._skip: int | None = None
        self._written = 0

    def add(self, frame: Any) -> None:
        if self._skip is None:
            self._skip = self._begin(frame)
        self._take(self._resampler.resample(frame))

    def end(self) -> None:
        if self._skip is not None:
            self._take(self._resampler.resample(None))
        self._encode(is_last=True)
        put(self._out, self._stream.encode(None))

    def _begin(self, frame: Any) -> int:
        """How many samples come before the first picture; where it begins later, silence is put."""
        if self._start is None or frame.pts is None:
            return 0
        moment = Fraction(frame.pts) * Fraction(frame.time_base) - self._start
        samples = round(moment * self._rate)
        if 0 < samples <= LONGEST_SILENCE * self._rate:
            self._put_silence(samples)
        return max(0, -samples)

    def _put_silence(self, samples: int) -> None:
        for start in range(0, samples, self._rate):
            count = min(self._rate, samples - start)
            self._write(np.zeros((self._channels, count), np.float32))

    def _take(self, frames: list[Any]) -> None:
        for frame in frames:
            samples = frame.to_ndarray()
            skip = min(self._skip or 0, samples.shape[1])
            self._skip = (self._skip or 0) - skip
            if samples.shape[1] > skip:
                self._write(np.ascontiguousarray(samples[:, skip:]))

    def _write(self, samples: Any) -> None:
        frame = av.AudioFrame.from_ndarray(samples, format=FORMAT, layout=self._layout)
        frame.rate, frame.pts = self._rate, self._written
        frame.time_base = Fraction(1, self._rate)
        self._written += samples.shape[1]
        self._waiting.write(frame)
        self._encode(is_last=False)

    def _encode(self, *, is_last: bool) -> None:
        size = self._stream.codec_context.frame_size or 1024
        while frame := self._waiting.read(size, partial=is_last):
            put(self._out, self._stream.encode(frame))
