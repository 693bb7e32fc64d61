"""A job's rate is kept in its own row; counting its last minute's pages grew with their number."""

from alembic import op
from sqlalchemy import Column, Float, Integer

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Running jobs get their marks when the next page is leased."""
    for name in ("progressed", "pace_since", "mark_since"):
        op.add_column("job", Column(name, Float))
    for name in ("pace_done", "mark_done"):
        op.add_column("job", Column(name, Integer, nullable=False, server_default="0"))
    op.drop_index("page_rate", table_name="page")
