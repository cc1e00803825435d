"""Each asset says whether the sidecar beside its file is behind; for older assets it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "assets",
        sa.Column("sidecar_owed", sa.Boolean(), nullable=False, server_default=sa.text("1")),
    )
    op.create_index(
        "ix_assets_sidecar_owed", "assets", ["created_at"], sqlite_where=sa.text("sidecar_owed")
    )
