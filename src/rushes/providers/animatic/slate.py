"""The small line at the foot of the frame: what this is, its form, a running timecode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rushes.providers.animatic.lettering import Drawing, Mask, Word, draw, pixels_of, width_of
from rushes.providers.animatic.overlay import PAPER, Layer, blend
from rushes.providers.animatic.page_layout import Box

_QUIET = 0.62
_RULE = 0.30
_TITLE = "ANIMATIC"
_TRACKING = 0.14
"""Extra room between the title's letters, in ems."""


@dataclass(frozen=True, slots=True)
class Frames:
    """The form of the clip that the slate speaks of."""

    width: int
    height: int
    fps: int
    count: int

    def in_words(self) -> str:
        seconds = f"{self.count / self.fps:.2f}".rstrip("0").rstrip(".")
        return f"{self.width} x {self.height}   ·   {self.fps} fps   ·   {seconds} s"

    def timecode(self, number: int) -> str:
        seconds, frame = divmod(number, self.fps)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        return f"{hours:02}:{minute:02}:{second:02}:{frame:02}"


class Slate:
    def __init__(self, frames: Frames, box: Box) -> None:
        self._frames = frames
        self._rule_height = max(2, round(min(frames.width, frames.height) / 540) // 2 * 2)
        self._width = box.width // 2 * 2
        self._left, self._top = box.left // 2 * 2, box.top // 2 * 2
        self._rule: Mask = np.full((self._rule_height, self._width), 255, np.uint8)
        self._size = self._fitting_size(max(6, round(box.height * 0.5)))
        self._signs = {sign: draw(Word(sign), self._size) for sign in "0123456789:/ "}
        self._line = self._draw_line(box.height)

    def put_on(self, planes: list[Mask], number: int, accent: tuple[int, int, int]) -> None:
        blend(planes, Layer(self._rule, self._left, self._top), PAPER, _RULE)
        done = self._width * (number + 1) // self._frames.count // 2 * 2
        blend(planes, Layer(self._rule[:, :done], self._left, self._top), accent, 1.0)
        line = self._line.copy()
        self._write_counter(line, number)
        top = (self._top + self._rule_height * 2) // 2 * 2
        blend(planes, Layer(line, self._left, top), PAPER, _QUIET)

    def _counter(self, number: int) -> str:
        total = str(self._frames.count)
        return f"{self._frames.timecode(number)}   {number + 1:>{len(total)}}/{total}"

    def _fitting_size(self, size: int) -> int:
        """As asked, or smaller where the line would not fit into the frame's width."""
        title = sum(width_of(Word(letter)) + _TRACKING for letter in _TITLE)
        texts = (self._frames.in_words(), self._counter(0))
        needed = title + sum(width_of(Word(text)) for text in texts) + 4
        return max(5, min(size, int(self._width / needed)))

    def _draw_line(self, height: int) -> Mask:
        line: Mask = np.zeros((max(height, self._size * 2), self._width), np.uint8)
        along = 0.0
        for letter in _TITLE:
            self._paste(line, draw(Word(letter), self._size), round(along))
            along += pixels_of(Word(letter), self._size) + _TRACKING * self._size
        details = draw(Word(self._frames.in_words()), self._size)
        self._paste(line, details, round(along + self._size * 1.4))
        return line

    def _write_counter(self, line: Mask, number: int) -> None:
        along = float(self._width)
        for sign in reversed(self._counter(number)):
            along -= pixels_of(Word(sign), self._size)
            self._paste(line, self._signs[sign], round(along))

    def _paste(self, line: Mask, drawing: Drawing, left: int) -> None:
        baseline = round(self._size * 1.45)
        top, left = baseline - drawing.baseline, left - drawing.left
        mask = drawing.mask[max(0, -top) :, max(0, -left) :]
        target = line[max(0, top) :, max(0, left) :][: mask.shape[0], : mask.shape[1]]
        np.maximum(target, mask[: target.shape[0], : target.shape[1]], out=target)
