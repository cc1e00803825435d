"""`rushes resume`: finish whatever was in flight, then exit."""

from __future__ import annotations

from rushes.cli.connection import Api
from rushes.cli.exit_codes import Exit, worst
from rushes.cli.output import Document, Output

OPEN_STATES = (
    "planned",
    "submitting",
    "submitted",
    "queued",
    "running",
    "delivered",
    "saving",
    "unconfirmed",
)


async def resume(api: Api, output: Output) -> Exit:
    if api.studio is None:
        output.say("The studio is open and goes on by itself.")
    else:
        number = await api.studio.pipeline.resume()
        output.say(f"{number} to finish.")
        await api.studio.pipeline.until_quiet()
    left = await api.every("/api/generations", state=OPEN_STATES)
    output.document({"unfinished": left})
    for generation in left:
        output.line(f"{generation['id']}  {generation['state']}  {generation['model']}")
    return worst(_outcome(generation) for generation in left)


def _outcome(generation: Document) -> Exit:
    match generation["state"]:
        case "unconfirmed":
            return Exit.UNCONFIRMED
        case "delivered" | "saving":
            return Exit.NOT_SAVED
        case _:
            return Exit.FAILED
