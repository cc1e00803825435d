"""The catalogue as a power cut at some moment would leave it, built from the traced calls.

Of each file only those writes are done that a finished sync covers. SQLite itself then says what
is in it, so nothing is guessed from the text of a page: a page is written again and again, for the
sake of other rows too.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.campaigns.trace import SYNCS, WRITES, Call

_PIECE = re.compile(r'^\d+<[^>]*>, "((?:[^"\\]|\\.)*)", (\d+), (\d+) *\)', re.DOTALL)
_LENGTH = re.compile(r"^\d+<[^>]*>, (\d+)")
_ESCAPE = re.compile(rb'\\([0-7]{1,3}|[abfnrtv"\\])')
_LETTERS = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}


@contextmanager
def left_by_power_cut(
    calls: Sequence[Call], catalogue: Path, moment: int
) -> Iterator[sqlite3.Connection]:
    with TemporaryDirectory(prefix="rushes-power-cut-") as folder:
        copy = Path(folder) / catalogue.name
        for file in (catalogue, catalogue.with_name(f"{catalogue.name}-wal")):
            _build(copy.with_name(file.name), _synced(calls, str(file), moment))
        with closing(sqlite3.connect(copy)) as connection:
            yield connection


def is_saved(connection: sqlite3.Connection, path: str) -> bool:
    query = "SELECT count(*) FROM assets WHERE path = ? AND media_state = 'saved'"
    return _number(connection, query, path) == 1


def intents(connection: sqlite3.Connection) -> int:
    """How many orders are known to have been sent, or to be on their way."""
    return _number(connection, "SELECT count(*) FROM generations WHERE state != 'planned'")


def _number(connection: sqlite3.Connection, query: str, *values: str) -> int:
    try:
        return int(connection.execute(query, values).fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # not even the tables are on the disk


def _synced(calls: Sequence[Call], file: str, moment: int) -> list[Call]:
    about = [call for call in calls if call.file == file and call.ended < moment]
    sync = max((call.began for call in about if call.name in SYNCS), default=-1)
    return [call for call in about if call.name in WRITES and call.ended < sync]


def _build(copy: Path, writes: Sequence[Call]) -> None:
    with copy.open("wb") as file:
        for call in writes:
            if call.name == "ftruncate":
                length = _LENGTH.match(call.text)
                assert length is not None, call.text
                file.truncate(int(length.group(1)))
                continue
            piece = _PIECE.match(call.text)
            assert piece is not None, f"not understood: {call.name}({call.text[:200]}"
            data = unescaped(piece.group(1))
            assert len(data) == int(piece.group(2)), "a write was not written down whole"
            file.seek(int(piece.group(3)))
            file.write(data)


def unescaped(text: str) -> bytes:
    """The bytes of a string as ``strace`` writes it."""

    def byte(found: re.Match[bytes]) -> bytes:
        code = found.group(1)
        return bytes([_LETTERS[code] if code in _LETTERS else int(code, 8)])

    return _ESCAPE.sub(byte, text.encode("ascii"))
