"""What only a damaged catalogue or the journal of requests knows: found, said, and listed again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from rushes.catalogue.salvage import Remnants
from rushes.doctor.mend import Mend, MendKind
from rushes.domain.asset import Asset, Generated
from rushes.domain.generation import Generation, Planned, Submitting, Unconfirmed
from rushes.domain.project import Project
from rushes.store.request_journal import Journalled

LOST_NAME = "Recovered project"
LOST_FOLDER = "recovered"


@dataclass(frozen=True, slots=True)
class Remnant:
    """A generation with its asset, or an asset by itself, and the project of both."""

    project: Project
    generation: Generation | None
    asset: Asset | None


def with_journal(remnants: Remnants, journal: Iterable[Journalled]) -> Remnants:
    """Add the requests that were sent, and the ids that they were given, where they are lacking."""
    projects, generations = dict(remnants.projects), dict(remnants.generations)
    for one in journal:
        sent, known = one.generation, generations.get(one.generation.id)
        if known is None:
            projects.setdefault(one.project.id, one.project)
            generations[sent.id] = sent
        elif isinstance(known.state, Planned | Submitting | Unconfirmed) and sent.ticket:
            generations[sent.id] = replace(known, state=sent.state)
    return replace(remnants, projects=projects, generations=generations)


def plan_remnants(remnants: Remnants, known: Collection[str]) -> Iterator[Mend]:
    """``known`` are the ids of all that is listed, or is about to be."""
    for project in remnants.projects.values():
        if project.id not in known:
            message = f"No list holds the project {project.name!r}: list it."
            yield Mend(MendKind.LIST_PROJECT, project.id, "", message)
    for generation in remnants.generations.values():
        if generation.id not in known:
            yield Mend(MendKind.LIST_REMNANT, generation.id, "", _words_of(generation))
    for asset in remnants.assets.values():
        # What was generated comes with its generation: without, it has no history and no way back.
        if asset.id not in known and not isinstance(asset.origin, Generated):
            message = f"No list holds {asset.name!r}: list it."
            yield Mend(MendKind.LIST_REMNANT, asset.id, "", message)


def find(remnants: Remnants, thing: str) -> Remnant:
    """The generation or the asset of this id, with what belongs to it."""
    generation = remnants.generations.get(thing)
    asset = remnants.assets.get(thing if generation is None else str(generation.asset_id))
    known = generation or asset
    assert known is not None, "only what was planned is looked for"
    project = remnants.projects.get(known.project_id) or _lost_project(known, asset)
    return Remnant(project, generation, asset)


def _words_of(generation: Generation) -> str:
    ticket = generation.ticket
    request = "no request id" if ticket is None else f"request {ticket.request_id}"
    return (
        f"No list holds this generation: {generation.request.model}, {generation.state.name}, "
        f"{request}. List it: {generation.request.prompt}"
    )


def _lost_project(known: Generation | Asset, asset: Asset | None) -> Project:
    """The project itself could not be read: its things are listed all the same."""
    path = getattr(None if asset is None else asset.media, "path", None)
    folder = LOST_FOLDER if path is None else PurePosixPath(path).parent.name
    return Project(known.project_id, LOST_NAME, folder, known.created_at)
