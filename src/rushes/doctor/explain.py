"""Why an asset or a generation cannot be seen or played: all that is known of one thing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.items import TRIES
from rushes.doctor.file_checks import check_bytes
from rushes.doctor.finding import Finding, Status
from rushes.doctor.play_checks import Player
from rushes.doctor.record_checks import UNCONFIRMED, is_stalled
from rushes.domain.asset import Asset
from rushes.domain.clock import Clock
from rushes.domain.errors import AssetNotFoundError, GenerationNotFoundError
from rushes.domain.generation import (
    Cancelled,
    Failed,
    Generation,
    Planned,
    Step,
    Unconfirmed,
)
from rushes.domain.media_reference import (
    ExpiredMedia,
    InSpool,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.problem import Failure
from rushes.domain.project import Project
from rushes.store.local_store import LocalStore
from rushes.store.spool import Spool
from rushes.store.storage_errors import storage_errors

LAST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Explanation:
    project: Project
    asset: Asset | None
    generation: Generation | None
    findings: list[Finding]
    steps: list[Step] = field(default_factory=list)
    """The last things that happened to its generation."""

    @property
    def is_listed(self) -> bool:
        """Whether a list without filters shows it, in its project."""
        return not any(one.code in HIDING for one in self.findings)

    @property
    def is_here(self) -> bool:
        """Whether its bytes are here, as they were saved."""
        return any(one.code in HERE for one in self.findings)


HIDING = frozenset({"project_trashed", "asset_trashed", "asset_withdrawn"})
HERE = frozenset({"file_as_saved", "held_in_spool"})


@dataclass(frozen=True, slots=True)
class Explainer:
    catalogue: Catalogue
    store: LocalStore
    spool: Spool
    clock: Clock
    keep_unsaved: bool
    driven: Callable[[], frozenset[str]]
    player: Player

    async def explain(self, thing: str) -> Explanation:
        """Raises AssetNotFoundError when neither an asset nor a generation has this id."""
        asset, generation = await self._find(thing)
        owner = asset or generation
        assert owner is not None, "one of the two was found"
        project = await self.catalogue.read(partial(projects.get, project_id=owner.project_id))
        findings = [_about_project(project)]
        if asset is not None:
            findings += self._about_lists(asset)
            findings += await self._about_bytes(asset)
            findings += await self.player.explain(asset)
        if generation is not None:
            findings += self._about_generation(generation)
        steps = [] if generation is None else list(generation.steps[-LAST_STEPS:])
        return Explanation(project, asset, generation, findings, steps)

    async def _find(self, thing: str) -> tuple[Asset | None, Generation | None]:
        try:
            generation = await self._generation(thing)
        except GenerationNotFoundError:
            try:
                asset = await self.catalogue.read(partial(assets.get, asset_id=thing))
            except AssetNotFoundError:
                raise AssetNotFoundError(
                    f"No asset and no generation has the id {thing!r}.", id=thing
                ) from None
            made_by = getattr(asset.origin, "generation_id", None)
            return asset, None if made_by is None else await self._known_generation(made_by)
        if generation.asset_id is None:
            return None, generation
        return (
            await self.catalogue.read(partial(assets.get, asset_id=generation.asset_id)),
            generation,
        )

    async def _known_generation(self, generation_id: str) -> Generation | None:
        try:
            return await self._generation(generation_id)
        except GenerationNotFoundError:
            return None  # the catalogue was made again from the files

    async def _generation(self, generation_id: str) -> Generation:
        return await self.catalogue.read(partial(generations.get, generation_id=generation_id))

    def _about_lists(self, asset: Asset) -> list[Finding]:
        """What keeps it out of every list; filters and search are the person's own."""
        if asset.trashed_at is not None:
            message = f"It was put into the trash on {asset.trashed_at:%Y-%m-%d %H:%M} UTC."
            remedy = "Take it out of the trash: `rushes trash` lists what is in it."
            return [_of(asset, "asset_trashed", Status.WARNING, message, remedy)]
        if self._is_withdrawn(asset):
            message = "It could not be saved, and RUSHES_KEEP_UNSAVED is false: no list shows it."
            remedy = f"`rushes retry {asset.id}` saves it and brings it back."
            return [_of(asset, "asset_withdrawn", Status.WARNING, message, remedy)]
        message = (
            f"Its project lists it as {asset.kind.value}, {asset.media.state.replace('_', '-')}, "
            f"rated {asset.rating}, {'not flagged' if asset.flag is None else asset.flag.value}. "
            "A list with a search or a filter that this does not fit leaves it out, and counts it."
        )
        return [_of(asset, "asset_listed", Status.OK, message)]

    def _is_withdrawn(self, asset: Asset) -> bool:
        media = asset.media
        return (
            not self.keep_unsaved
            and isinstance(media, UnsavedMedia)
            and media.failure.attempts >= TRIES
        )

    async def _about_bytes(self, asset: Asset) -> list[Finding]:
        match asset.media:
            case SavedMedia() as saved:
                return await self._about_file(asset, saved)
            case UnsavedMedia(held=InSpool(size, sha256), failure=failure):
                here = self.spool.path_of(asset.id, sha256)
                with storage_errors(here.parent):
                    there = await asyncio.to_thread(_has_size, here, size)
                message = f"It could not be saved. Its bytes wait in {here}."
                held = _of(asset, "held_in_spool", Status.WARNING, message, _retry(asset))
                lost = _of(
                    asset,
                    "spool_lost",
                    Status.PROBLEM,
                    f"It could not be saved, and {here} is not what was put there.",
                    f"{_retry(asset)} It is downloaded again.",
                )
                return [held if there else lost, _failure(asset.id, failure)]
            case UnsavedMedia(failure=failure):
                message = "It could not be saved. Its bytes wait in memory, and cannot be played."
                return [
                    _of(asset, "held_in_memory", Status.WARNING, message, _retry(asset)),
                    _failure(asset.id, failure),
                ]
            case UrlOnlyMedia(url, _, failure):
                message = f"Its bytes are at the provider only: {_without_query(url)}"
                remedy = f"`rushes download {asset.id}` brings them here."
                told = [] if failure is None else [_failure(asset.id, failure)]
                return [_of(asset, "media_url_only", Status.WARNING, message, remedy), *told]
            case ExpiredMedia(url, failure):
                message = f"The provider no longer has it at {_without_query(url)}"
                remedy = (
                    f"`rushes retry {asset.id}` asks once more; `rushes relink {asset.id} FILE` "
                    "takes a file of yours."
                )
                return [
                    _of(asset, "media_expired", Status.PROBLEM, message, remedy),
                    _failure(asset.id, failure),
                ]
            case MissingMedia() as missing:
                return await self._about_missing(asset, missing)

    async def _about_file(self, asset: Asset, saved: SavedMedia) -> list[Finding]:
        wrong = await check_bytes(asset, saved, self.store)
        if wrong:
            return wrong
        message = f"{self.store.local_path(saved.path)} holds exactly what was saved."
        seen = [_of(asset, "file_as_saved", Status.OK, message)]
        if asset.facts is None:
            message = "What is in the file has not been measured, so it is not played."
            remedy = "`rushes import FILE` takes this file as something of its own, measured."
            seen.append(_of(asset, "facts_unknown", Status.PROBLEM, message, remedy))
        return seen

    async def _about_missing(self, asset: Asset, missing: MissingMedia) -> list[Finding]:
        back = await asyncio.to_thread(self.store.exists, missing.path)
        there = "a file is there again" if back else "no file is there"
        message = f"It was saved at {missing.path}, and left the disk; now {there}."
        remedy = (
            "`rushes repair --apply` takes it back if it is the same."
            if back
            else f"Put the file back, or `rushes relink {asset.id} FILE`."
        )
        if not back and missing.url is not None:
            remedy += f" `rushes download {asset.id}` asks the provider for it."
        return [
            _of(asset, "media_missing", Status.PROBLEM, message, remedy),
            _failure(asset.id, missing.failure),
        ]

    def _about_generation(self, generation: Generation) -> list[Finding]:
        state, one = generation.state, generation.id
        at = f"{generation.updated_at:%Y-%m-%d %H:%M} UTC"
        match state:
            case Unconfirmed(since, failure):
                sent = f"{since:%Y-%m-%d %H:%M} UTC"
                message = f"It was sent at {sent}; it is not known if it was bought."
                return [
                    _made("generation_unconfirmed", Status.WARNING, one, message, UNCONFIRMED),
                    _failure(one, failure),
                ]
            case Failed(problem):
                message = f"It ended without a clip: {problem}"
                return [_made("generation_failed", Status.PROBLEM, one, message, problem.remedy)]
            case Cancelled():
                return [_made("generation_cancelled", Status.OK, one, f"It was cancelled, {at}.")]
        findings = [_made("generation_state", Status.OK, one, f"It is {state.name} since {at}.")]
        if isinstance(state, Planned) and state.failure is not None:
            findings.append(_failure(one, state.failure))
        if not generation.is_ended and one not in self.driven():
            message = "Nothing works on it now."
            remedy = "`rushes resume` goes on with it; so does the studio when it starts."
            findings.append(_made("generation_rests", Status.WARNING, one, message, remedy))
        if is_stalled(state.name, generation.updated_at, self.clock.now()):
            message = f"It has not moved since {at}: longer than the pauses in between explain."
            remedy = "Look at the last steps, and at what the doctor says of the provider."
            findings.append(_made("generation_stalled", Status.WARNING, one, message, remedy))
        return findings


def _about_project(project: Project) -> Finding:
    if project.trashed_at is not None:
        message = f"Its project {project.name!r} is in the trash, and everything in it."
        remedy = "Take the project out of the trash; nothing in it has been removed."
        return Finding("project", "project_trashed", Status.WARNING, message, remedy)
    message = f"It belongs to the project {project.name!r}."
    return Finding("project", "project_open", Status.OK, message)


def _of(asset: Asset, code: str, status: Status, message: str, remedy: str = "") -> Finding:
    return Finding("asset", code, status, message, remedy, ids=(asset.id,))


def _made(code: str, status: Status, one: str, message: str, remedy: str = "") -> Finding:
    return Finding("generation", code, status, message, remedy, ids=(one,))


def _failure(one: str, failure: Failure) -> Finding:
    """The last error, with when it was seen and how often it was tried."""
    at, problem = f"{failure.at:%Y-%m-%d %H:%M} UTC", failure.problem
    tries = "once" if failure.attempts == 1 else f"{failure.attempts} times"
    # A lost request that could not be looked up yet has not been tried at all.
    message = f"{problem} (tried {tries}, last {at})" if failure.attempts else f"{problem} ({at})"
    return Finding("last error", problem.code, Status.WARNING, message, problem.remedy, ids=(one,))


def _retry(asset: Asset) -> str:
    return f"`rushes retry {asset.id}` tries again at once."


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _without_query(url: str) -> str:
    """An address without what may be a signature in it."""
    return url.partition("?")[0]
