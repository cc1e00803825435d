"""Whether saved files of a project may be let go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "projects",
        sa.Column("may_let_go", sa.Boolean(), nullable=False, server_default=sa.text("0")),
    )
