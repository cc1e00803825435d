"""The tables of the catalogue. A change here needs a migration; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from rushes.catalogue.column_types import ExactFraction, Moment, Money

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(32)
WORD = String(64)

projects = Table(
    "projects",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folder", Text, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("trashed_at", Moment),
    Column("keep", WORD, nullable=False, server_default="files"),
    Column("may_let_go", Boolean, nullable=False, server_default=text("0")),
)

generations = Table(
    "generations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False),
    Column("model", WORD, nullable=False),
    Column("task", WORD, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("shot", String(64), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("image", ID),
    Column("end_image", ID),
    Column("endpoint", Text, nullable=False),
    Column("estimate_low", Money, nullable=False),
    Column("estimate_high", Money, nullable=False),
    Column("take_number", Integer, nullable=False),
    Column("state", WORD, nullable=False),
    Column("request_id", Text, unique=True),
    Column("links", JSON, nullable=False),
    Column("since", Moment),
    Column("queue_position", Integer),
    Column("progress", Float),
    Column("document", Text),
    Column("save_path", Text, unique=True),
    Column("save_sha256", String(64)),
    Column("problem", JSON),
    Column("problem_at", Moment),
    Column("problem_attempts", Integer),
    Column("received", BigInteger),
    Column("total", BigInteger),
    Column("billed_units", Money),
    Column("unit_price", Money),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_generations_listing", "project_id", "created_at", "id"),
    Index("ix_generations_state", "state"),
    Index("ix_generations_shot", "project_id", "shot"),
)

orders = Table(
    "orders",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False),
    Column("asked", String(64), nullable=False),
    Column("generations", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""Orders by the id that whoever asked gave them, so that one sent twice is done once."""

steps = Table(
    "steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("generation_id", ID, ForeignKey("generations.id"), nullable=False, index=True),
    Column("name", WORD, nullable=False),
    Column("at", Moment, nullable=False),
    Column("detail", Text, nullable=False),
)

assets = Table(
    "assets",
    metadata,
    Column("id", ID, primary_key=True),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False),
    Column("generation_id", ID, ForeignKey("generations.id"), unique=True),
    Column("name", Text, nullable=False),
    Column("kind", WORD, nullable=False),
    Column("take_number", Integer, nullable=False),
    Column("origin", WORD, nullable=False),
    Column("model", WORD),
    Column("prompt", Text),
    Column("file_name", Text),
    Column("frame_of", ID),
    Column("frame_number", Integer),
    Column("frame_of_sha256", String(64)),
    Column("media_state", WORD, nullable=False),
    Column("path", Text, unique=True),
    Column("url", Text),
    Column("size", BigInteger),
    Column("sha256", String(64)),
    Column("held", WORD),
    Column("expires_at", Moment),
    Column("problem", JSON),
    Column("problem_at", Moment),
    Column("problem_attempts", Integer),
    Column("container", WORD),
    Column("content_type", WORD),
    Column("duration", ExactFraction),
    Column("width", Integer),
    Column("height", Integer),
    Column("fps", ExactFraction),
    Column("frames", Integer),
    Column("video_codec", WORD),
    Column("audio_codec", WORD),
    Column("rating", Integer, nullable=False),
    Column("flag", WORD),
    Column("notes", Text, nullable=False, server_default=text("''")),
    Column("created_at", Moment, nullable=False),
    Column("trashed_at", Moment),
    Column("sidecar_owed", Boolean, nullable=False, server_default=text("1")),
    Index("ix_assets_sidecar_owed", "created_at", sqlite_where=text("sidecar_owed")),
    Index("ix_assets_frame_of", "frame_of", "frame_number"),
    Index("ix_assets_listing", "project_id", "created_at", "id"),
    Index("ix_assets_media_state", "media_state"),
)

# All that a filter looks at, so that counting what fits reads no rows.
FILTERED = (
    *("project_id", "shelf", "is_given_up", "state", "model", "kind"),
    *("rating", "flag", "seconds", "has_sound", "created_at"),
)

items = Table(
    "items",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", ID, nullable=False, unique=True),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False),
    Column("shelf", WORD, nullable=False),
    Column("is_given_up", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("rank", BigInteger, nullable=False, unique=True),
    Column("state", WORD, nullable=False),
    Column("media_state", WORD),
    Column("model", WORD),
    Column("kind", WORD, nullable=False),
    Column("rating", Integer, nullable=False),
    Column("flag", WORD),
    Column("seconds", Float),
    Column("has_sound", Boolean),
    Column("size", BigInteger),
    Column("shot", ID, nullable=False),
    Column("asset_at", Moment),
    Column("asset_id", ID, unique=True),
    Column("generation_id", ID),
    Column("name", Text, nullable=False),
    Index("ix_items_newest", "project_id", "shelf", "rank"),
    Index("ix_items_assets", "project_id", "shelf", "asset_at", "asset_id"),
    Index("ix_items_rating", "project_id", "shelf", "rating", "rank"),
    Index("ix_items_seconds", "project_id", "shelf", "seconds", "rank"),
    Index("ix_items_size", "project_id", "shelf", "size", "rank"),
    Index("ix_items_name", "project_id", "shelf", "name", "rank"),
    Index("ix_items_shot", "project_id", "shelf", "shot", "rank"),
    Index("ix_items_counting", "project_id", "shelf", "is_given_up"),
    Index("ix_items_filters", *FILTERED),
)
"""The listing: one narrow row for each thing that the library lists, made from the wide ones.

Its rank is its age, made unique: of two of one moment the later is the newer.
"""

item_texts = Table(
    "item_texts",
    metadata,
    Column("n", Integer, ForeignKey("items.n"), primary_key=True),
    Column("text", Text, nullable=False),
)
"""What is searched, folded."""

tallies = Table(
    "tallies",
    metadata,
    Column("project_id", ID, primary_key=True),
    Column("shelf", WORD, primary_key=True),
    Column("is_given_up", Boolean, primary_key=True),
    Column("has_asset", Boolean, primary_key=True),
    Column("state", WORD, primary_key=True),
    Column("model", WORD, primary_key=True),
    Column("number", Integer, nullable=False),
)
"""How many items there are of each sort, so that nothing is counted to say it."""

notices = Table(
    "notices",
    metadata,
    Column("id", ID, primary_key=True),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False),
    Column("code", WORD, nullable=False),
    Column("title", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("level", WORD, nullable=False),
    Column("things", Integer, nullable=False),
    Column("action", JSON),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("dismissed_at", Moment),
    Index("ix_notices_open", "project_id", "code"),
)

concerned = Table(
    "concerned",
    metadata,
    Column("thing", ID, primary_key=True),
    Column("code", WORD, primary_key=True),
    Column("notice_id", ID, ForeignKey("notices.id"), nullable=False, index=True),
)
"""Which asset or generation a notice is about, as long as its cause lasts."""
