"""The emulator as a process: prints its addresses as one JSON line and runs until told to end."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from tests.emulator.faults import table
from tests.emulator.server import FalEmulator
from tests.emulator.state import EmulatorSettings


def main() -> None:
    arguments = _parser().parse_args()
    if arguments.faults:
        sys.stdout.write(table() + "\n")
        return
    settings = EmulatorSettings(**dict(map(_setting, arguments.set)))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if arguments.until_stdin_closes:
        threading.Thread(target=_wait_for_stdin, args=(ended,), daemon=True).start()
    emulator = FalEmulator(
        key=arguments.key, port=arguments.port, ledger_file=arguments.ledger, settings=settings
    )
    with emulator:
        sys.stdout.write(json.dumps(_addresses(emulator)) + "\n")
        sys.stdout.flush()
        ended.wait()


def _wait_for_stdin(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def _addresses(emulator: FalEmulator) -> dict[str, str | int]:
    return {
        "queue_url": emulator.queue_url,
        "platform_url": emulator.platform_url,
        "media_host": emulator.media_host,
        "elsewhere_host": emulator.elsewhere_host,
        "key": emulator.key,
        "pid": os.getpid(),
    }


def _setting(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    return name, json.loads(value)


def _parser() -> argparse.ArgumentParser:
    names = ", ".join(field.name for field in dataclasses.fields(EmulatorSettings))
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the queue; the others follow it")
    parser.add_argument("--ledger", type=Path, help="append one JSON line for each accepted submit")
    parser.add_argument("--key", default="test:key", help="the key that is accepted")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=JSON", help=f"a setting: {names}"
    )
    parser.add_argument("--until-stdin-closes", action="store_true")
    parser.add_argument("--faults", action="store_true", help="print the table of faults")
    return parser


if __name__ == "__main__":
    main()
