"""`rushes trash`: what lies there, put there, taken back, and deleted for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import typer

from rushes.cli.connection import Api
from rushes.cli.exit_codes import Exit
from rushes.cli.output import Document, Output
from rushes.domain.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed."""

    add: Sequence[str]
    restore: Sequence[str]
    empty: bool
    yes: bool


async def trash(api: Api, output: Output, wish: Wish) -> Exit:
    if wish.empty and (wish.add or wish.restore):
        raise InvalidInputError("Empty it by itself, without ids.", field="--empty")
    for asset_id in wish.add:
        await api.patch(f"/api/assets/{asset_id}", {"trashed": True})
    for asset_id in wish.restore:
        await api.patch(f"/api/assets/{asset_id}", {"trashed": False})
    if wish.empty:
        return await _empty(api, output, sure=wish.yes)
    items = await api.every("/api/assets", trashed=True)
    output.document({"items": items, "total": len(items)})
    output.table(("id", "state", "name", "file"), [_row(asset) for asset in items])
    return Exit.DONE


def _row(asset: Document) -> tuple[str, str, str, str]:
    media = asset["media"]
    return asset["id"], media["state"], asset["name"], media["path"]


async def _empty(api: Api, output: Output, *, sure: bool) -> Exit:
    number = (await api.get("/api/assets", trashed=True, limit=1))["total"]
    if not sure:
        _ask(output, number)
    result = await api.post("/api/trash/empty")
    output.document(result)
    output.line(f"{result['removed']} deleted, {result['freed']:,} bytes.")
    for kept in result["kept"]:
        output.say(f"{kept['asset_id']} stays: {kept['problem']['detail']}")
    return Exit.FAILED if result["kept"] else Exit.DONE


def _ask(output: Output, number: int) -> None:
    """A program that is not asked by a person has to say --yes."""
    if output.as_json or not output.is_watched:
        raise InvalidInputError(
            f"{number} would be deleted for good.", field="--yes", remedy="Say --yes as well."
        )
    typer.confirm(f"Delete {number} for good, with their files?", abort=True, err=True)
