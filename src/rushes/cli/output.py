"""What a command prints: data on stdout, chatter on stderr, one JSON document with ``--json``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

Document = dict[str, Any]


WIDE = 10_000


class Output:
    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._chatter = Console(stderr=True, highlight=False, soft_wrap=True)
        self._data = Console(highlight=False, soft_wrap=True)
        if not self._data.is_terminal:
            # Another program reads it: one line for each row, however long.
            self._data.width = WIDE

    @property
    def is_watched(self) -> bool:
        """Whether a person sits at the terminal and can be asked."""
        return sys.stdin.isatty() and self._chatter.is_terminal

    def say(self, text: str) -> None:
        """Chatter: how it goes. Prompts and names in it are shown as they are."""
        self._chatter.print(escape(text))

    def document(self, document: Document) -> None:
        """The answer for machines; printed with ``--json`` only."""
        if self.as_json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
            sys.stdout.flush()

    def line(self, text: str) -> None:
        """One line of data for people."""
        if not self.as_json:
            self._data.print(escape(text))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        if self.as_json:
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
        self._data.print(table)

    def problem(self, problem: Mapping[str, Any]) -> None:
        """An error: for people on stderr; with ``--json`` also as the document."""
        self.document({"problem": dict(problem)})
        self._chatter.print(f"[bold red]{escape(problem['title'])}[/] ({escape(problem['code'])})")
        for text in (problem["detail"], problem["remedy"]):
            if text:
                self._chatter.print(f"  {escape(text)}")
