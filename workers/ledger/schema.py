"""The ledger's schema: made in a new ledger, brought up in an older one, refused in a newer one."""

from sqlalchemy import Connection, insert, inspect, select, text

from ocr import ServiceError
from workers.ledger.tables import job, metadata, schema_revision

# The newest revision in `migrations/versions`, which `tables` describes.
HEAD = "0007"
# The one of ledgers from before there were migrations.
_FIRST = "0001"
# An arbitrary number that processes changing the schema at the same time agree on.
_SCHEMA_LOCK = 0x666F726D


class LedgerNewer(ServiceError):
    """The ledger was brought up by a newer version of this program."""

    code = "ledger_newer"


def is_current(books: Connection) -> bool:
    """The ledger has the schema that this code knows; asked at every start, so by one look."""
    return _revision(books) == HEAD


def bring_up(books: Connection) -> None:
    """Make the tables, or change those of an older ledger; many processes may do so at once.

    Args:
        books: A write transaction; all is done in it, or nothing.

    Raises:
        LedgerNewer: The ledger's revision is none that this code knows.
    """
    if books.dialect.name == "postgresql":
        books.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
    revision = _revision(books)
    if revision == HEAD:
        return  # another process was faster
    if revision is None and not inspect(books).has_table(job.name):
        metadata.create_all(books)
        books.execute(insert(schema_revision).values(version_num=HEAD))
        return
    _upgrade(books, revision)


def _revision(books: Connection) -> str | None:
    if not inspect(books).has_table(schema_revision.name):
        return None
    return books.scalar(select(schema_revision.c.version_num))


def _upgrade(books: Connection, revision: str | None) -> None:
    from alembic import command  # noqa: PLC0415  # 0.3 s that only an upgrade takes
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"books": books})
    config.set_main_option("script_location", "workers.ledger:migrations")
    config.set_main_option("path_separator", "os")
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is None:
        command.stamp(config, _FIRST)
    elif revision not in known:
        raise LedgerNewer(
            f"the ledger has schema {revision}, this version of formdigits knows {HEAD}: a newer "
            "version has been here; install that one, or set FORMDIGITS_LEDGER_URL to another"
        )
    command.upgrade(config, "head")
