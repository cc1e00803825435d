"""Every fault of the emulator, alone and in random pairs, all under way at once in one studio."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from rushes.domain.asset import Asset
from rushes.domain.generation import Failed, Generation, Queued, Running, Saving, Unconfirmed
from rushes.domain.media_reference import UrlOnlyMedia
from rushes.pipeline.looks import failed_looks
from rushes.studio import Studio
from tests.campaigns.outcome import Outcome
from tests.campaigns.promises import Library, all_broken, read_library
from tests.emulator import FalEmulator
from tests.emulator.faults import FAULTS
from tests.studios import MODEL, QUICK, ask, studio_for

LOST = "submit-reply-lost"
"""Without it the provider's list of requests is never asked."""
ATTEMPTS = 4
"""Failed downloads after which a clip may stay where it is: it is tried on for ever. The same of
looks at the provider's list.
"""
UNREADABLE = "[fault:list-500]"
QUIET_SECONDS = 300
SUBMIT_TIMEOUT = 2
SETTLE_SECONDS = 6
CASES_IN_A_SECOND = 10
SAVED = "saved"
ENDS = {
    "submit-lost": "unconfirmed",
    "submit-500-json": "unconfirmed",
    "submit-503-json": "unconfirmed",
    "submit-502-unbought": "unconfirmed",
    "submit-redirect": "unconfirmed",
    "submit-401": "provider_key_refused",
    "submit-403-locked": "provider_account_locked",
    "submit-404": "provider_model_gone",
    "submit-422": "provider_rejected",
    "stuck-in-queue": "queued",
    "stuck-running": "running",
    "status-gone": "provider_result_gone",
    "result-422-content": "provider_content_refused",
    "result-422-content-billed": "provider_content_refused",
    "result-422-validation": "provider_rejected",
    "result-500-model": "provider_generation_failed",
    "result-504": "provider_generation_failed",
    "result-404-path": "provider_rejected",
    "result-500-crash": "provider_generation_failed",
    "result-gone": "provider_result_gone",
    "result-garbage": "provider_result_unreadable",
    f"list-empty {LOST}": "unconfirmed",
    f"list-500 {LOST}": "unconfirmed",
    "media-403": "expired",
    "media-404": "expired",
    "media-410": "expired",
    "media-html": "url_only",
    "media-short": "url_only",
    "media-long": "url_only",
    "media-truncated": "url_only",
    "media-random": "url_only",
    "media-zip": "url_only",
    "media-empty": "url_only",
    "media-redirect-elsewhere": "url_only",
    "media-redirect-loop": "url_only",
}
"""How each ends alone. Whatever is not named here must end with the whole clip saved."""
NOT_HERE = frozenset({"stuck-in-queue", "stuck-running"})
"""Never end, so that pairs with them say nothing."""
OTHER_MODEL = "ltx-2.3-pro"
"""For what makes the whole list of its model unreadable."""
NAMES = re.compile(r"\[fault:([a-z0-9-]+(?:\*\d+)?)")
OTHERWISE_OFTEN = ("status-gone*1", "media-moved*3", "media-429-now*3", "status-429-now*3")
"""Faults that strike as often as they are told here, besides as often as they do by themselves."""
ALONE = frozenset({"media-once"})
"""Whatever makes a clip come twice ends another way with it: it is gone by then."""


def singles() -> list[tuple[str, ...]]:
    each = [(name, LOST) if name.startswith("list-") else (name,) for name in FAULTS]
    return [*each, *((name,) for name in OTHERWISE_OFTEN)]


def pairs(times: int, seed: int) -> list[tuple[str, ...]]:
    usable = [name for name in (*FAULTS, *OTHERWISE_OFTEN) if name not in NOT_HERE | ALONE]
    every = list(itertools.combinations(usable, 2))
    chosen = random.Random(seed).sample(every, min(times, len(every)))
    return [(*pair, LOST) if any(n.startswith("list-") for n in pair) else pair for pair in chosen]


def run(times: int, seed: int) -> Outcome:
    outcome = Outcome("network")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rushes-network-") as folder, FalEmulator() as fal:
        fal.settings.clip_seconds = 1
        fal.settings.slow_seconds = SUBMIT_TIMEOUT + 1
        fal.settings.big_bytes = 8 * 2**20
        home = Path(folder) / "library"
        cases = singles() + pairs(times, seed)
        answered = asyncio.run(_all_at_once(home, fal, cases, outcome))
        library = asyncio.run(read_library(home))
        outcome.violations += all_broken(library, fal, answered=answered)
        outcome.violations += _unexpected(library)
        elsewhere = [seen for seen in fal.seen if seen.host == "elsewhere"]
        outcome.violations += [f"{seen.path} was asked of a host elsewhere" for seen in elsewhere]
        outcome.figures = {
            "seed": seed,
            "faults alone": len(singles()),
            "pairs": len(cases) - len(singles()),
            "bought": len(fal.ledger),
            "ends": dict(Counter(map(end_of, *_with_assets(library)))),
            "seconds": round(time.monotonic() - began),
        }
    return outcome


async def _all_at_once(
    home: Path, fal: FalEmulator, cases: list[tuple[str, ...]], outcome: Outcome
) -> list[str]:
    # A lost request is looked for until all others have had their turn.
    pace = replace(QUICK, settle_for=SETTLE_SECONDS + len(cases) / CASES_IN_A_SECOND)
    async with studio_for(home, fal, pace=pace, submit_timeout=SUBMIT_TIMEOUT) as studio:
        [(project, _)] = await studio.projects.list_all()
        answered = []
        for number, faults in enumerate(cases):
            marks = "".join(f"[fault:{name}]" for name in dict.fromkeys(faults))
            model = OTHER_MODEL if "list-500" in faults else MODEL
            wanted = ask(f"Case {number} {marks}", model)
            planned = await studio.pipeline.generate(project.id, wanted)
            answered += [one.id for one in planned]
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                while moving := [one for one in answered if await _moves(studio, one)]:
                    await asyncio.sleep(0.2)
        except TimeoutError:
            for one in moving:
                outcome.violations.append(f"does not come to rest: {await _look(studio, one)}")
        return answered


async def _moves(studio: Studio, generation_id: str) -> bool:
    """Whether something new may still come of it."""
    if generation_id not in studio.pipeline._driver.driven:
        return False
    generation, asset = await _look(studio, generation_id)
    match generation.state:
        case Queued() | Running():
            return NOT_HERE.isdisjoint(NAMES.findall(generation.request.prompt))
        case Unconfirmed(failure=failure) if UNREADABLE in generation.request.prompt:
            # It is looked for until the list can be read.
            return failed_looks(failure) < ATTEMPTS
        case Saving() if asset is not None and isinstance(asset.media, UrlOnlyMedia):
            failure = asset.media.failure
            return failure is None or failure.attempts < ATTEMPTS
        case _:
            return True


async def _look(studio: Studio, generation_id: str) -> tuple[Generation, Asset | None]:
    generation = await studio.generations.get(generation_id)
    if generation.asset_id is None:
        return generation, None
    return generation, await studio.assets.get(generation.asset_id)


def end_of(generation: Generation, asset: Asset | None) -> str:
    """In one word: where the bytes are, or why there are none."""
    if asset is not None:
        return asset.media.state
    if isinstance(generation.state, Failed):
        return generation.state.problem.code
    return generation.state.name


def _with_assets(library: Library) -> tuple[tuple[Generation, ...], list[Asset | None]]:
    assets = library.by_generation
    return library.generations, [assets.get(one.id) for one in library.generations]


def _unexpected(library: Library) -> list[str]:
    """Alone each fault has one end. Of two, the clip is saved when each alone lets it be."""
    broken = []
    for generation, asset in zip(*_with_assets(library), strict=True):
        names = NAMES.findall(generation.request.prompt)
        ends = {_end_alone(name) for name in names if name != LOST or names == [LOST]}
        is_alone = len(names) == 1 or (len(names) == 2 and names[0].startswith("list-"))
        found = end_of(generation, asset)
        if is_alone or ends == {SAVED}:
            expected = ends.pop()
            if found != expected:
                broken.append(f"{generation.request.prompt}: {found}, not {expected}")
    return broken


def _end_alone(name: str) -> str:
    return ENDS.get(name, ENDS.get(f"{name} {LOST}", SAVED))
