"""Where the bytes of an unsaved asset are held.

Until now they were thrown away: what is unsaved has no bytes here, and becomes url-only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("assets", sa.Column("held", sa.String(length=64), nullable=True))
    op.execute("UPDATE assets SET media_state = 'url_only' WHERE media_state = 'unsaved'")
