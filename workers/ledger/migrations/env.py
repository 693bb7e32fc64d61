"""What Alembic runs for an upgrade: on the caller's connection, in the caller's transaction."""

from alembic import context

# Both databases take changes of tables back with the rest of a transaction, so that an upgrade
# that is killed half-way leaves the ledger as it was. Alembic assumes it of PostgreSQL only.
context.configure(connection=context.config.attributes["books"], transactional_ddl=True)
context.run_migrations()
