"""List again what only a damaged catalogue knew. Nothing of it is ever sent again by itself.

A damaged catalogue may be older than what happened: what it calls planned may have been sent since.
So a request is taken up where it is safe: by its id, or else as one that may have been lost.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from rushes.catalogue import assets, generations
from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.provenance import ensure_project
from rushes.catalogue.salvage import Remnants
from rushes.catalogue.tables import assets as asset_table
from rushes.catalogue.tables import generations as generation_table
from rushes.catalogue.tables import projects as project_table
from rushes.domain.asset import Asset
from rushes.domain.errors import ConflictError
from rushes.domain.generation import (
    Delivered,
    Done,
    Generation,
    GenerationState,
    Planned,
    Saving,
    Step,
    Submitted,
    Submitting,
)
from rushes.domain.media_reference import InMemory, MediaReference, UnsavedMedia, storage_failed
from rushes.domain.project import Project


def list_thing(
    transaction: Transaction,
    project: Project,
    generation: Generation | None,
    asset: Asset | None,
    *,
    was_deleted: bool = False,
) -> None:
    """List a generation with its asset, or an asset by itself, with the ids that they had.

    ``was_deleted``: it has no asset because that was deleted, not because it was lost.

    Raises:
        ConflictError: one of them is listed, or its path or request belongs to another.
    """
    _check_unknown(transaction, generation, asset)
    ensure_project(transaction, project)
    if generation is not None:
        is_lost = asset is None and not (was_deleted and generation.is_ended)
        generations.insert(transaction, _taken_up(transaction, generation, is_asset_lost=is_lost))
    if asset is not None:
        media = _without_memory(asset)
        assets.insert(transaction, replace(asset, media=media))
        # Which tells what needs the person.
        assets.set_media(transaction, asset.id, media, before=media)


def known_of(connection: Connection, remnants: Remnants) -> set[str]:
    """Those ids of a damaged catalogue that are listed in this one."""
    columns = (
        (project_table.c.id, remnants.projects),
        (generation_table.c.id, remnants.generations),
        (asset_table.c.id, remnants.assets),
    )
    return {
        one
        for column, found in columns
        for one in connection.scalars(select(column))
        if one in found
    }


def _check_unknown(
    transaction: Transaction, generation: Generation | None, asset: Asset | None
) -> None:
    connection = transaction.connection
    if asset is not None:
        if assets.get_many(connection, [asset.id]):
            raise ConflictError(f"The asset {asset.id} is listed already.", id=asset.id)
        path = getattr(asset.media, "path", None)
        if path is not None and generations.is_path_reserved(connection, path):
            raise ConflictError(f"{path} belongs to another asset.", path=path)
    if generation is None:
        return
    if generations.get_many(connection, [generation.id]):
        raise ConflictError(f"The generation {generation.id} is listed already.", id=generation.id)
    ticket = generation.ticket
    if ticket is not None and generations.is_claimed(connection, ticket.request_id):
        raise ConflictError(f"Another generation holds the request {ticket.request_id!r}.")


def _taken_up(
    transaction: Transaction, generation: Generation, *, is_asset_lost: bool
) -> Generation:
    state: GenerationState = generation.state
    match state:
        case Planned():
            state = Submitting(generation.created_at)
        case Delivered() | Saving() | Done() if is_asset_lost:
            # Its asset could not be read: asked for the result again, it is listed anew.
            state = Submitted(state.ticket)
        case Saving() if generations.is_path_reserved(transaction.connection, state.path):
            state = Delivered(state.ticket, state.document)
    # How long it has taken already is counted from its steps.
    steps = generation.steps or (Step("asked", generation.created_at),)
    return replace(generation, state=state, steps=steps)


def _without_memory(asset: Asset) -> MediaReference:
    media = asset.media
    if isinstance(media, UnsavedMedia) and isinstance(media.held, InMemory):
        return storage_failed(media, media.failure, None)
    return media
