"""What a campaign found: its figures, and every promise that was broken."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import pytest

SHORT_SEED = 1
"""Of the short forms in ``make test``: the same each time."""


@dataclass
class Outcome:
    name: str
    figures: dict[str, object] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """What could not be tried on this machine, and why."""

    def progress(self, done: int, times: int) -> None:
        """Tell each twentieth, so that a run that is stopped was not for nothing."""
        if done % max(1, times // 20) == 0:
            broken = f", {len(self.violations)} broken" if self.violations else ""
            sys.stderr.write(f"{self.name}: {done} of {times}{broken}\n")

    def text(self) -> str:
        lines = [f"{self.name}: {'BROKEN' if self.violations else 'kept'}"]
        lines += [f"  {name}: {value}" for name, value in self.figures.items()]
        lines += [f"  not tried: {name}: {why}" for name, why in self.skipped.items()]
        lines += [f"  BROKEN: {violation}" for violation in self.violations]
        return "\n".join(lines)

    def is_kept(self) -> bool:
        """For tests: every promise was kept; shown in full when not."""
        assert not self.violations, self.text()
        if reason := self.skipped.get("all"):
            pytest.skip(reason)
        return True
