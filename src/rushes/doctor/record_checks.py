"""What the catalogue says: is it sound, what is not saved, what has not moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from rushes.catalogue import census, integrity
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.census import Unfinished
from rushes.doctor.finding import Finding, Status
from rushes.doctor.wording import counted, first, several
from rushes.domain.clock import Clock
from rushes.domain.errors import CatalogueCorruptError
from rushes.domain.generation import (
    Delivered,
    Planned,
    Queued,
    Running,
    Saving,
    Submitted,
    Submitting,
    Unconfirmed,
)

REMEDY: Mapping[str, str] = {
    "unsaved": "Make room or mend the disk; `rushes retry --all` tries again at once.",
    "url_only": "`rushes download --all` brings them here now.",
    "expired": "`rushes retry ID` asks once more; `rushes relink ID FILE` takes a file of yours.",
    "missing": "Put the files back and run `rushes repair --apply`, or `rushes download --all`.",
}
WHY = "`rushes doctor --asset ID` says more about one."
UNCONFIRMED = "Look at your requests at the provider. Nothing is sent again by itself."

EXPLAINED: Mapping[str, timedelta] = {
    Planned.name: timedelta(minutes=5),
    Submitting.name: timedelta(minutes=11),  # the longest submit that can be set, and its margin
    Submitted.name: timedelta(minutes=30),
    Queued.name: timedelta(hours=1),
    Running.name: timedelta(minutes=30),
    Delivered.name: timedelta(minutes=5),
    Saving.name: timedelta(minutes=15),
    Unconfirmed.name: timedelta(hours=1),  # it is looked for half an hour, more and more slowly
}
"""How long each state lasts at most when all goes well: the pauses between two looks are a minute
or two, so what is older has not been moved by them.
"""
STALLED = "`rushes doctor --asset ID` says why; `rushes resume` goes on with all."
LEDGER_CLOCK = timedelta(minutes=1)


async def check_catalogue(catalogue: Catalogue, *, thorough: bool) -> list[Finding]:
    faults = await catalogue.read(partial(integrity.complaints, thorough=thorough))
    if faults:
        message = f"SQLite finds {several(len(faults), 'fault', 'faults')}, first: {faults[0]}"
        remedy = CatalogueCorruptError.remedy
        return [Finding("catalogue", "catalogue_corrupt", Status.PROBLEM, message, remedy)]
    how = "and each index agrees with its table" if thorough else "at a quick look"
    message = f"SQLite finds no fault in the catalogue, {how}."
    return [Finding("catalogue", "catalogue_sound", Status.OK, message)]


async def check_clock(catalogue: Catalogue, clock: Clock) -> list[Finding]:
    """A clock that went back would list what is new below what is old."""
    newest, now = await catalogue.read(census.newest_moment), clock.now()
    if newest is None or newest <= now + LEDGER_CLOCK:
        message = f"It is {_moment(now)}, and nothing in the library is from later."
        return [Finding("clock", "clock_goes_on", Status.OK, message)]
    message = f"It is {_moment(now)}, and the library holds something from {_moment(newest)}."
    return [
        Finding("clock", "clock_went_back", Status.WARNING, message, "Set this machine's clock.")
    ]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


async def check_media(catalogue: Catalogue) -> list[Finding]:
    saved = await catalogue.read(census.count_saved)
    findings = [Finding("media", "media_saved", Status.OK, f"{saved:,} saved.")]
    by_state = await catalogue.read(census.ids_by_media_state)
    for state, ids in sorted(by_state.items()):
        message = f"{counted(ids)} {state.replace('_', '-')}."
        remedy = f"{REMEDY[state]} {WHY}"
        findings.append(
            Finding("media", f"media_{state}", Status.WARNING, message, remedy, ids=first(ids))
        )
    return findings


async def check_generations(
    catalogue: Catalogue, clock: Clock, driven: frozenset[str]
) -> list[Finding]:
    found = await catalogue.read(census.unfinished)
    unconfirmed = [one.id for one in found if one.state == Unconfirmed.name]
    under_way = [one for one in found if one.state != Unconfirmed.name]
    findings = [_under_way(under_way, driven)]
    if unconfirmed:
        message = f"{counted(unconfirmed)} unconfirmed: it is not known if they were bought."
        findings.append(
            Finding(
                "generations",
                "generations_unconfirmed",
                Status.WARNING,
                message,
                UNCONFIRMED,
                ids=first(unconfirmed),
            )
        )
    stalled = [one for one in found if is_stalled(one.state, one.updated_at, clock.now())]
    return [*findings, *_stalled(stalled)]


def is_stalled(state: str, updated_at: datetime, now: datetime) -> bool:
    """Whether it has not moved for longer than the pauses of the pipeline explain."""
    return state in EXPLAINED and now - updated_at > EXPLAINED[state]


def _under_way(found: Sequence[Unfinished], driven: frozenset[str]) -> Finding:
    ids = [one.id for one in found]
    waiting = [one for one in ids if one not in driven]
    message = f"{counted(ids)} unfinished."
    if not waiting:
        return Finding("generations", "generations", Status.OK, message, ids=first(ids))
    message += f" Nothing works on {counted(waiting)} of them now."
    remedy = "`rushes resume` goes on with them; so does the studio when it starts."
    code = "generations_resting"
    return Finding("generations", code, Status.WARNING, message, remedy, ids=first(waiting))


def _stalled(stalled: Sequence[Unfinished]) -> list[Finding]:
    if not stalled:
        return []
    ids = [one.id for one in stalled]
    oldest = min(one.updated_at for one in stalled)
    message = f"{counted(ids)} have not moved for long, the oldest since {_moment(oldest)}."
    code = "generations_stalled"
    return [Finding("generations", code, Status.WARNING, message, STALLED, ids=first(ids))]
