"""The doctor of a library that cannot be opened: why, and all that can be looked at without it."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.doctor.checks import Surroundings, make
from rushes.doctor.explain import Explanation
from rushes.doctor.file_checks import Reading
from rushes.doctor.finding import Finding, Status
from rushes.domain.errors import RushesError


@dataclass(frozen=True, slots=True)
class Unopened:
    surroundings: Surroundings
    reason: RushesError

    async def examine(self, *, thorough: bool = False) -> list[Finding]:  # noqa: ARG002  # no files
        """What is wrong with it first."""
        problem = self.reason.problem
        why = Finding("library", problem.code, Status.PROBLEM, str(problem), problem.remedy)
        return [why, *await make([*self.surroundings.before(), *self.surroundings.after()])]

    async def read_again(self, after: str) -> Reading:  # noqa: ARG002  # there is nothing to go on
        """No file can be read, and that is said."""
        message = "No saved file was read again: the library cannot be opened."
        finding = Finding("bytes", "files_not_read", Status.UNKNOWN, message)
        return Reading(0, 0, 0, 0, [finding], None)

    async def explain(self, thing: str) -> Explanation:  # noqa: ARG002  # nothing is known of it
        """Raises why the library cannot be opened."""
        raise self.reason
