"""What is known of a saved file, gathered for its sidecar, and listed again from one.

A row says itself whether its sidecar is behind: every change of an asset marks it in the same
transaction, and the mark goes once the sidecar that says so is on the disk.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, func, select, update

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.tables import assets as asset_table
from rushes.catalogue.tables import generations as generation_table
from rushes.catalogue.tables import projects as project_table
from rushes.domain.asset import Asset, Generated
from rushes.domain.errors import ConflictError, GenerationNotFoundError, ProjectNotFoundError
from rushes.domain.generation import Generation
from rushes.domain.media_reference import MissingMedia, SavedMedia
from rushes.domain.project import Project
from rushes.domain.provenance import Provenance

OWED = (asset_table.c.sidecar_owed, asset_table.c.media_state == SavedMedia.state)


def of_asset(connection: Connection, asset_id: str) -> Provenance:
    """All that is known of an asset. Raises AssetNotFoundError."""
    return _of(connection, assets.get(connection, asset_id))


def owed(connection: Connection, limit: int) -> list[str]:
    """The ids of saved assets whose sidecar is behind, newest first."""
    newest_first = asset_table.c.created_at.desc()
    query = select(asset_table.c.id).where(*OWED).order_by(newest_first).limit(limit)
    return list(connection.scalars(query))


def note_written(transaction: Transaction, written: Provenance) -> None:
    """Take the mark off, unless something has changed since this was gathered."""
    if of_asset(transaction.connection, written.asset.id) == written:
        # Nobody who watches assets needs to hear of it.
        transaction.connection.execute(
            update(asset_table)
            .where(asset_table.c.id == written.asset.id)
            .values(sidecar_owed=False)
        )


def list_again(transaction: Transaction, provenance: Provenance) -> None:
    """List a file with the ids that it had. What the catalogue knows already stays as it is.

    Raises:
        ConflictError: one of the ids, the path or the provider's request belongs to another asset.
    """
    connection, asset = transaction.connection, provenance.asset
    media = asset.media
    assert isinstance(media, SavedMedia | MissingMedia), "a sidecar speaks of a file"
    if assets.get_many(connection, [asset.id]):
        raise ConflictError(f"An asset with the id {asset.id} is listed already.", id=asset.id)
    _check_path(connection, media.path, provenance.generation)
    ensure_project(transaction, provenance.project)
    _ensure_generation(transaction, provenance)
    assets.insert(transaction, asset)
    if isinstance(media, MissingMedia):
        assets.set_media(transaction, asset.id, media, before=media)  # which tells the person
        return
    note_written(transaction, provenance)


def _of(connection: Connection, asset: Asset) -> Provenance:
    project = projects.get(connection, asset.project_id)
    if not isinstance(asset.origin, Generated):
        return Provenance(project, asset, None)
    return Provenance(project, asset, generations.get(connection, asset.origin.generation_id))


def _check_path(connection: Connection, path: str, generation: Generation | None) -> None:
    others = select(generation_table.c.id).where(generation_table.c.save_path == path)
    if generation is not None:
        others = others.where(generation_table.c.id != generation.id)
    for query in (others, select(asset_table.c.id).where(asset_table.c.path == path)):
        if connection.execute(query).first() is not None:
            raise ConflictError(f"{path} belongs to another asset.", path=path)


def ensure_project(transaction: Transaction, project: Project) -> None:
    """List a project with the id that it had, unless it is there."""
    connection = transaction.connection
    try:
        projects.get(connection, project.id)
    except ProjectNotFoundError:
        taken = select(project_table.c.id).where(
            func.lower(project_table.c.folder) == project.folder.lower()
        )
        if connection.execute(taken).first() is not None:
            folder = projects.free_folder(connection, project.folder)
            project = replace(project, folder=folder)
        projects.insert(transaction, project)


def _ensure_generation(transaction: Transaction, provenance: Provenance) -> None:
    connection, generation = transaction.connection, provenance.generation
    if generation is None:
        return
    try:
        known = generations.get(connection, generation.id)
    except GenerationNotFoundError:
        ticket = generation.ticket
        if ticket is not None and generations.is_claimed(connection, ticket.request_id):
            raise ConflictError(
                f"Another generation holds the request {ticket.request_id!r}."
            ) from None
        generations.insert(transaction, generation)
        return
    if known.asset_id is not None or known.project_id != provenance.project.id:
        raise ConflictError(f"The generation {generation.id} made another asset.", id=generation.id)
