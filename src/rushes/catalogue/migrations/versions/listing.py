"""Notes of an asset; the listing of the library with its search, filled after the migration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rushes.catalogue.column_types import Moment

revision = "0005"
down_revision = "0004"

# The index over the folded texts. It keeps no copy of them, so it has to be told what goes.
SEARCHED = "text, content='item_texts', content_rowid='n', tokenize='trigram'"
FORGET = "INSERT INTO item_search (item_search, rowid, text) VALUES ('delete', old.n, old.text);"
LEARN = "INSERT INTO item_search (rowid, text) VALUES (new.n, new.text);"
SEARCH = (
    f"CREATE VIRTUAL TABLE item_search USING fts5({SEARCHED})",
    f"CREATE TRIGGER item_texts_added AFTER INSERT ON item_texts BEGIN {LEARN} END",
    f"CREATE TRIGGER item_texts_removed AFTER DELETE ON item_texts BEGIN {FORGET} END",
    f"CREATE TRIGGER item_texts_changed AFTER UPDATE ON item_texts BEGIN {FORGET} {LEARN} END",
)


def upgrade() -> None:
    op.add_column(
        "assets", sa.Column("notes", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    _make_items()
    _make_texts()
    _make_tallies()


def _make_items() -> None:
    op.create_table(
        "items",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("shelf", sa.String(64), nullable=False),
        sa.Column("is_given_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("media_state", sa.String(64), nullable=True),
        sa.Column("model", sa.String(64), nullable=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("flag", sa.String(64), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("has_sound", sa.Boolean(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("shot", sa.String(32), nullable=False),
        sa.Column("asset_at", Moment(), nullable=True),
        sa.Column("asset_id", sa.String(32), nullable=True),
        sa.Column("generation_id", sa.String(32), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_items_project_id"),
        sa.PrimaryKeyConstraint("n", name="pk_items"),
        sa.UniqueConstraint("id", name="uq_items_id"),
        sa.UniqueConstraint("rank", name="uq_items_rank"),
        sa.UniqueConstraint("asset_id", name="uq_items_asset_id"),
    )
    shelf = ["project_id", "shelf"]
    op.create_index("ix_items_newest", "items", [*shelf, "rank"])
    op.create_index("ix_items_assets", "items", [*shelf, "asset_at", "asset_id"])
    op.create_index("ix_items_rating", "items", [*shelf, "rating", "rank"])
    op.create_index("ix_items_seconds", "items", [*shelf, "seconds", "rank"])
    op.create_index("ix_items_size", "items", [*shelf, "size", "rank"])
    op.create_index("ix_items_name", "items", [*shelf, "name", "rank"])
    op.create_index("ix_items_shot", "items", [*shelf, "shot", "rank"])
    op.create_index("ix_items_counting", "items", [*shelf, "is_given_up"])
    filtered = [*shelf, "is_given_up", "state", "model", "kind"]
    filtered += ["rating", "flag", "seconds", "has_sound", "created_at"]
    op.create_index("ix_items_filters", "items", filtered)


def _make_texts() -> None:
    op.create_table(
        "item_texts",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["n"], ["items.n"], name="fk_item_texts_n"),
        sa.PrimaryKeyConstraint("n", name="pk_item_texts"),
    )
    for statement in SEARCH:
        op.execute(statement)


def _make_tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("shelf", sa.String(64), nullable=False),
        sa.Column("is_given_up", sa.Boolean(), nullable=False),
        sa.Column("has_asset", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "project_id", "shelf", "is_given_up", "has_asset", "state", "model", name="pk_tallies"
        ),
    )
