"""What a program asked of the system, in order: read from what ``strace`` wrote down.

A call has a beginning and an end, as lines of the trace: another thread may be in between.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WRITES = frozenset({"write", "pwrite64", "writev", "pwritev", "ftruncate", "sendfile"})
SENDS = frozenset({"write", "writev", "sendto", "sendmsg"})
SYNCS = frozenset({"fsync", "fdatasync"})
NAMES = frozenset({"link", "linkat", "rename", "renameat", "renameat2"})
CALLS = ",".join(sorted({*WRITES, *SENDS, *SYNCS, *NAMES, "openat"}))
LONGEST = 6000
"""Characters of a string that are written down: a page of the catalogue, and more."""

_BEGUN = re.compile(r"^(\d+) +(\w+)\((.*)$", re.DOTALL)
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$", re.DOTALL)
_UNFINISHED = "<unfinished ...>"
_RESULT = re.compile(r"= (-?\d+)(?:<[^>]*>)?(?: [A-Z]\w+ \(.*\))?(?: \(DELAYED\))?$")
_OPEN_FILE = re.compile(r"^\d+<([^>]*)>")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Call:
    name: str
    text: str
    """Its arguments, as they were written down."""
    began: int
    ended: int
    result: int
    thread: str = ""

    @property
    def file(self) -> str:
        """What the open file is that it is about; empty when it is about none."""
        found = _OPEN_FILE.match(self.text)
        return found.group(1) if found else ""

    @property
    def paths(self) -> list[str]:
        return _QUOTED.findall(self.text)


def why_not() -> str:
    """Why nothing can be traced here; empty when it can."""
    if sys.platform != "linux":
        return "system calls are traced on Linux only"
    return "" if shutil.which("strace") else "there is no strace on this machine"


def traced(command: Sequence[str], trace: Path, *injected: str) -> list[str]:
    """``injected``: what ``strace`` is to do to some of the calls."""
    # With the filter strace is quicker, and its signals do not arrive.
    quick = () if any("signal=" in one for one in injected) else ("--seccomp-bpf",)
    return [
        *("strace", "-f", "-y", *quick, "-s", str(LONGEST)),
        *("-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace)),
        *(option for one in injected for option in ("-e", f"inject={one}")),
        *command,
    ]


def read_trace(*traces: Path) -> list[Call]:
    """The calls of one program, or of several that ran one after another."""
    return parse(
        line for trace in traces for line in trace.read_text(errors="replace").splitlines()
    )


def parse(lines: Iterable[str]) -> list[Call]:
    """The calls that returned without an error, by their beginnings."""
    calls: list[Call] = []
    open_calls: dict[tuple[str, str], tuple[int, str]] = {}
    for number, line in enumerate(lines):
        if resumed := _RESUMED.match(line):
            pid, name, rest = resumed.groups()
            began, text = open_calls.pop((pid, name), (number, ""))
            _add(calls, name, text + rest, (began, number), pid)
        elif begun := _BEGUN.match(line):
            pid, name, text = begun.groups()
            if text.endswith(_UNFINISHED):
                open_calls[pid, name] = (number, text.removesuffix(_UNFINISHED))
            else:
                _add(calls, name, text, (number, number), pid)
    return sorted(calls, key=lambda call: call.began)


def _add(calls: list[Call], name: str, text: str, lines: tuple[int, int], thread: str) -> None:
    result = _RESULT.search(text)
    if result is not None and int(result.group(1)) >= 0:
        calls.append(Call(name, text, *lines, int(result.group(1)), thread))
