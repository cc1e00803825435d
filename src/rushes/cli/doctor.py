"""`rushes doctor`: what is found, and why one thing cannot be seen or played."""

from __future__ import annotations

from collections.abc import Iterable

from rushes.cli.connection import Api
from rushes.cli.exit_codes import Exit
from rushes.cli.look import chart
from rushes.cli.output import Document, Output
from rushes.store.local_store import in_words

MARK = {"ok": "✓", "warning": "!", "problem": "✗", "unknown": "?"}
LEADERS = ("problem", "warning", "unknown")


async def examine(api: Api, output: Output, *, thorough: bool) -> Exit:
    report = await api.get("/api/doctor", thorough=thorough)
    findings = report["findings"]
    if thorough:
        findings += await _read_files(api, output)
    status = _worst(findings)
    output.document(report | {"status": status, "findings": findings})
    _show(output, findings)
    output.say(_summary(findings))
    return Exit.FAILED if status == "problem" else Exit.DONE


async def explain(api: Api, output: Output, thing: str) -> Exit:
    found = await api.get(f"/api/doctor/assets/{thing}")
    output.document(found)
    asset, generation = found["asset"], found["generation"]
    name = asset["name"] if asset is not None else generation["prompt"]
    listed = "is listed" if found["listed"] and asset is not None else "is not listed"
    if asset is None and generation is not None:
        listed = "has no clip here"
    here = "are here" if found["here"] else "are not here, or not as they were saved"
    output.line(f"{name}: it {listed}, and its bytes {here}.")
    _show(output, found["findings"])
    if generation is not None:
        chart(output, generation["steps"])
    return Exit.FAILED if _worst(found["findings"]) == "problem" else Exit.DONE


async def _read_files(api: Api, output: Output) -> list[Document]:
    """Every saved file, stretch by stretch, with how far it is."""
    findings: list[Document] = []
    files = size = 0
    cursor: str | None = ""
    while cursor is not None:
        stretch = await api.get("/api/doctor/files", cursor=cursor)
        files, size = files + stretch["files"], size + stretch["size"]
        findings += stretch["findings"]
        cursor = stretch["next_cursor"]
        output.say(
            f"{files:,} of {stretch['files_in_all']:,} files read again, "
            f"{in_words(size)} of {in_words(stretch['size_in_all'])}."
        )
    if findings:
        return findings
    message = f"All that was saved is as it was saved: {files:,} read again."
    return [
        {
            "check": "bytes",
            "code": "files_as_saved",
            "status": "ok",
            "message": message,
            "remedy": "",
            "ids": [],
            "paths": [],
        }
    ]


def _show(output: Output, findings: Iterable[Document]) -> None:
    for finding in findings:
        output.line(f"{MARK[finding['status']]} {finding['check']}: {finding['message']}")
        if finding["remedy"]:
            output.line(f"    {finding['remedy']}")


def _worst(findings: Iterable[Document]) -> str:
    found = {finding["status"] for finding in findings}
    return next((status for status in LEADERS if status in found), "ok")


def _summary(findings: Iterable[Document]) -> str:
    statuses = [finding["status"] for finding in findings]
    counts = {status: statuses.count(status) for status in LEADERS}
    said = [f"{number} {_plural(name, number)}" for name, number in counts.items() if number]
    return f"{', '.join(said)}." if said else "Nothing is wrong."


def _plural(name: str, number: int) -> str:
    return name if number == 1 or name == "unknown" else f"{name}s"
