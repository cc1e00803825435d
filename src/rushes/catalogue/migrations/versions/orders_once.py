"""Orders by the id that whoever asked gave them, so that one sent twice is done once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rushes.catalogue.column_types import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("generations", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_orders_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
