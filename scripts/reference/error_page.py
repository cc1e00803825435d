"""docs/reference/errors.md, from the error tree and the two tables at the edges."""

from __future__ import annotations

from collections.abc import Iterator

from rushes.cli.exit_codes import exit_of
from rushes.domain.errors import ProviderError, RushesError, all_errors
from rushes.server.problems import status_of
from scripts.reference.markdown import code, table, whole_page

INTRODUCTION = """\
Every error has a code that stays the same. Programs branch on the code and on nothing else.
"Can pass" says whether waiting and trying the same again can help. What an error observed this
time is in its `detail` and its `facts`. How errors are made is in
[the policy](../concepts/errors.md); what the exit codes mean is in
[the commands](cli.md#exit-codes)."""

OUTSIDE = """\
## Answers of the web server itself

A request that the web framework refuses by itself, such as a wrong method, is answered with the
code `http_` and the status, for example `http_405`."""

COLUMNS = ("code", "title", "remedy", "HTTP", "exit", "can pass")
CHARGED = "may have been charged"


def page() -> str:
    roots = [kind for kind in documented_errors() if kind.__base__ is RushesError]
    branches = [_branch(root, _below(root)) for root in roots]
    return whole_page(
        "Errors", INTRODUCTION, _branch(RushesError, iter([RushesError])), *branches, OUTSIDE
    )


def documented_errors() -> Iterator[type[RushesError]]:
    """The errors of the program, without those that a test may have made."""
    return (kind for kind in all_errors() if kind.__module__.startswith("rushes."))


def _branch(root: type[RushesError], kinds: Iterator[type[RushesError]]) -> str:
    is_provider = issubclass(root, ProviderError)
    columns = (*COLUMNS, CHARGED) if is_provider else COLUMNS
    return f"## {root.__name__}\n\n" + table(columns, (_row(kind) for kind in kinds))


def _below(root: type[RushesError]) -> Iterator[type[RushesError]]:
    return (kind for kind in documented_errors() if issubclass(kind, root))


def _row(kind: type[RushesError]) -> tuple[str, ...]:
    cells = (
        code(kind.code),
        kind.title(),
        kind.remedy,
        str(int(status_of(kind))),
        str(int(exit_of(kind))),
        _yes(is_so=kind.retryable),
    )
    if not issubclass(kind, ProviderError):
        return cells
    return (*cells, _yes(is_so=kind.may_have_been_charged))


def _yes(*, is_so: bool) -> str:
    return "yes" if is_so else "no"
