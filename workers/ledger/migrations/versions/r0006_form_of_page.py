"""Each page tells the form that it was read with, as a job may have several."""

from alembic import op
from sqlalchemy import Column, String

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Pages read before have the only form that their job had."""
    op.add_column("page", Column("form", String, nullable=False, server_default=""))
    op.execute(
        "UPDATE page SET form = (SELECT form_name FROM job WHERE job.id = page.job_id)"
        " WHERE state IN ('done', 'error')"
    )
