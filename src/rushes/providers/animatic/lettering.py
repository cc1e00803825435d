"""Words as pictures of words: which font can draw them, how wide they are, and their masks.

The font is the one that Pillow brings along, so that every machine has it. It knows plain Latin
letters; accents are set above and below them from its own signs. A word in another script is drawn
with a font of the system where one of a short list is found, and in boxes where none is. What a
prompt holds beyond letters and signs (control characters, joiners, skin tones) is left out, and a
line that mixes directions is set in the direction of the prompt's first letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Mask = NDArray[np.uint8]

BUNDLED = ""
"""The name of the font that comes with Pillow."""

_SYSTEM_FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "segoeui.ttf",
    "msyh.ttc",
    "YuGothM.ttc",
    "malgun.ttf",
    "Arial Unicode.ttf",
    "Hiragino Sans GB.ttc",
    "AppleSDGothicNeo.ttc",
)

_SYSTEM_FONT_SCALE = 0.92

_TYPOGRAPHY = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{EM DASH}": " - ",
        "\N{MINUS SIGN}": "-",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{BULLET}": "\N{MIDDLE DOT}",
        "\N{DOUBLE LOW-9 QUOTATION MARK}": "\N{LEFT DOUBLE QUOTATION MARK}",
        "\N{SINGLE LOW-9 QUOTATION MARK}": "\N{LEFT SINGLE QUOTATION MARK}",
        "\N{PRIME}": "'",
        "\N{DOUBLE PRIME}": '"',
    }
)
"""Signs that the bundled font lacks, and what printers put for them."""

_MARKS = {
    "\u0300": "`",
    "\u0301": "\N{ACUTE ACCENT}",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "-",
    "\u0306": "v",
    "\u0307": ".",
    "\u0308": "..",
    "\u030a": "\N{DEGREE SIGN}",
    "\u030b": "\N{ACUTE ACCENT}\N{ACUTE ACCENT}",
    "\u030c": "v",
    "\u0327": ",",
    "\u0328": ",",
}
"""Combining marks, and the signs of the bundled font they are made of; ``v`` is ``^`` reversed."""

_MARKS_BELOW = frozenset("\u0327\u0328")
_NOT_A_CHARACTER = "\U0010ffff"
_LONGEST_UNIT = 24
_REFERENCE = 100
_ENDS_SENTENCE = re.compile(
    "[.!?\N{HORIZONTAL ELLIPSIS}\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH EXCLAMATION MARK}"
    "\N{FULLWIDTH QUESTION MARK}][\"'\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{RIGHT SINGLE QUOTATION MARK})]*$"
)
_ROOM = 0.3
"""Room around a word's mask, in ems, for what leans out of its box."""


@dataclass(frozen=True, slots=True)
class Word:
    """What stays together on a line: a word, a piece of a very long one, a Chinese character."""

    text: str
    font: str = BUNDLED
    marks: tuple[tuple[int, str], ...] = ()
    """Accents that are drawn by us: which letter they belong to, and the combining mark."""
    is_joined: bool = False
    """No space stands before it."""
    ends_sentence: bool = False


def read_words(prompt: str) -> list[Word]:
    return [
        _word(piece, is_joined=index > 0)
        for word in _clean(prompt).split()
        for index, piece in enumerate(_pieces(word))
    ]


def runs_right_to_left(prompt: str) -> bool:
    directions = (unicodedata.bidirectional(character) for character in prompt)
    first = next((d for d in directions if d in {"L", "R", "AL"}), "L")
    return first != "L"


def _clean(prompt: str) -> str:
    text = unicodedata.normalize("NFC", prompt).translate(_TYPOGRAPHY)
    return "".join(_cleaned(character) for character in text)


def _cleaned(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    is_modifier = "\ufe00" <= character <= "\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff"
    return "" if category in {"Cf", "Cs", "Co"} or is_modifier else character


def _pieces(word: str) -> Iterator[str]:
    """Cut where a line may break although there is no space."""
    piece = ""
    for character in word:
        if piece and _may_break(piece, character):
            yield piece
            piece = ""
        piece += character
    yield piece


def _may_break(piece: str, character: str) -> bool:
    if unicodedata.category(character)[0] in "MP":
        return len(piece) >= 2 * _LONGEST_UNIT
    is_wide = "W" in {
        unicodedata.east_asian_width(piece[-1]),
        unicodedata.east_asian_width(character),
    }
    return is_wide or len(piece) >= _LONGEST_UNIT


def _word(piece: str, *, is_joined: bool) -> Word:
    ends_sentence = _ENDS_SENTENCE.search(piece) is not None
    letters, marks = _take_accents_off(piece)
    if all(_can_draw(BUNDLED, letter) for letter in letters):
        return Word(letters, BUNDLED, marks, is_joined, ends_sentence)
    font = next((name for name in _SYSTEM_FONTS if _can_draw_all(name, piece)), BUNDLED)
    return Word(piece, font, (), is_joined, ends_sentence)


def _take_accents_off(piece: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Letters without the accents that we can set ourselves, and those accents."""
    letters = ""
    marks: list[tuple[int, str]] = []
    for character in unicodedata.normalize("NFD", piece):
        if character in _MARKS and letters:
            marks.append((len(letters) - 1, character))
        else:
            letters += character
    return letters, tuple(dict.fromkeys(marks))


def _can_draw_all(name: str, text: str) -> bool:
    if _font(name, _REFERENCE) is None:
        return False
    return all(unicodedata.combining(letter) or _can_draw(name, letter) for letter in text)


@lru_cache(maxsize=4096)
def _can_draw(name: str, letter: str) -> bool:
    font = _font(name, _REFERENCE)
    if font is None:
        return False
    return bytes(font.getmask(letter)) != bytes(font.getmask(_NOT_A_CHARACTER))


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont | None:
    if name == BUNDLED:
        bundled = ImageFont.load_default(size)
        if not isinstance(bundled, ImageFont.FreeTypeFont):
            raise TypeError("this Pillow was built without FreeType")
        return bundled
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        # Not on this machine: the next of the list is asked.
        return None


def _loaded(name: str, size: int) -> ImageFont.FreeTypeFont:
    font = _font(name, size)
    if font is None:
        raise LookupError(f"the font {name} was there a moment ago and is not any more")
    return font


def space_width() -> float:
    """The width of a space, in ems."""
    return _loaded(BUNDLED, _REFERENCE).getlength(" ") / _REFERENCE


@lru_cache(maxsize=8192)
def width_of(word: Word) -> float:
    """The width of a word, in ems."""
    size = _font_size(word, _REFERENCE)
    return _loaded(word.font, size).getlength(word.text) / _REFERENCE


@lru_cache(maxsize=8192)
def pixels_of(word: Word, size: int) -> float:
    """The width of a word as it is drawn at this size, in pixels."""
    return _loaded(word.font, _font_size(word, size)).getlength(word.text)


def _font_size(word: Word, size: int) -> int:
    """Other fonts look larger than the bundled one at the same size."""
    return size if word.font == BUNDLED else max(1, round(size * _SYSTEM_FONT_SCALE))


@dataclass(frozen=True, slots=True)
class Drawing:
    mask: Mask
    left: int
    """Pixels from the mask's left edge to where the word begins."""
    baseline: int
    """Pixels from the mask's top to the line that the letters stand on."""


def draw(word: Word, size: int) -> Drawing:
    font = _loaded(word.font, _font_size(word, size))
    room = ceil(size * _ROOM)
    baseline = ceil(size * 1.3)
    extent = (ceil(font.getlength(word.text)) + 2 * room, baseline + ceil(size * 0.5))
    image = Image.new("L", extent)
    ImageDraw.Draw(image).text((room, baseline), word.text, font=font, fill=255, anchor="ls")
    drawing = Drawing(np.array(image), room, baseline)
    for index, mark in word.marks:
        start, end = (room + font.getlength(word.text[:stop]) for stop in (index, index + 1))
        _set_mark(drawing, mark, _Letter(word.text[index], start, end, size))
    return drawing


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter that gets an accent, and where it stands in its drawing."""

    sign: str
    start: float
    end: float
    size: int

    def top(self, sign: str) -> int:
        """The top of a letter as large as this one, from the baseline; negative is up."""
        return int(_loaded(BUNDLED, self.size).getbbox(sign, anchor="ls")[1])


def _set_mark(drawing: Drawing, mark: str, letter: _Letter) -> None:
    ink = _sign(mark, letter.size)
    height, width = ink.shape
    left = round((letter.start + letter.end - width) / 2)
    top = drawing.baseline - round(letter.size * 0.01)
    if mark not in _MARKS_BELOW:
        letter_top = drawing.baseline + letter.top(letter.sign)
        if letter.sign in "ij":
            letter_top = drawing.baseline + letter.top("x")
            dot = slice(int(letter.start), ceil(letter.end))
            drawing.mask[: letter_top - round(letter.size * 0.02), dot] = 0
        top = letter_top - height - round(letter.size * 0.07)
    target = drawing.mask[top : top + height, left : left + width]
    np.maximum(target, ink[: target.shape[0], : target.shape[1]], out=target)


@lru_cache(maxsize=256)
def _sign(mark: str, size: int) -> Mask:
    """The mask of an accent, cut to its ink."""
    text = _MARKS[mark]
    is_reversed = text == "v"
    font = _loaded(BUNDLED, size)
    image = Image.new("L", (size * 2, size * 2))
    ImageDraw.Draw(image).text(
        (size // 2, size), "^" if is_reversed else text, font=font, fill=255, anchor="ls"
    )
    ink = image.crop(image.getbbox() or (0, 0, 1, 1))
    widest, highest = max(1, round(size * 0.32)), max(1, round(size * 0.16))
    if ink.width > widest or ink.height > highest:
        ink = ink.resize((min(ink.width, widest), min(ink.height, highest)))
    return np.array(ink)[::-1] if is_reversed else np.array(ink)
