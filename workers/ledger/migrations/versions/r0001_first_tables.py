"""The first ledger: jobs, documents, pages, readings, corrections.

Ledgers that were made before there were migrations have these tables and no revision; `schema`
enters this one for them. New ledgers are made from `tables` at once, so nothing is created here.
"""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: these tables are there."""
