"""Jobs have a priority, and a document's twins are found by their content."""

from alembic import op
from sqlalchemy import Column, String

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What was submitted before is bulk work."""
    op.add_column("job", Column("priority", String, nullable=False, server_default="bulk"))
    op.create_index("document_content", "document", ["job_id", "sha256"])
