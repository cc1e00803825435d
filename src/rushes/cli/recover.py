"""`rushes retry`, `download`, `relink` and `settle`: what a person asks for again. Never costs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rushes.cli.connection import Api
from rushes.cli.exit_codes import Exit, worst
from rushes.cli.following import assets_of, follow, in_words, outcome_of
from rushes.cli.output import Document, Output
from rushes.domain.errors import FileInputError, InvalidInputError


async def recover(
    api: Api, output: Output, what: str, ids: Sequence[str], *, everything: bool
) -> Exit:
    """Retry or download these assets, or everything that it can be done with."""
    if everything == bool(ids):
        raise InvalidInputError("Name assets by their ids, or say --all.", field="ID")
    if everything:
        items: list[Document] = (await api.post(f"/api/assets/{what}"))["items"]
    else:
        items = [await api.post(f"/api/assets/{asset_id}/{what}") for asset_id in ids]
    items = [await _to_the_end(api, what, item) for item in items]
    saved = sum(_is_safe(item) for item in items)
    output.document({"items": items, "saved": saved, "not_saved": len(items) - saved})
    for item in items:
        output.line(_line(item))
    output.say(f"{saved} of {len(items)} saved.")
    return worst(Exit.DONE if _is_safe(item) else Exit.NOT_SAVED for item in items)


async def _to_the_end(api: Api, what: str, item: Document) -> Document:
    """Wait on for what takes longer than an answer; ending now could end the download with us."""
    while item["under_way"]:
        item = await api.post(f"/api/assets/{item['asset_id']}/{what}")
    return item


async def relink(api: Api, output: Output, asset_id: str, file: Path, *, anyway: bool) -> Exit:
    try:
        result = await api.upload(
            f"/api/assets/{asset_id}/relink", file, field="file", anyway=anyway
        )
    except OSError as error:
        raise FileInputError(
            f"{file} cannot be read: {error.strerror}.", field="file", file=str(file)
        ) from error
    output.document(result)
    output.line(_line(result))
    return Exit.DONE if _is_safe(result) else Exit.NOT_SAVED


async def settle(api: Api, output: Output, ids: Sequence[str], *, give_up: bool) -> Exit:
    """Look generations up, or give them up; without ids all that are unconfirmed."""
    wanted = list(ids)
    if not wanted:
        lost = await api.every("/api/generations", state="unconfirmed")
        wanted = [generation["id"] for generation in lost]
    order = {"decision": "give_up" if give_up else "look"}
    settled = [await api.post(f"/api/generations/{one}/settle", order) for one in wanted]
    if not give_up:
        settled = await follow(api, output, wanted, until_sent=False)
    assets = await assets_of(api, settled)
    output.document({"generations": settled, "assets": list(assets.values())})
    for generation in settled:
        output.line(f"{generation['id']}  {in_words(generation)}")
        if generation["state"] == "unconfirmed":
            output.say(_choice(generation))
    if not settled:
        output.say("Nothing is unconfirmed.")
    if give_up:
        return Exit.DONE
    return worst(outcome_of(generation, assets) for generation in settled)


def _choice(generation: Document) -> str:
    """What the last look has shown, and what the person can do about it."""
    one, facts = generation["id"], generation["problem"]["facts"]
    error = facts.get("look_error")
    seen = NOT_SHOWN if error is None else UNREAD.format(error=error)
    waits = generation["attempts"] == 0 and facts.get("look_retryable", True)
    way_out = NOT_YET if waits else GIVE_UP.format(id=one)
    return f"{seen} {LOOK_AGAIN.format(id=one)}\n{way_out}\n{NOTHING_SENT}"


NOT_SHOWN = "The provider's list does not show it."
UNREAD = "It could not be looked up in the provider's list: {error}"
LOOK_AGAIN = "You can look again later: rushes settle {id}"
GIVE_UP = (
    "Or look at your usage in the provider's dashboard, and stop looking: "
    "rushes settle {id} --give-up"
)
NOT_YET = "It can be given up once that list could be read."
NOTHING_SENT = "Nothing is sent again by itself. Generating again is a new order, and costs."


def _is_safe(item: Document) -> bool:
    return item["state"] == "saved" and item["error"] is None


def _line(item: Document) -> str:
    line = f"{item['asset_id']}  {item['state']}"
    error = item["error"]
    return line if error is None else f"{line}: {error['message']} {error['remedy']}".rstrip()
