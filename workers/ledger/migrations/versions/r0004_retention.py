"""A job that is being removed is marked, and its corrections are found without a scan."""

from alembic import op
from sqlalchemy import Boolean, Column, false

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """No job is being removed."""
    op.add_column("job", Column("purged", Boolean, nullable=False, server_default=false()))
    op.create_index("correction_of", "correction", ["document_id", "page", "position"])
