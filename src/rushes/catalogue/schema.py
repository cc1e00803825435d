"""Bring a catalogue to this program's schema, or say why that cannot be done."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from rushes.catalogue import items
from rushes.domain.errors import CatalogueNewerError

NEWEST = "0008"
MIGRATIONS = Path(__file__).parent / "migrations"


def check(engine: Engine) -> str | None:
    """The schema that is there. Asked by a query, because loading Alembic takes longer than it.

    Raises:
        CatalogueNewerError: the catalogue has a schema that this program does not know.
    """
    with engine.connect() as connection:
        version = current(connection)
    if version is not None and version > NEWEST:
        raise CatalogueNewerError(
            f"Its schema is {version}; this program knows {NEWEST}.", found=version, known=NEWEST
        )
    return version


def upgrade(engine: Engine) -> None:
    with engine.begin() as connection:
        migrate(connection)
        items.rebuild(connection)


def current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
