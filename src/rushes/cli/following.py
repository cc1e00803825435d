"""Follow generations at a terminal: say each change once, and stop when waiting does not help."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from rushes.cli.connection import Api
from rushes.cli.exit_codes import Exit
from rushes.cli.output import Document, Output

LOOK_EVERY = 0.25
LOOKS = 3
"""Looks at the provider's list, also failed ones, that a terminal waits for; Rushes goes on."""
PATIENCE = 4
"""Failed downloads in a row after which a terminal stops waiting; Rushes itself goes on."""
ENDED = frozenset({"done", "failed", "cancelled"})


@dataclass(slots=True)
class _Seen:
    """What was last said of each generation, so that nothing is said twice."""

    lines: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)
    """When saving had failed before we looked for the first time: that try is not ours."""

    def remember(self, assets: dict[str, Document]) -> None:
        errors = {name: asset["media"]["error"] for name, asset in assets.items()}
        self.earlier = {name: error["at"] for name, error in errors.items() if error is not None}

    def is_earlier(self, name: str, asset: Document) -> bool:
        error = asset["media"]["error"]
        return bool(error["retryable"] and self.earlier.get(name) == error["at"])

    def say(self, output: Output, generation: Document, asset: Document | None) -> None:
        line = f"{generation['model']}  {in_words(generation)}"
        error = asset["media"]["error"] if asset is not None else None
        if error is not None:
            line += f"; {error['message']} (tried {error['attempts']} times)"
        if self.lines.get(generation["id"]) != line:
            self.lines[generation["id"]] = line
            output.say(line)


async def follow(api: Api, output: Output, ids: list[str], *, until_sent: bool) -> list[Document]:
    seen: _Seen | None = None
    while True:
        generations = [await api.get(f"/api/generations/{one}") for one in ids]
        assets = await assets_of(api, generations)
        if seen is None:
            seen = _Seen()
            seen.remember(assets)
        for generation in generations:
            seen.say(output, generation, assets.get(generation["id"]))
        if all(_is_over(one, assets, seen, until_sent=until_sent) for one in generations):
            return generations
        await asyncio.sleep(LOOK_EVERY)


def _is_over(
    generation: Document, assets: dict[str, Document], seen: _Seen, *, until_sent: bool
) -> bool:
    state = generation["state"]
    if state in ENDED:
        return True
    if state == "unconfirmed":
        failed = generation["problem"]["facts"].get("failed_looks", 0)
        return bool(generation["attempts"] + failed >= LOOKS)
    if until_sent:
        return state not in {"planned", "submitting"}
    asset = assets.get(generation["id"])
    return asset is not None and _needs_a_person(generation["id"], asset, seen)


def _needs_a_person(name: str, asset: Document, seen: _Seen) -> bool:
    """Our disk fails, or the download does again and again: waiting at a terminal does not help."""
    state, error = asset["media"]["state"], asset["media"]["error"]
    if error is None or seen.is_earlier(name, asset):
        return False
    return state == "unsaved" or not error["retryable"] or error["attempts"] >= PATIENCE


async def assets_of(api: Api, generations: Iterable[Document]) -> dict[str, Document]:
    return {
        generation["id"]: await api.get(f"/api/assets/{generation['asset_id']}")
        for generation in generations
        if generation["asset_id"] is not None
    }


def outcome_of(generation: Document, assets: dict[str, Document]) -> Exit:
    match generation["state"]:
        case "failed":
            return Exit.REFUSED
        case "cancelled":
            return Exit.FAILED
        case "unconfirmed":
            return Exit.UNCONFIRMED
    asset = assets.get(generation["id"])
    if asset is None:
        return Exit.DONE
    is_safe = asset["media"]["state"] == "saved" or asset["media"]["error"] is None
    return Exit.DONE if is_safe else Exit.NOT_SAVED


def in_words(generation: Document) -> str:
    match generation:
        case {"state": "queued", "queue_position": int(position)}:
            return f"queued, {position} ahead"
        case {"state": "running", "progress": float(progress)}:
            return f"running, {progress:.0%}"
        case {"state": "saving", "transfer": {"received": received, "total": total}}:
            of = f" of {total:,}" if total else ""
            return f"saving, {received:,}{of} bytes"
        case {"state": state, "problem": {"title": title, "detail": detail}}:
            return f"{state}: {title} {detail}".rstrip()
        case _:
            return str(generation["state"])
