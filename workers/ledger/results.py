"""Results: how pages end, read or with an error row, and what their jobs count of them."""

from sqlalchemy import Connection, Float, bindparam, insert, select, update

from ocr import DocumentError, FieldReading, PageReading, Status, error_reading
from workers.ledger import jobs, pace
from workers.ledger.pages import PageKey
from workers.ledger.tables import PageState, document, job, page, reading

_VERDICTS = (Status.ACCEPTED, Status.REVIEW, Status.BLANK, Status.MISSING)
_COUNTERS = ("read", "failed", *(verdict.value for verdict in _VERDICTS))

# Made once: putting these together takes longer than running them, and they are asked a page.
_CLOSE = (
    update(page)
    .where(
        page.c.document_id == bindparam("of_document"),
        page.c.number == bindparam("of_number"),
        page.c.state.in_((PageState.QUEUED, PageState.LEASED)),
    )
    .returning(page.c.job_id)
)
_ENTER = insert(reading)
_COUNT = (
    update(job)
    .where(job.c.id == bindparam("of_job"))
    .values(
        {name: job.c[name] + bindparam(f"more_{name}") for name in _COUNTERS}
        | pace.moved(bindparam("now", type_=Float))
    )
)


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
    job_id = books.scalar(_CLOSE, end | {"of_document": key[0], "of_number": key[1]})
    if job_id is None:
        return False
    rows = [_row(key, position, item) for position, item in enumerate(result.fields)]
    books.execute(_ENTER, rows)
    books.execute(_COUNT, _tally(result, failed) | {"of_job": job_id, "now": now})
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


def _tally(result: PageReading, failed: bool) -> dict[str, int]:
    """What the job's counters grow by."""
    fields = () if failed else result.fields
    more = {verdict: sum(item.status is verdict for item in fields) for verdict in _VERDICTS}
    counted = {"read": int(not failed), "failed": int(failed)} | more
    return {f"more_{name}": n for name, n in counted.items()}


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
