"""Pages in the ledger: offer, lease, open, record. Every change is guarded by the page's state.

queued --lease--> leased --record--> done | error
   ^                 |
   +---hand_back-----+   the worker died or the lease ran out; after the last attempt: error
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    false,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from ocr import (
    DocumentError,
    FieldReading,
    PageCrashed,
    PageReading,
    Status,
    error_reading,
)
from workers.ledger import jobs, pace
from workers.ledger.tables import PageState, document, job, page, reading

# Three starts tell a page that ends its process from one that shared a process or a machine with
# such a page, or with a power cut.
MAX_ATTEMPTS = 3

# Machines that share a ledger do not differ by more, or pages would be sent again and again, which
# only costs a look into the ledger each.
_CLOCKS_DIFFER_S = 600.0

_OPEN = (PageState.QUEUED, PageState.LEASED)
_VERDICTS = (Status.ACCEPTED, Status.REVIEW, Status.BLANK, Status.MISSING)

PageKey = tuple[int, int]  # document id, page number


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


def offer(
    books: Connection, job_id: str, limit: int, lost_before: float, now: float
) -> list[PageKey]:
    """Choose queued pages to send to the broker, and note that they are sent.

    Args:
        books: A write transaction.
        job_id: The job.
        limit: How many pages at most.
        lost_before: Pages sent before this time and still queued count as lost by the broker.
        now: The time, as everywhere in the ledger.
    """
    ahead = page.c.offered > now + _CLOCKS_DIFFER_S  # the clock was set back since
    queued = (
        page.c.job_id == job_id,
        page.c.state == PageState.QUEUED,
        or_(page.c.offered < lost_before, ahead),
    )
    chosen = (
        select(page.c.document_id, page.c.number)
        .where(*queued)
        .order_by(page.c.offered, page.c.document_id, page.c.number)
        .limit(limit)
        .with_for_update(skip_locked=True)  # two sweepers on PostgreSQL take different pages
    )
    keys = [(row.document_id, row.number) for row in books.execute(chosen)]
    if keys:
        books.execute(update(page).where(_one_of(keys)).values(offered=now))
    return keys


# What a lease tells of a document and its job; made once, as it is asked a page.
_LIVE = (
    select(
        *job.c["id", "folder", "form", "model", "started", "pace_since", "read", "failed"],
        *document.c["path", "pages"],
    )
    .join_from(document, job)
    .where(document.c.id == bindparam("document"), job.c.cancelled == false())
)


def lease(books: Connection, key: PageKey, worker: str, now: float, lease_s: float) -> Lease | None:
    """Take a queued page for this worker; None if another has it, it is done, or is cancelled.

    A worker renews the leases of its pages; killed whole, it loses them after `lease_s` seconds.
    Other machines go by their own clocks (`leasewatch`).
    """
    row = books.execute(_LIVE, {"document": key[0]}).one_or_none()
    if row is None:
        return None
    terms = {
        "state": PageState.LEASED,
        "attempts": page.c.attempts + 1,
        "worker": worker,
        "begun": now,
        "lease_until": now + lease_s,
    }
    free = (_is(key), page.c.state == PageState.QUEUED)
    if not books.execute(update(page).where(*free).values(terms)).rowcount:
        return None
    if row.pace_since is None:
        marks = {"started": row.started or now} | pace.begun(row.read + row.failed, now)
        books.execute(update(job).where(job.c.id == row.id).values(marks))
    opened = row.pages is not None
    return Lease(row.id, row.folder, row.form, row.model, row.path, opened)


def open_document(
    books: Connection, document_id: int, pages: int, sha256: str, size_bytes: int
) -> bool:
    """Enter the pages of a document after its first; False if they were entered before."""
    counted = (document.c.id == document_id, document.c.pages.is_(None))
    facts = {"pages": pages, "sha256": sha256, "bytes": size_bytes}
    opened = update(document).where(*counted).values(facts).returning(document.c.job_id)
    job_id = books.scalar(opened)
    if job_id is None:
        return False
    if pages > 1:
        owner = {"document_id": document_id, "job_id": job_id}
        books.execute(insert(page), [{**owner, "number": n} for n in range(2, pages + 1)])
        more = {"pages": job.c.pages + pages - 1}
        books.execute(update(job).where(job.c.id == job_id).values(more))
    return True


def record(books: Connection, key: PageKey, result: PageReading, now: float) -> bool:
    """Write a page's result once; False (and nothing written) if it has one."""
    failed = result.fields[0].status is Status.ERROR
    end = {
        "state": PageState.ERROR if failed else PageState.DONE,
        "finished": now,
        "lease_until": None,
        "model": result.model,
        "form": result.form,
    }
    closing = update(page).where(_is(key), page.c.state.in_(_OPEN)).values(end)
    job_id = books.scalar(closing.returning(page.c.job_id))
    if job_id is None:
        return False
    rows = [_row(key, position, item) for position, item in enumerate(result.fields)]
    books.execute(insert(reading), rows)
    counted = _counted(result, failed) | pace.moved(now)
    books.execute(update(job).where(job.c.id == job_id).values(counted))
    jobs.finish_if_complete(books, job_id, now)
    return True


def record_error(books: Connection, key: PageKey, error: DocumentError, now: float) -> bool:
    """Write a page's one error row; False if the page has a result."""
    names = (
        select(document.c.path, job.c.form_name)
        .join_from(document, job)
        .where(document.c.id == key[0])
    )
    row = books.execute(names).one_or_none()
    if row is None:  # the job was deleted
        return False
    form = "" if "," in row.form_name else row.form_name  # of several none was chosen
    return record(books, key, error_reading(row.path, key[1], form, error), now)


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


def leave_to_others(books: Connection, key: PageKey) -> None:
    """Let a queued page be sent again at once: the worker that it was sent to cannot read it."""
    queued = (_is(key), page.c.state == PageState.QUEUED)
    books.execute(update(page).where(*queued).values(offered=0.0))


def fail_queued(
    books: Connection, job_id: str, error: DocumentError, limit: int, now: float
) -> int:
    """Write the error row of some of a job's queued pages; returns how many."""
    queued = (page.c.job_id == job_id, page.c.state == PageState.QUEUED)
    some = select(page.c.document_id, page.c.number).where(*queued).limit(limit)
    keys = [(row.document_id, row.number) for row in books.execute(some)]
    for key in keys:
        record_error(books, key, error, now)
    return len(keys)


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
    leased = (_one_of(keys), page.c.state == PageState.LEASED)
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
    return and_(_is(key), page.c.state == PageState.LEASED)


def _is(key: PageKey) -> ColumnElement[bool]:
    return and_(page.c.document_id == key[0], page.c.number == key[1])


def _one_of(keys: Sequence[PageKey]) -> ColumnElement[bool]:
    return tuple_(page.c.document_id, page.c.number).in_(keys)


def _counted(result: PageReading, failed: bool) -> dict[str, object]:
    """The job's counters after this page."""
    if failed:
        return {"failed": job.c.failed + 1}
    tally = {
        verdict.value: sum(item.status is verdict for item in result.fields)
        for verdict in _VERDICTS
    }
    return {"read": job.c.read + 1} | {name: job.c[name] + n for name, n in tally.items() if n}


def _row(key: PageKey, position: int, item: FieldReading) -> dict[str, object]:
    box = item.box
    return {
        "document_id": key[0],
        "page": key[1],
        "position": position,
        "field": item.field,
        "type": item.type,
        "value": item.value,
        "raw": item.raw,
        # A numpy float would not pass PostgreSQL's driver.
        "confidence": None if item.confidence is None else float(item.confidence),
        "status": item.status.value,
        "reason": item.reason,
        "x": box and int(box.x),
        "y": box and int(box.y),
        "width": box and int(box.width),
        "height": box and int(box.height),
    }
