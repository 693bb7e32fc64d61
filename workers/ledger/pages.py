"""Pages in the ledger: entered, offered, leased, recorded, each change guarded by the page's state.

queued --lease--> leased --record--> done | error
   ^                 |
   +---hand_back-----+   the worker died or the lease ran out; after the last attempt: error

Here are those that are queued; `leases` has those in work, `results` how they end.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, tuple_, update

from workers.ledger.tables import PageState, document, job, page

# Machines that share a ledger do not differ by more, or pages would be sent again and again, which
# only costs a look into the ledger each.
_CLOCKS_DIFFER_S = 600.0

PageKey = tuple[int, int]  # document id, page number


def is_page(key: PageKey) -> ColumnElement[bool]:
    """The condition that a row is this page's."""
    return and_(page.c.document_id == key[0], page.c.number == key[1])


def is_one_of(keys: Sequence[PageKey]) -> ColumnElement[bool]:
    """The condition that a row is one of these pages'."""
    return tuple_(page.c.document_id, page.c.number).in_(keys)


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
        books.execute(update(page).where(is_one_of(keys)).values(offered=now))
    return keys


def leave_to_others(books: Connection, key: PageKey) -> None:
    """Let a queued page be sent again at once: the worker that it was sent to cannot read it."""
    queued = (is_page(key), page.c.state == PageState.QUEUED)
    books.execute(update(page).where(*queued).values(offered=0.0))
