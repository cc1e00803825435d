"""Pictures taken out of a video, and what one of the provider's units cost when it was ordered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rushes.catalogue.column_types import Money

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("assets", sa.Column("frame_of", sa.String(length=32), nullable=True))
    op.add_column("assets", sa.Column("frame_number", sa.Integer(), nullable=True))
    op.add_column("assets", sa.Column("frame_of_sha256", sa.String(length=64), nullable=True))
    op.create_index("ix_assets_frame_of", "assets", ["frame_of", "frame_number"])
    op.add_column("generations", sa.Column("unit_price", Money(), nullable=True))
