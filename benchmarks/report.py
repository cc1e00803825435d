"""What the benchmarks found, as one plain table."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

HEADINGS = ("", "rushes", "compared", "ratio", "limit", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of ours, beside the same figure of what it is compared with."""

    name: str
    ours: float
    theirs: float | None
    """None where there is nothing to compare with."""
    unit: str
    limit: float | None = None
    """The most that our figure may be."""
    ratio_limit: float | None = None
    """The most that the ratio may be."""

    @property
    def ratio(self) -> float | None:
        """Ours to theirs: 1 is as good, 2 takes twice as much."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def is_over(self) -> bool:
        over = self.limit is not None and self.ours > self.limit
        ratio, most = self.ratio, self.ratio_limit
        return over or (ratio is not None and most is not None and ratio > most)


def medians(rounds: int, jobs: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median figure of each job. They take turns, so that all meet the same disturbances."""
    figures: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            figures[name].append(job())
    return {name: statistics.median(found) for name, found in figures.items()}


def table(rows: Iterable[Row]) -> str:
    lines = [HEADINGS, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    aligned = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return "  ".join(aligned).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        _figure(row.ours, row.unit),
        "" if row.theirs is None else _figure(row.theirs, row.unit),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        _limit(row),
        "over" if row.is_over else "",
    )


def _limit(row: Row) -> str:
    if row.limit is not None:
        return _figure(row.limit, row.unit)
    return "" if row.ratio_limit is None else f"{row.ratio_limit:.2f}"


def _figure(value: float, unit: str) -> str:
    if unit == "ms":
        return f"{value:.0f} ms"
    return f"{value:.0f} {unit}" if value >= 100 or unit == "MB" else f"{value:.2f} {unit}"
