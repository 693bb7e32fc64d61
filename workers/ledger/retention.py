"""Retention: jobs that ended long ago leave the ledger, with all their rows.

A job is marked first and is gone for everybody from then on; its rows follow in small
transactions, so that no worker waits for a million of them. Who is killed between, leaves the
mark, and the next purge goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, true, update

from workers.ledger.tables import document, job


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that ended before a time.

    Attributes:
        job: Its id.
        folder: Its folder.
        documents: How many it has.
        pages: How many these have.
        ended: When it was done, or for a cancelled one, when its last page was finished.
    """

    job: str
    folder: str
    documents: int
    pages: int
    ended: float


def ended_before(books: Connection, before: float) -> list[Ended]:
    """Jobs done or cancelled that long ago, oldest first; and those whose removal was begun."""
    facts = select(*job.c["id", "folder", "documents", "pages"], _END.label("ended"))
    rows = books.execute(facts.where(_ended(before)).order_by(_END, job.c.id))
    return [Ended(row.id, row.folder, row.documents, row.pages, row.ended) for row in rows]


def mark(books: Connection, job_id: str, before: float) -> bool:
    """Take a job out of everybody's sight; False if it does not count as ended any more."""
    gone = update(job).where(job.c.id == job_id, _ended(before)).values(purged=True)
    return books.execute(gone).rowcount == 1


def remove_documents(books: Connection, job_id: str, limit: int) -> int:
    """Delete some documents of a marked job with all that they have; returns how many."""
    some = select(document.c.id).where(document.c.job_id == job_id).limit(limit)
    ids: Sequence[int] = books.scalars(some).all()
    books.execute(delete(document).where(document.c.id.in_(ids)))
    return len(ids)


def remove_job(books: Connection, job_id: str) -> None:
    """Delete a marked job."""
    books.execute(delete(job).where(job.c.id == job_id, job.c.purged == true()))


_END = func.coalesce(job.c.finished, job.c.progressed, job.c.created)


def _ended(before: float) -> ColumnElement[bool]:
    over = or_(job.c.finished.is_not(None), job.c.cancelled == true())
    return or_(job.c.purged == true(), and_(over, before > _END))
