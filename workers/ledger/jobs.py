"""Jobs in the ledger: create, fill with documents, cancel, retry."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    false,
    insert,
    select,
    tuple_,
    update,
)

from ocr import JobError
from workers.ledger.tables import PageState, document, job, page, reading
from workers.priority import Priority


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a job keeps from its submission on, whatever changes later.

    Attributes:
        folder: Absolute path of the folder.
        form: Its form or forms as JSON.
        form_name: Their names.
        model: Version of the model that was the champion.
        priority: Which queue its pages wait in.
    """

    folder: str
    form: str
    form_name: str
    model: str
    priority: Priority = Priority.BULK


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that has, or may yet get, pages to read.

    Attributes:
        id: Its id.
        priority: Which queue its pages wait in.
        pages: Known so far.
    """

    id: str
    priority: Priority
    pages: int


def create(books: Connection, new: NewJob, now: float, lease_s: float) -> str:
    """Enter a job without documents, which the caller is to list; returns its id."""
    job_id = secrets.token_hex(4)
    books.execute(
        insert(job).values(
            id=job_id,
            folder=new.folder,
            form=new.form,
            form_name=new.form_name,
            model=new.model,
            priority=new.priority,
            created=now,
            listing_until=now + lease_s,
        )
    )
    return job_id


def add_documents(
    books: Connection, job_id: str, paths: Sequence[str], listing_until: float
) -> None:
    """Enter documents with their first page; paths that the job has are left as they are.

    Args:
        books: A write transaction; on PostgreSQL the job's row is locked by what is done first.
        job_id: The job.
        paths: The documents, below the job's folder.
        listing_until: The caller goes on listing and will be back before this time.
    """
    books.execute(update(job).where(job.c.id == job_id).values(listing_until=listing_until))
    new = unknown_documents(books, job_id, paths)
    if not new:
        return
    entered = insert(document).returning(document.c.id)
    ids = books.scalars(entered, [{"job_id": job_id, "path": path} for path in new]).all()
    rows = [{"document_id": document_id, "number": 1, "job_id": job_id} for document_id in ids]
    books.execute(insert(page), rows)
    more = {"documents": job.c.documents + len(new), "pages": job.c.pages + len(new)}
    # A command that stood still may come back after its listing was taken over and the job done.
    books.execute(update(job).where(job.c.id == job_id).values(more | {"finished": None}))


def unknown_documents(books: Connection, job_id: str, paths: Sequence[str]) -> list[str]:
    """Those of the paths that the job does not have yet, sorted."""
    known = select(document.c.path).where(document.c.job_id == job_id, document.c.path.in_(paths))
    return sorted(set(paths) - set(books.scalars(known)))


def left_listings(books: Connection, now: float) -> Sequence[str]:
    """Ids of jobs whose listing was begun and left."""
    return books.scalars(select(job.c.id).where(*_left_listing(now))).all()


def reopen_listing(books: Connection, job_id: str, listing_until: float) -> None:
    """Let a job get further documents, also if it is done."""
    opened = {"listed": False, "finished": None, "listing_until": listing_until}
    books.execute(update(job).where(job.c.id == job_id).values(opened))


def lease_listing(books: Connection, job_id: str, now: float, until: float) -> bool:
    """Take a listing that was left; False if somebody else has it."""
    mine = update(job).where(job.c.id == job_id, *_left_listing(now)).values(listing_until=until)
    return books.execute(mine).rowcount == 1


def _left_listing(now: float) -> tuple[ColumnElement[bool], ...]:
    return (job.c.listed == false(), job.c.cancelled == false(), job.c.listing_until < now)


def close_listing(books: Connection, job_id: str, now: float) -> None:
    """Note that all documents of the job are entered."""
    books.execute(update(job).where(job.c.id == job_id).values(listed=True))
    finish_if_complete(books, job_id, now)


# Made once, as it is asked a page.
_FINISH = update(job).where(
    job.c.id == bindparam("of_job"),
    job.c.listed,
    job.c.read + job.c.failed == job.c.pages,
    job.c.finished.is_(None),
)


def finish_if_complete(books: Connection, job_id: str, now: float) -> None:
    """Note the job's end when no page is open."""
    books.execute(_FINISH, {"of_job": job_id, "finished": now})


def unfinished(books: Connection) -> list[OpenJob]:
    """Jobs that have, or may yet get, pages to read; oldest first."""
    live = (job.c.finished.is_(None), job.c.cancelled == false(), job.c.purged == false())
    order = (job.c.created, job.c.id)
    rows = books.execute(select(*job.c["id", "priority", "pages"]).where(*live).order_by(*order))
    return [OpenJob(row.id, Priority(row.priority), row.pages) for row in rows]


def find(books: Connection, job_id: str) -> Row[*tuple[object, ...]]:
    """The job's row.

    Raises:
        JobError: No such job.
    """
    there = (job.c.id == job_id, job.c.purged == false())
    row = books.execute(select(job).where(*there)).one_or_none()
    if row is None:
        raise JobError(f'no job "{job_id}" in this ledger; "formdigits status" lists the jobs')
    return row


def cancel(books: Connection, job_id: str) -> None:
    """Set the flag that workers look at before each page; what is read stays.

    Raises:
        JobError: No such job, or it is done.
    """
    if find(books, job_id).finished is not None:
        raise JobError(f'job {job_id} is done; "formdigits export {job_id}" gives its rows')
    books.execute(update(job).where(job.c.id == job_id).values(cancelled=True))


def retry(books: Connection, job_id: str) -> int:
    """Queue again what failed, and let a cancelled job go on.

    Returns:
        How many pages are open now.

    Raises:
        JobError: No such job.
    """
    find(books, job_id)
    failed = (page.c.job_id == job_id, page.c.state == PageState.ERROR)
    keys = select(page.c.document_id, page.c.number).where(*failed)
    books.execute(delete(reading).where(tuple_(reading.c.document_id, reading.c.page).in_(keys)))
    # Their files may be put right by now: what they held no longer tells who their twins are.
    changed = document.c.id.in_(select(page.c.document_id).where(*failed))
    books.execute(update(document).where(changed).values(sha256=None))
    queued = {"state": PageState.QUEUED, "attempts": 0, "offered": 0.0, "finished": None}
    books.execute(update(page).where(*failed).values(queued))
    # Workers drop the messages of a cancelled job, so those pages must be sent again.
    dropped = (page.c.job_id == job_id, page.c.state == PageState.QUEUED, page.c.offered > 0)
    books.execute(update(page).where(*dropped).values(offered=0.0))
    again = {"failed": 0, "cancelled": False, "pace_since": None}
    books.execute(update(job).where(job.c.id == job_id).values(again))
    open_pages = books.scalar(select(job.c.pages - job.c.read).where(job.c.id == job_id)) or 0
    if open_pages:
        books.execute(update(job).where(job.c.id == job_id).values(finished=None))
    return open_pages
