"""Compares how long a media file says it is with how long it is, by its outermost boxes alone.

A clip that was cut off in the middle often opens and plays its beginning. Its own table of
contents tells.
"""

from __future__ import annotations

import os
from io import BufferedReader
from pathlib import Path

from rushes.domain.errors import MediaUnreadableError

EBML = b"\x1a\x45\xdf\xa3"
SEGMENT = b"\x18\x53\x80\x67"
DOCUMENT_TYPE = b"\x42\x82"
RIFF = b"RIFF"
UNKNOWN_RIFF_SIZES = frozenset({0, 0xFFFFFFFF})
NEEDED_BOXES = frozenset({b"mdat", b"moov", b"moof"})
LONG_SIZE = 1
SHORT_HEADER = 8


def check_whole(path: Path) -> None:
    """Raises MediaUnreadableError when the file ends before its own structure does."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise MediaUnreadableError("It is empty.")
        end = _announced_end(file)
    if end > size:
        raise MediaUnreadableError(
            f"It ends after {size} bytes; by its own structure it has {end}.",
            size=size,
            announced=end,
        )


def matroska_document_type(path: Path) -> str:
    """``webm`` or ``matroska``, as the file calls itself; empty when it does not."""
    with path.open("rb") as file:
        if file.read(4) != EBML:
            return ""
        header = file.read(min(_read_size(file) or 0, 4096))
    _, found, rest = header.partition(DOCUMENT_TYPE)
    if not found or not rest:
        return ""
    return rest[1 : 1 + (rest[0] & 0x7F)].rstrip(b"\0").decode("ascii", errors="replace")


def _announced_end(file: BufferedReader) -> int:
    beginning = file.read(12)
    file.seek(0)
    if beginning.startswith(EBML):
        return _end_of_segment(file)
    if beginning.startswith(RIFF):
        size = int.from_bytes(beginning[4:8], "little")
        return 0 if size in UNKNOWN_RIFF_SIZES else 8 + size
    return _end_of_boxes(file)


def _end_of_boxes(file: BufferedReader) -> int:
    """The furthest end of a box that matters, over the top level of an MP4 or MOV file."""
    position = furthest = 0
    while True:
        file.seek(position)
        header = file.read(16)
        if len(header) < SHORT_HEADER:
            return furthest
        size, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if size == LONG_SIZE:
            size = int.from_bytes(header[8:16], "big")
        if size < SHORT_HEADER:  # zero means: to the end of the file, wherever that is
            return furthest
        position += size
        if kind in NEEDED_BOXES:
            furthest = position


def _end_of_segment(file: BufferedReader) -> int:
    file.seek(4)
    header_size = _read_size(file)
    if header_size is None:
        return 0
    file.seek(header_size, os.SEEK_CUR)
    if file.read(4) != SEGMENT:
        return 0
    size = _read_size(file)
    return 0 if size is None else file.tell() + size


def _read_size(file: BufferedReader) -> int | None:
    """A size in the variable length of EBML; None when it is left open."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    length = 9 - first[0].bit_length()
    rest = file.read(length - 1)
    value = int.from_bytes(bytes([first[0] & (0xFF >> length)]) + rest, "big")
    return None if value == (1 << 7 * length) - 1 else value
