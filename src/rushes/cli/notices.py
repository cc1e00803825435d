"""`rushes notices`: what needs a person, and taking it off the list."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.cli.connection import Api
from rushes.cli.exit_codes import Exit
from rushes.cli.output import Document, Output


async def show_notices(
    api: Api, output: Output, dismissed: Sequence[str], *, everything: bool
) -> Exit:
    if everything:
        await api.post("/api/notices/dismiss")
    elif dismissed:
        await api.post("/api/notices/dismiss", {"ids": list(dismissed)})
    notices = await api.get("/api/notices")
    output.document(notices)
    for notice in notices["items"]:
        output.line(f"{MARK[notice['level']]} {notice['title']} ({notice['code']}, {notice['id']})")
        output.line(f"    {notice['detail']}")
        if notice["code"] in COMMANDS:
            output.line(f"    {COMMANDS[notice['code']]}")
    return Exit.DONE


async def mention_notices(api: Api, output: Output) -> None:
    """Say at the end of another command that something needs a person."""
    for notice in (await api.get("/api/notices"))["items"]:
        output.say(f"{MARK[notice['level']]} {notice['title']} See: rushes notices")


MARK = {"info": "·", "success": "✓", "warning": "!", "error": "✗"}
COMMANDS: Document = {
    "clips_unsaved": "rushes retry --all",
    "downloads_given_up": "rushes download --all",
    "clips_missing": "rushes download --all, or rushes relink ID FILE",
    "clips_expired": "rushes retry ID, or rushes relink ID FILE",
    "generations_unconfirmed": "rushes settle",
    "generations_failed": "rushes show ID",
}
