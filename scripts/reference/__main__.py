"""`python -m scripts.reference`: write every reference page that differs from the code."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.reference.documents import documents

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    for path, text in documents().items():
        target = ROOT / path
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")


main()
