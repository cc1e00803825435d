"""Runs the campaigns and prints their figures; ends with 1 when a promise was broken."""

from __future__ import annotations

import argparse
import importlib
import secrets
import sys

from tests.campaigns.outcome import Outcome

WHOLE = {
    "kill": 500,
    "network": 300,
    "power": 5,
    "faults": 5,
    "mutations": 10_000,
    "requests": 60,
}
"""How many times each is done: kills, random pairs of faults, traced saves, rounds of faults,
damaged files, requests made up for each operation.
"""


def main() -> int:
    parser = _parser()
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(WHOLE):
        parser.error(f"There is no campaign called {', '.join(sorted(unknown))}.")
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    broken = False
    for name in asked.names or WHOLE:
        times = asked.times or WHOLE[name]
        sys.stdout.write(f"{name}: {times} times, seed {seed}\n")
        sys.stdout.flush()
        outcome: Outcome = importlib.import_module(f"tests.campaigns.{name}").run(times, seed)
        sys.stdout.write(outcome.text() + "\n")
        broken = broken or bool(outcome.violations)
    return int(broken)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(WHOLE)}; or all")
    parser.add_argument("--times", type=int, help="instead of the number beside the name")
    parser.add_argument("--seed", type=int, help="of an earlier run, to do the same again")
    return parser


if __name__ == "__main__":
    sys.exit(main())
