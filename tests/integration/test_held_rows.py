"""A catalogue from before bytes were held: what was unsaved then has no bytes here."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from rushes.catalogue import assets
from rushes.catalogue.catalogue import Catalogue
from rushes.catalogue.schema import MIGRATIONS
from rushes.domain.media_reference import UrlOnlyMedia

ROW = {
    "id": "a",
    "project_id": "p",
    "name": "heron",
    "kind": "video",
    "take_number": 1,
    "origin": "imported",
    "file_name": "heron.mp4",
    "media_state": "unsaved",
    "url": "https://v3.fal.media/files/clip.mp4",
    "problem": '{"code": "disk_full", "title": "", "detail": "", "remedy": "", "retryable": true,'
    ' "facts": {}}',
    "problem_at": 0,
    "problem_attempts": 2,
    "rating": 0,
    "created_at": 0,
}


async def test_what_an_older_program_called_unsaved_is_url_only_with_the_same_error(
    tmp_path: Path,
) -> None:
    path = tmp_path / "catalogue.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text("INSERT INTO projects (id, name, folder, created_at) VALUES ('p', 'p', 'p', 0)")
        )
        names = ", ".join(ROW)
        values = ", ".join(f":{name}" for name in ROW)
        connection.execute(text(f"INSERT INTO assets ({names}) VALUES ({values})"), ROW)
    engine.dispose()
    catalogue = await Catalogue.open(path)
    try:
        asset = await catalogue.read(lambda connection: assets.get(connection, "a"))
    finally:
        await catalogue.close()
    assert isinstance(asset.media, UrlOnlyMedia)
    assert asset.media.failure is not None
    assert (asset.media.failure.problem.code, asset.media.failure.attempts) == ("disk_full", 2)
