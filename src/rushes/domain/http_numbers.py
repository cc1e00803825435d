"""The numbers in the headers of HTTP, from whoever wrote them: what is no number is none. Pure."""

from __future__ import annotations

import re

DIGITS = r"[0-9]{1,18}"
"""More than every file has bytes. Longer ones cannot be read at any length, and ``\\d`` and
``isdecimal`` also take the digits of other scripts, which no header may hold.
"""
NUMBER = re.compile(DIGITS)


def number_of(written: str | None) -> int | None:
    return int(written) if written is not None and NUMBER.fullmatch(written) else None
