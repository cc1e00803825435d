"""Pages of words: how large the type is, where lines and pages break, where each word stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from rushes.providers.animatic.lettering import Word, pixels_of, space_width, width_of

LEADING = 1.25
"""From line to line, in ems."""

_WIDEST_LINE = 21.0
"""In ems; longer lines tire the eye. Only the smallest type may have them."""

_FULLEST = 0.97
"""Share of the box that lines may fill: widths are measured at one size and used at another."""


@dataclass(frozen=True, slots=True)
class Box:
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TypeSizes:
    """In pixels."""

    largest: int
    comfortable: int
    """More pages are used rather than going below this."""
    smallest: int


@dataclass(frozen=True, slots=True)
class PlacedWord:
    word: Word
    left: int
    baseline: int


@dataclass(frozen=True, slots=True)
class Layout:
    size: int
    pages: tuple[tuple[PlacedWord, ...], ...]


@dataclass(frozen=True, slots=True)
class Style:
    box: Box
    sizes: TypeSizes
    most_pages: int
    """As many as there is time to read; only a text that fits in no other way gets more."""
    from_right: bool
    stands_at: float
    """0 is the top of the box, 1 the bottom."""


def lay_out(words: Sequence[Word], style: Style) -> Layout:
    if not words:
        return Layout(style.sizes.smallest, ())
    size, pages = _choose(words, style)
    return Layout(size, tuple(_place(page, size, style) for page in pages))


def _choose(words: Sequence[Word], style: Style) -> tuple[int, list[Sequence[Word]]]:
    best_size, best_pages = 0, [words]
    for count in range(1, len(words) + 1):
        if best_size and count > style.most_pages:
            break
        pages = split_into_pages(words, count)
        size = _largest_size(pages, style)
        if size > best_size:
            best_size, best_pages = size, pages
        if best_size >= style.sizes.comfortable:
            break
    return best_size or style.sizes.smallest, best_pages


def split_into_pages(words: Sequence[Word], count: int) -> list[Sequence[Word]]:
    """Pages of like length that turn where a sentence ends, if one ends near by."""
    lengths = [width_of(word) + space_width() for word in words]
    per_page = sum(lengths) / count
    pages: list[Sequence[Word]] = []
    start = 0
    for number in range(1, count):
        stop = _turn(words, lengths, start, number * per_page, per_page * 0.35)
        if stop > start:
            pages.append(words[start:stop])
            start = stop
    return [*pages, words[start:]]


def _turn(
    words: Sequence[Word], lengths: Sequence[float], start: int, target: float, tolerance: float
) -> int:
    """The index at which the next page begins, near ``target`` ems from the beginning."""
    best, best_distance = start, float("inf")
    so_far = sum(lengths[:start])
    for index in range(start, len(words) - 1):
        so_far += lengths[index]
        distance = abs(so_far - target) + (0 if words[index].ends_sentence else tolerance)
        if distance < best_distance:
            best, best_distance = index + 1, distance
    return best


def _largest_size(pages: Sequence[Sequence[Word]], style: Style) -> int:
    """The largest size at which every page fits; 0 if none does."""
    low, high = style.sizes.smallest - 1, style.sizes.largest
    while low < high:
        middle = (low + high + 1) // 2
        if all(_fits(page, middle, style) for page in pages):
            low = middle
        else:
            high = middle - 1
    return low if low >= style.sizes.smallest else 0


def _fits(page: Sequence[Word], size: int, style: Style) -> bool:
    room = _line_room(size, style)
    if max(width_of(word) for word in page) > room:
        return False
    return len(break_lines(page, room)) * LEADING * size <= style.box.height


def _line_room(size: int, style: Style) -> float:
    room = style.box.width * _FULLEST / size
    return min(room, _WIDEST_LINE) if size >= style.sizes.comfortable else room


def break_lines(words: Sequence[Word], room: float) -> list[list[Word]]:
    """Lines no wider than ``room`` ems; a word wider than that has a line for itself."""
    lines: list[list[Word]] = []
    used = 0.0
    for word in words:
        gap = 0.0 if word.is_joined else space_width()
        width = width_of(word)
        if lines and used + gap + width <= room:
            lines[-1].append(word)
            used += gap + width
        else:
            lines.append([word])
            used = width
    return lines


def _balanced_lines(words: Sequence[Word], room: float) -> list[list[Word]]:
    """As few lines as ``room`` allows, and those as even as they can be: no lonely last word."""
    lines = break_lines(words, room)
    narrow, wide = room / 3, room
    for _ in range(12):
        middle = (narrow + wide) / 2
        tried = break_lines(words, middle)
        if len(tried) > len(lines) or any(_width(line) > middle for line in tried):
            narrow = middle
        else:
            wide = middle
    return break_lines(words, wide)


def _width(line: Sequence[Word]) -> float:
    gaps = sum(0.0 if word.is_joined else space_width() for word in line[1:])
    return gaps + sum(width_of(word) for word in line)


def _place(page: Sequence[Word], size: int, style: Style) -> tuple[PlacedWord, ...]:
    lines = _balanced_lines(page, _line_room(size, style))
    spare = style.box.height - len(lines) * LEADING * size
    top = style.box.top + max(0.0, spare * style.stands_at)
    placed: list[PlacedWord] = []
    for number, line in enumerate(lines):
        baseline = round(top + (number * LEADING + 0.98) * size)
        placed.extend(_place_line(line, size, baseline, style))
    return tuple(placed)


def _place_line(line: Sequence[Word], size: int, baseline: int, style: Style) -> list[PlacedWord]:
    placed: list[PlacedWord] = []
    along = 0.0
    for position, word in enumerate(line):
        along += 0.0 if word.is_joined or position == 0 else space_width() * size
        width = pixels_of(word, size)
        left = style.box.left + along
        if style.from_right:
            left = style.box.left + style.box.width - along - width
        placed.append(PlacedWord(word, round(left), baseline))
        along += width
    return placed


def reading_times(layout: Layout, frames: int) -> list[range]:
    """Which frames show which page: each as long as its share of the words."""
    if not layout.pages:
        return []
    weights = [ceil(sum(width_of(placed.word) for placed in page)) + 6 for page in layout.pages]
    total = sum(weights)
    edges = [round(frames * sum(weights[:index]) / total) for index in range(len(weights) + 1)]
    return [range(start, stop) for start, stop in pairwise(edges)]
