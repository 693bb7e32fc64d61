"""The door to the ledger: an engine for SQLite or PostgreSQL, and transactions on it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from ocr import ServiceError
from workers.ledger.schema import bring_up, is_current

# How long a writer waits for another: far above the milliseconds that a page's result takes.
LEDGER_WAIT_S = 30


# A server that vanished without a word is given up after this long instead of hours, so that the
# worker connects anew when it is back (postgresql.org, libpq: "Parameter Key Words").
_POSTGRESQL_PATIENCE = {
    "connect_timeout": 10,  # s, as the next two
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": LEDGER_WAIT_S * 1000,  # ms
}


class LedgerError(ServiceError):
    """The ledger is out of reach, locked or full."""


class Ledger:
    """Transactions on the ledger; safe to share between threads, not across a fork."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block.

        Raises:
            LedgerError: The ledger is out of reach, locked or full.
        """
        with self._named_errors(), self._engine.begin() as books:
            yield books

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look that holds up no writer.

        Raises:
            LedgerError: The ledger is out of reach.
        """
        with self._named_errors(), self._engine.connect() as books:
            yield books.execution_options(only_reads=True)

    def close(self) -> None:
        """Close the idle connections."""
        self._engine.dispose()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _unreachable(self._engine.url.render_as_string(), str(error.orig)) from error


@cache
def open_ledger(url: str) -> Ledger:
    """The ledger at `url`, its tables made or brought up when need be; one per process and URL.

    Raises:
        LedgerError: It is out of reach, or its driver is not installed.
        LedgerNewer: A newer version of this program has brought it up.
    """
    ledger = Ledger(_engine(url))
    try:
        _bring_up(ledger)
    except BaseException:
        ledger.close()
        raise
    return ledger


def _bring_up(ledger: Ledger) -> None:
    """Take the write lock only if there is something to change."""
    with ledger.read() as books:
        current = is_current(books)
    if not current:
        with ledger.write() as books:
            bring_up(books)


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.drivername in {"postgres", "postgresql"}:
            address = address.set(drivername="postgresql+psycopg")
        engine = _create_engine(address)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise _unreachable(url, str(error)) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_engine(address: URL) -> Engine:
    if address.get_backend_name() == "sqlite":
        return create_engine(address)
    return create_engine(address, pool_pre_ping=True, connect_args=_POSTGRESQL_PATIENCE)


def _set_up_sqlite(connection: object, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # BEGIN is ours, see below
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute(f"PRAGMA busy_timeout = {LEDGER_WAIT_S * 1000}")
    _write_ahead(cursor)
    # A process killed at any moment loses nothing; a power cut may lose the last results, whole
    # transactions, and the pages are read again (sqlite.org/pragma.html#pragma_synchronous).
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Use WAL: readers and the writer do not wait for each other.

    Of processes that switch a new ledger at once SQLite refuses some at once, whatever its busy
    timeout.
    """
    deadline = time.monotonic() + LEDGER_WAIT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # also its extended codes
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _begin_sqlite(books: Connection) -> None:
    """Take the write lock at once: a reader that turns writer fails without waiting otherwise."""
    deferred = books.get_execution_options().get("only_reads")
    books.exec_driver_sql("BEGIN DEFERRED" if deferred else "BEGIN IMMEDIATE")


def _unreachable(url: str, fact: str) -> LedgerError:
    place = url.rpartition("@")[2]  # without a password
    first_line = fact.strip().splitlines()[0] if fact.strip() else "no answer"
    return LedgerError(
        f"the ledger {place} cannot be used: {first_line}; "
        'check FORMDIGITS_LEDGER_URL, "formdigits doctor" helps'
    )
