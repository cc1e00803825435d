"""A library of an earlier Rushes opens with everything in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from rushes.catalogue import projects, schema
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.project import Keep

FIRST = "0001"


def make_first_library(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        connection.execute(
            text("INSERT INTO projects (id, name, folder, created_at) VALUES ('p', 'P', 'P', 0)")
        )
    engine.dispose()


async def test_a_project_of_the_first_library_keeps_files(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    make_first_library(path)
    catalogue = await Catalogue.open(path)
    try:
        project = await catalogue.read(lambda connection: projects.get(connection, "p"))
        version = await catalogue.read(schema.current)
    finally:
        await catalogue.close()
    assert (project.name, project.keep) == ("P", Keep.FILES)
    assert project.created_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert version == schema.NEWEST
