"""The frames of an animatic: backdrop or image, the words over it, the slate at the foot."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from av import VideoFrame

from rushes.providers.animatic.caption import Caption
from rushes.providers.animatic.lettering import Mask, read_words, runs_right_to_left
from rushes.providers.animatic.light import Backdrop
from rushes.providers.animatic.mood import Mood, light_of, read_mood
from rushes.providers.animatic.overlay import Layer, blend, planes_of
from rushes.providers.animatic.page_layout import Box, Style, TypeSizes, lay_out
from rushes.providers.animatic.request import RenderRequest
from rushes.providers.animatic.slate import Frames, Slate
from rushes.providers.animatic.stills import Stills

_SECONDS_PER_PAGE = 1.8


class Picture:
    def __init__(self, request: RenderRequest) -> None:
        self._request = request
        mood = read_mood(request.prompt, request.seed)
        width, height = request.width, request.height
        self._accent = _video_colour(mood)
        self._backdrop = Backdrop(request.prompt, request.seed, mood, width, height)
        self._stills: Stills | None = None
        if request.plate is not None:
            self._stills = Stills(request.plate, request.end_plate, width, height, mood.movement)
        style = _style(request)
        self._mark = _accent_mark(style, min(width, height))
        layout = lay_out(read_words(request.prompt), style)
        self._caption = Caption(layout, request.frames, request.fps)
        form = Frames(width, height, request.fps, request.frames)
        self._slate = Slate(form, _slate_box(width, height))

    def frames(self) -> Iterator[VideoFrame]:
        for number in range(self._request.frames):
            yield self._frame(number)

    def _frame(self, number: int) -> VideoFrame:
        frame = self._scene(number)
        planes = planes_of(frame)
        self._caption.put_on(planes, number)
        if self._stills is None:
            self._put_mark_on(planes, number)
        self._slate.put_on(planes, number, self._accent)
        return frame

    def _scene(self, number: int) -> VideoFrame:
        progress = number / max(1, self._request.frames - 1)
        if self._stills is not None:
            return self._stills.frame(progress)
        return self._backdrop.frame(number / self._request.fps, progress)

    def _put_mark_on(self, planes: list[Mask], number: int) -> None:
        grown = 0.4 + 0.6 * min(1.0, number / self._request.frames * 3)
        columns = int(self._mark.mask.shape[1] * grown) // 2 * 2
        mark = Layer(self._mark.mask[:, :columns], self._mark.left, self._mark.top)
        blend(planes, mark, self._accent, 0.95)


def _margin(width: int, height: int) -> int:
    return round(min(width, height) * 0.085)


def _slate_box(width: int, height: int) -> Box:
    margin = _margin(width, height)
    tall = round(min(width, height) * 0.042)
    return Box(margin, height - round(margin * 0.72) - tall, width - 2 * margin, tall)


def _style(request: RenderRequest) -> Style:
    """Large and in the middle; over an image small and at the foot."""
    width, height = request.width, request.height
    short, margin = min(width, height), _margin(width, height)
    foot = _slate_box(width, height).top - round(margin * 0.5)
    over_image = request.plate is not None
    top = round(height * 0.56) if over_image else round(margin * 1.9)
    return Style(
        box=Box(margin, top, width - 2 * margin, foot - top),
        sizes=_sizes(short, over_image=over_image),
        most_pages=max(1, int(request.seconds / _SECONDS_PER_PAGE)),
        from_right=runs_right_to_left(request.prompt),
        stands_at=1.0 if over_image else 0.46,
    )


def _sizes(short: int, *, over_image: bool) -> TypeSizes:
    largest, comfortable = (0.050, 0.040) if over_image else (0.098, 0.056)
    smallest = max(6, round(short * 0.026))
    middle = max(smallest, round(short * comfortable))
    return TypeSizes(max(middle, round(short * largest)), middle, smallest)


def _accent_mark(style: Style, short: int) -> Layer:
    """A short bar of colour at the head of the frame, where reading begins."""
    columns, rows = round(short * 0.10) // 2 * 2, max(2, round(short * 0.006) // 2 * 2)
    left = style.box.left
    if style.from_right:
        left += style.box.width - columns
    mask: Mask = np.full((rows, columns), 255, np.uint8)
    return Layer(mask, left // 2 * 2, round(style.box.top * 0.62) // 2 * 2)


def _video_colour(mood: Mood) -> tuple[int, int, int]:
    """The accent as luma and colour differences in video range."""
    light = np.maximum(light_of(0.80, 0.13, mood.glow_hue), 1e-6)
    red, green, blue = (float(value) for value in 1.055 * light ** (1 / 2.4) - 0.055)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (
        round(16 + 219 * luma),
        round(128 + 224 * (blue - luma) / 1.8556),
        round(128 + 224 * (red - luma) / 1.5748),
    )
