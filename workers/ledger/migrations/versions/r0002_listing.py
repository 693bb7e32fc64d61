"""A submitting command that is listing its folder says until when it is to be thought alive."""

from alembic import op
from sqlalchemy import Column, Float

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Jobs listed to the end need no such time; others are taken over at once."""
    op.add_column("job", Column("listing_until", Float, nullable=False, server_default="0"))
