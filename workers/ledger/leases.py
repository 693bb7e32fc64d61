"""Leases: pages in work, each in the hands of one worker for as long as it renews them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    false,
    select,
    update,
)

from ocr import DocumentError, PageCrashed
from workers.ledger import pace
from workers.ledger.pages import PageKey, is_one_of, is_page
from workers.ledger.results import record_error
from workers.ledger.tables import PageState, document, job, page

# Three starts tell a page that ends its process from one that shared a process or a machine with
# such a page, or with a power cut.
MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Lease:
    """What a worker needs to read a page it has leased.

    Attributes:
        job: The job's id.
        folder: The job's folder.
        form: The job's form or forms as JSON.
        model: Version of the model.
        path: The document's path below the folder.
        opened: The document's pages were counted before.
    """

    job: str
    folder: str
    form: str
    model: str
    path: str
    opened: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A lease as it stands in the ledger.

    Attributes:
        key: The page.
        worker: Who has it.
        begun: When it was taken.
        until: Changes with each renewal.
    """

    key: PageKey
    worker: str
    begun: float
    until: float

    @property
    def start(self) -> tuple[PageKey, float]:
        """Tells this reading of the page from an earlier or later one."""
        return self.key, self.begun


# Made once, as the next two are asked a page: what a lease tells of a document and its job.
_LIVE = (
    select(
        *job.c["id", "folder", "form", "model", "started", "pace_since", "read", "failed"],
        *document.c["path", "pages"],
    )
    .join_from(document, job)
    .where(document.c.id == bindparam("document"), job.c.cancelled == false())
)
_TAKE = (
    update(page)
    .where(
        page.c.document_id == bindparam("of_document"),
        page.c.number == bindparam("of_number"),
        page.c.state == PageState.QUEUED,
    )
    .values(state=PageState.LEASED, attempts=page.c.attempts + 1)
)


def lease(books: Connection, key: PageKey, worker: str, now: float, lease_s: float) -> Lease | None:
    """Take a queued page for this worker; None if another has it, it is done, or is cancelled.

    A worker renews the leases of its pages; killed whole, it loses them after `lease_s` seconds.
    Other machines go by their own clocks (`leasewatch`).
    """
    row = books.execute(_LIVE, {"document": key[0]}).one_or_none()
    if row is None:
        return None
    its = {"of_document": key[0], "of_number": key[1]}
    terms = {"worker": worker, "begun": now, "lease_until": now + lease_s}
    if not books.execute(_TAKE, its | terms).rowcount:
        return None
    if row.pace_since is None:
        marks = {"started": row.started or now} | pace.begun(row.read + row.failed, now)
        books.execute(update(job).where(job.c.id == row.id).values(marks))
    opened = row.pages is not None
    return Lease(row.id, row.folder, row.form, row.model, row.path, opened)


def hand_back(
    books: Connection, key: PageKey, worker: str, now: float, error: DocumentError | None = None
) -> None:
    """End this worker's lease: for others to try, or after the last attempt, with an error.

    Args:
        books: A write transaction.
        key: The page.
        worker: Who had it.
        now: The time.
        error: What the attempt failed of; None: the page's process died.
    """
    _end_lease(books, key, page.c.worker == worker, now, error or PageCrashed())


def give_back(books: Connection, key: PageKey, worker: str) -> None:
    """End this worker's lease, as if it had not been: the page is for others to read."""
    again = {
        "state": PageState.QUEUED,
        "attempts": page.c.attempts - 1,
        "offered": 0.0,
        "lease_until": None,
    }
    mine = (_is_leased(key), page.c.worker == worker)
    books.execute(update(page).where(*mine).values(again))


def end_run_out(books: Connection, held: Held, now: float, blamed: bool) -> None:
    """End a lease that ran out, unless it was renewed or ended in the meantime.

    Args:
        books: A write transaction.
        held: The lease as it was seen.
        now: The time.
        blamed: The attempt counts, as the page may have ended its process.
    """
    unchanged = page.c.lease_until == held.until
    if not blamed:
        one_less = {"attempts": page.c.attempts - 1}
        books.execute(update(page).where(_is_leased(held.key), unchanged).values(one_less))
    _end_lease(books, held.key, unchanged, now, PageCrashed())


def _end_lease(
    books: Connection, key: PageKey, mine: ColumnElement[bool], now: float, error: DocumentError
) -> None:
    """Queue the page again, or after the last attempt, write its error."""
    leased = and_(_is_leased(key), mine)
    again = {"state": PageState.QUEUED, "offered": 0.0, "lease_until": None}
    books.execute(update(page).where(leased, page.c.attempts < MAX_ATTEMPTS).values(again))
    if books.scalar(select(page.c.number).where(leased)) is not None:
        record_error(books, key, error, now)


def held(books: Connection) -> list[Held]:
    """All leases there are."""
    rows = books.execute(_leased().add_columns(page.c.worker, page.c.begun, page.c.lease_until))
    return [
        Held((row.document_id, row.number), row.worker, row.begun, row.lease_until) for row in rows
    ]


def renew(books: Connection, keys: Sequence[PageKey], now: float, lease_s: float) -> None:
    """Extend the leases of pages that are still being read."""
    leased = (is_one_of(keys), page.c.state == PageState.LEASED)
    books.execute(update(page).where(*leased).values(lease_until=now + lease_s))


def any_in_work(books: Connection, now: float) -> bool:
    """Some worker, here or elsewhere, reads a page."""
    rows = books.execute(_leased().where(page.c.lease_until >= now).limit(1))
    return rows.first() is not None


def _leased() -> Select[tuple[int, int]]:
    """Leased pages, found by the index of each unfinished job's pages."""
    unfinished = select(job.c.id).where(job.c.finished.is_(None))
    leased = (page.c.job_id.in_(unfinished), page.c.state == PageState.LEASED)
    return select(page.c.document_id, page.c.number).where(*leased)


def _is_leased(key: PageKey) -> ColumnElement[bool]:
    return and_(is_page(key), page.c.state == PageState.LEASED)
