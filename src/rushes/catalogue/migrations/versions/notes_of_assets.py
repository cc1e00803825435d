"""Notes that a person writes about an asset."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "assets", sa.Column("notes", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
