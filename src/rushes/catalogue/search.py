"""Search: every word must occur somewhere in the text of an item, as it is written.

Texts and words are folded here in the same way, so that neither case nor accents matter. How SQLite
finds them is known in this module only. What somebody searches for is bound as a value and never
becomes part of a statement or of the language of the index.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    and_,
    column,
    exists,
    func,
    not_,
    select,
    table,
    true,
    type_coerce,
)
from sqlalchemy.types import Text

from rushes.catalogue.tables import item_texts, items

INDEX = table("item_search", column("rowid"), column("item_search"))
SHORTEST = 3
"""The index is of three characters in a row: a shorter word is looked for in the texts."""
MOST = 16
"""So many words are conditions of their own; the rest of a very long search is one together."""
FIRST_ACCENT, LAST_ACCENT = "\u0300", "\u036f"


def fold(text: str) -> str:
    """The text without case, without accents, and with one form for what can be written in two."""
    parts = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in parts if not FIRST_ACCENT <= c <= LAST_ACCENT and c != "\x00")
    return plain.casefold()


def words_of(text: str) -> tuple[str, ...]:
    """The words to look for, longest first. One that is part of another says nothing more."""
    found: list[str] = []
    for word in sorted(set(fold(text).split()), key=lambda word: (-len(word), word)):
        if not any(word in longer for longer in found):
            found.append(word)
    return tuple(found)


def by_index(words: Sequence[str]) -> ColumnElement[bool]:
    """Quick when few items fit: the index says which."""
    return _by_index(words, items.c.n)


def to_count(words: Sequence[str]) -> ColumnElement[bool]:
    """Quick when each item that fits is counted: each is looked for among those of the index."""
    # With + 0, because each of those would be looked for among the items.
    return _by_index(words, items.c.n + 0)


def _by_index(words: Sequence[str], n: ColumnElement[int]) -> ColumnElement[bool]:
    long = [word for word in words if len(word) >= SHORTEST][:MOST]
    rest = [word for word in words if word not in long]
    if not long:
        return by_text(rest)
    phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    hits = select(INDEX.c.rowid).where(INDEX.c.item_search.op("MATCH")(phrases))
    return and_(n.in_(hits), by_text(rest))


def by_text(words: Sequence[str]) -> ColumnElement[bool]:
    """Quick when many items fit and the first few are wanted: each is read in turn."""
    if not words:
        return true()
    holds = [item_texts.c.text.contains(word, autoescape=True) for word in words[:MOST]]
    if rest := words[MOST:]:
        # One value, however many words: SQLite bounds the size of a statement.
        word = func.json_each(json.dumps(rest)).table_valued("value", name="word")
        is_absent = func.instr(item_texts.c.text, type_coerce(word.c.value, Text)) == 0
        holds.append(not_(exists(select(1).select_from(word).where(is_absent))))
    return exists(select(1).where(item_texts.c.n == items.c.n, *holds).correlate(items))
