"""A library of an earlier Rushes opens with everything in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from rushes.catalogue import listing, projects, schema
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.listing import Filter, Sort
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


async def test_what_an_earlier_library_held_is_listed_and_found(tmp_path: Path) -> None:
    """Its rows come from a program that knew nothing of the listing."""
    path = tmp_path / "catalogue.sqlite"
    make_first_library(path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for number, state in enumerate(("done", "failed", "queued")):
            connection.execute(text(GENERATION), {"id": f"g{number}", "state": state, "at": number})
        connection.execute(text(ASSET), {"id": "a0", "made_by": "g0", "name": "AI: Ärger", "at": 7})
        connection.execute(text(ASSET), {"id": "a1", "made_by": None, "name": "rain", "at": 8})
    engine.dispose()
    catalogue = await Catalogue.open(path)
    try:
        found = {
            words: await catalogue.read(lambda c, words=words: found_by(c, words))
            for words in ("", "heron", "äRGER", "rain.mov", "nothing")
        }
        facets = await catalogue.read(lambda c: listing.facets(c, "p", keep_unsaved=True))
    finally:
        await catalogue.close()
    assert found == {
        "": ["a1", "g2", "g1", "g0"],
        "heron": ["g2", "g1", "g0"],
        "äRGER": ["g0"],
        "rain.mov": ["a1"],
        "nothing": [],
    }
    assert facets.states == {"failed": 1, "saved": 2, "waiting": 1}


def found_by(connection: Connection, words: str) -> list[str]:
    page = listing.page(
        connection, Filter(text=words), sort=Sort.NEWEST, by_shot=False, start=0, limit=10
    )
    return [item.id for item in page.items]


PROBLEM = json.dumps(
    {"code": "x", "title": "", "detail": "", "remedy": "", "retryable": False, "facts": {}}
)
GENERATION = f"""INSERT INTO generations (id, project_id, model, task, prompt, shot, settings,
endpoint, estimate_low, estimate_high, take_number, state, request_id, links, document, problem,
created_at, updated_at) VALUES (:id, 'p', 'animatic', 'text-to-video', 'a heron', 'x', '{{}}', 'e',
'0', '0', 1, :state, :id, '{{}}', '{{}}', '{PROBLEM.replace(":", chr(92) + ":")}', :at, 0)"""
ASSET = """INSERT INTO assets (id, project_id, generation_id, name, kind, take_number, origin,
model, prompt, file_name, media_state, path, size, sha256, rating, created_at) VALUES (:id, 'p',
:made_by, :name, 'video', 1, iif(:made_by IS NULL, 'imported', 'generated'), 'animatic',
'a heron', iif(:made_by IS NULL, 'rain.mov', NULL), 'saved', :id, 1, '', 0, :at)"""
