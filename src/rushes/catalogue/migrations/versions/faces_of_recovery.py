"""Notices by project with their count and their things; what a project keeps of its clips."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rushes.catalogue.column_types import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "projects", sa.Column("keep", sa.String(64), nullable=False, server_default="files")
    )
    # Nothing has ever been written to the first table of notices.
    op.drop_table("notices")
    op.create_table(
        "notices",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("level", sa.String(64), nullable=False),
        sa.Column("things", sa.Integer(), nullable=False),
        sa.Column("action", sa.JSON(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("dismissed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_notices_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_open", "notices", ["project_id", "code"])
    op.create_table(
        "concerned",
        sa.Column("thing", sa.String(32), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("notice_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_concerned_notice_id")),
        sa.PrimaryKeyConstraint("thing", "code", name=op.f("pk_concerned")),
    )
    op.create_index("ix_concerned_notice_id", "concerned", ["notice_id"])
