"""Workers are known by their canaries, and say which jobs they cannot read."""

from alembic import op
from sqlalchemy import Column, Float, ForeignKey, Integer, String

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Workers enter themselves when they start."""
    op.create_table(
        "worker",
        Column("id", String, primary_key=True),
        Column("host", String, nullable=False),
        Column("pid", Integer, nullable=False),
        Column("heard", Float, nullable=False),
        Column("patience_s", Float, nullable=False),
    )
    op.create_table(
        "refusal",
        Column("worker_id", String, ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True),
        Column("job_id", String, ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
        Column("reason", String, nullable=False),
        Column("tried", Float, nullable=False),
    )
