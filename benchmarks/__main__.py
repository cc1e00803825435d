"""Runs the benchmarks and prints one table: ``python -m benchmarks [--detail] [NAME …]``.

Data is written where temporary files go; TMPDIR chooses another disk. Ends with 1 when a figure is
over its limit.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Iterable
from types import ModuleType

from benchmarks.report import Row, table

NAMES = (
    "start",
    "save",
    "memory",
    "burst",
    "safety",
    "retry",
    "library",
    "page",
    "media",
    "seek",
    "streams",
)


def main() -> int:
    parser = _parser()
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"There is no benchmark called {', '.join(sorted(unknown))}.")
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in asked.names or NAMES}
    rows = [row for name, module in modules.items() for row in _run(name, module)]
    print(table(rows))
    if asked.detail:
        _print_details(modules.values())
    return int(any(row.is_over for row in rows))


def _run(name: str, module: ModuleType) -> list[Row]:
    start = time.perf_counter()
    rows: list[Row] = module.run()
    print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return rows


def _print_details(modules: Iterable[ModuleType]) -> None:
    for module in modules:
        if hasattr(module, "detail"):
            print(f"\n{module.detail()}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; or all")
    parser.add_argument("--detail", action="store_true", help="say where the time goes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
