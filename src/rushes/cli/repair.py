"""`rushes repair`: list the mends of a library and, when told, do them. Needs it for itself."""

from __future__ import annotations

from pathlib import Path

from rushes.cli.exit_codes import Exit
from rushes.cli.output import Document, Output
from rushes.doctor.finding import Finding
from rushes.doctor.mend import Mend, Outcome
from rushes.doctor.repair import Repair
from rushes.repair_shop import open_repair_shop
from rushes.server.schemas.problems import ProblemShape
from rushes.settings import load_settings


async def mend_library(
    output: Output, *, home: Path | None, rebuild: bool, adopt: bool, change: bool
) -> Exit:
    settings = load_settings(home)
    async with open_repair_shop(settings, rebuild=rebuild, change=change) as shop:
        if shop.damaged is not None:
            _say_damaged(output, shop.damaged, change=change)
        plan = await shop.repair.look(adopt=adopt)
        mends = [await _show(output, shop.repair, mend, change=change) for mend in plan.mends]
    for finding in plan.findings:
        _say_finding(output, finding)
    output.document(
        {
            "applied": change,
            "damaged": None if shop.damaged is None else str(shop.damaged),
            "mends": mends,
            "findings": [
                {"path": one.check, "message": one.message, "remedy": one.remedy}
                for one in plan.findings
            ],
        }
    )
    _sum_up(output, len(mends), change=change)
    return Exit.FAILED if any(one["problem"] for one in mends) else Exit.DONE


def _say_damaged(output: Output, damaged: Path, *, change: bool) -> None:
    if change:
        output.say(f"The damaged catalogue is kept as {damaged}; a new one is begun.")
    else:
        output.say(f"{damaged} is damaged. It would be put aside, and a new one begun.")


async def _show(output: Output, repair: Repair, mend: Mend, *, change: bool) -> Document:
    outcome = await repair.apply(mend) if change else None
    output.line(f"{_mark(outcome)} {mend.kind.value}  {mend.thing}  {mend.message}")
    problem = None if outcome is None else outcome.problem
    if problem is not None:
        output.say(f"    {problem}")
    return {
        "kind": mend.kind.value,
        "thing": mend.thing,
        "path": mend.path,
        "message": mend.message,
        "done": change and problem is None,
        "problem": None if problem is None else ProblemShape.of(problem).model_dump(mode="json"),
    }


def _mark(outcome: Outcome | None) -> str:
    if outcome is None:
        return "·"
    return "✓" if outcome.problem is None else "✗"


def _say_finding(output: Output, finding: Finding) -> None:
    output.line(f"! {finding.check}: {finding.message}")
    if finding.remedy:
        output.line(f"    {finding.remedy}")


def _sum_up(output: Output, number: int, *, change: bool) -> None:
    if not number:
        output.say("Nothing to mend.")
    elif not change:
        output.say(f"{number} to mend. Nothing was changed; --apply does what is listed.")
