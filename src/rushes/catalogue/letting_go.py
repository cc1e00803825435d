"""What decides whether a saved file may be let go, and what has been."""

from __future__ import annotations

from sqlalchemy import Connection, select

from rushes.catalogue import asset_rows, assets, generations, projects
from rushes.catalogue.tables import assets as asset_table
from rushes.domain.asset import Asset
from rushes.domain.letting_go import Case
from rushes.domain.media_reference import MissingMedia, SavedMedia, UrlOnlyMedia


def case_of(connection: Connection, asset_id: str) -> Case:
    """Raises AssetNotFoundError."""
    asset = assets.get(connection, asset_id)
    generation_id = asset_rows.generation_of(asset)
    return Case(
        asset=asset,
        project=projects.get(connection, asset.project_id),
        generation=None if generation_id is None else generations.get(connection, generation_id),
        is_needed=generations.is_used_as_image(connection, asset_id),
    )


def let_go_before(connection: Connection) -> list[Asset]:
    """Those whose file was here and was let go, the trash included."""
    query = select(asset_table).where(
        asset_table.c.media_state == UrlOnlyMedia.state, asset_table.c.path.is_not(None)
    )
    return [asset_rows.asset(row) for row in connection.execute(query)]


def former_paths(connection: Connection) -> set[str]:
    """Where the files were that have been let go: their sidecars are still there."""
    here = (SavedMedia.state, MissingMedia.state)
    query = select(asset_table.c.path).where(
        asset_table.c.media_state.not_in(here), asset_table.c.path.is_not(None)
    )
    return {path for path in connection.scalars(query) if path is not None}
