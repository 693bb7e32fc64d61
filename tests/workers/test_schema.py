"""The ledger's schema: new ledgers, older ones that are brought up, newer ones that are refused."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, inspect

from workers.ledger import LedgerNewer, migrations, open_ledger, schema
from workers.ledger.tables import metadata, schema_revision

# The tables as they were before there were migrations, with a job of two pages, one of them read.
FIRST = Path(__file__).with_name("first_ledger.sql")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path):
    """An empty database."""
    open_ledger.cache_clear()
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        return
    address = request.getfixturevalue("postgresql_url")
    yield address
    with engine_of(address).begin() as books:
        for table in inspect(books).get_table_names():
            books.exec_driver_sql(f"DROP TABLE {table} CASCADE")
    open_ledger.cache_clear()


def engine_of(url: str):
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)


def fill(url: str, statements: str) -> None:
    if url.startswith("sqlite"):
        statements = statements.replace("SERIAL", "INTEGER").replace('COLLATE "C"', "")
    with engine_of(url).begin() as books:
        for statement in statements.split(";\n"):
            if statement.strip():
                books.exec_driver_sql(statement)


def revision(url: str) -> str | None:
    with engine_of(url).connect() as books:
        return books.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def differences(url: str) -> list[object]:
    """What Alembic would change to make the database equal to `tables`."""
    mine = {"include_object": lambda item, name, *_: name != schema_revision.name}
    with engine_of(url).connect() as books:
        return list(compare_metadata(MigrationContext.configure(books, opts=mine), metadata))


def test_the_code_knows_the_newest_migration():
    scripts = ScriptDirectory(Path(migrations.__file__).parent)
    assert scripts.get_heads() == [schema.HEAD]


def test_a_new_ledger_has_the_newest_schema(url):
    open_ledger(url).close()
    assert revision(url) == schema.HEAD
    assert differences(url) == []


def test_a_ledger_from_before_migrations_is_adopted_with_its_rows(url):
    fill(url, FIRST.read_text())
    ledger = open_ledger(url)
    assert revision(url) == schema.HEAD
    assert differences(url) == []
    with ledger.read() as books:
        pages = books.exec_driver_sql("SELECT state FROM page ORDER BY document_id").scalars().all()
        assert pages == ["done", "queued"]
        forms = books.exec_driver_sql("SELECT form FROM page ORDER BY document_id").scalars().all()
        assert forms == [books.exec_driver_sql("SELECT form_name FROM job").scalar(), ""]
        assert books.exec_driver_sql("SELECT value FROM reading").scalars().all() == ["4711"]
    ledger.close()


def test_a_ledger_newer_than_the_code_is_refused_and_left_alone(url):
    open_ledger(url).close()
    fill(url, "UPDATE alembic_version SET version_num = '9999'")
    open_ledger.cache_clear()
    with pytest.raises(LedgerNewer, match=r"schema 9999.*install that one") as caught:
        open_ledger(url)
    assert (caught.value.code, caught.value.exit_code) == ("ledger_newer", 6)
    assert revision(url) == "9999"


def test_an_upgrade_that_fails_leaves_the_ledger_as_it_was(url, monkeypatch):
    fill(url, FIRST.read_text())
    monkeypatch.setattr(schema, "_upgrade", upgrade_and_fail(schema._upgrade))
    with pytest.raises(ZeroDivisionError):
        open_ledger(url)
    with engine_of(url).connect() as books:
        assert schema_revision.name not in inspect(books).get_table_names()
    monkeypatch.undo()
    open_ledger(url).close()
    assert revision(url) == schema.HEAD


def upgrade_and_fail(upgrade):
    def call(books, found):
        upgrade(books, found)
        raise ZeroDivisionError

    return call


def test_processes_that_start_at_once_bring_an_older_ledger_up_once(url):
    fill(url, FIRST.read_text())
    start = f"from workers.ledger import open_ledger; open_ledger({url!r})"
    commands = [
        subprocess.Popen([sys.executable, "-c", start], stderr=subprocess.PIPE) for _ in range(4)
    ]
    for command in commands:
        _, said = command.communicate()
        assert command.returncode == 0, said.decode()
    assert differences(url) == []


def test_a_ledger_that_another_process_writes_for_the_first_time_is_waited_for(tmp_path):
    path = tmp_path / "ledger.sqlite"
    books = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    books.execute("BEGIN IMMEDIATE")  # SQLite refuses to switch to WAL now, without waiting
    released = threading.Timer(0.3, books.execute, ["ROLLBACK"])
    released.start()
    open_ledger(f"sqlite:///{path}").close()
    released.join()
    books.close()
    assert differences(f"sqlite:///{path}") == []


def test_sqlite_readers_do_not_hold_up_a_writer(tmp_path):
    open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}").close()
    with sqlite3.connect(tmp_path / "ledger.sqlite") as books:
        assert books.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    books.close()


def test_a_ledger_that_is_up_is_opened_without_its_write_lock(tmp_path):
    path = tmp_path / "ledger.sqlite"
    open_ledger(f"sqlite:///{path}").close()
    open_ledger.cache_clear()
    with sqlite3.connect(path, isolation_level=None) as books:
        books.execute("BEGIN IMMEDIATE")
        open_ledger(f"sqlite:///{path}").close()
        books.execute("ROLLBACK")
    books.close()
