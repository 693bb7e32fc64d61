"""The ledger's migrations, run by Alembic when a ledger is older than the code."""
