"""The job's readings out of the ledger again, in the export's order."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, Row, Select, bindparam, select

from ocr import Box, FieldReading, PageReading, Status
from workers.ledger.tables import PageState, document, page, reading

# Rows fetched at a time: some 2 MB, so that an export's memory does not grow with the job.
_FETCH_ROWS = 5_000


def page_readings(books: Connection, job_id: str) -> Iterator[PageReading]:
    """Every finished page of the job, by document path, then page; streamed."""
    rows = books.execution_options(yield_per=_FETCH_ROWS).execute(
        select(document.c.path, page.c.number, page.c.model, page.c.form, *reading.c)
        .join_from(document, page, page.c.document_id == document.c.id)
        .join(
            reading,
            (reading.c.document_id == page.c.document_id) & (reading.c.page == page.c.number),
        )
        .where(document.c.job_id == job_id)
        .order_by(document.c.path, page.c.number, reading.c.position)
    )
    for (path, number), fields in groupby(rows, key=lambda row: (row.path, row.number)):
        first, *rest = fields
        items = tuple(_field(row) for row in (first, *rest))
        yield PageReading(path, number, first.form, items, model=first.model)


def of_same_content(books: Connection, document_id: int, number: int) -> PageReading | None:
    """What was read on the same page of a document of the job with the same content, if any.

    The reading has that document's path.
    """
    source = books.execute(_TWIN, {"document": document_id, "number": number}).one_or_none()
    if source is None:
        return None
    its = (reading.c.document_id == source.id, reading.c.page == number)
    rows = books.execute(select(reading).where(*its).order_by(reading.c.position))
    items = tuple(map(_field, rows))
    return PageReading(source.path, number, source.form, items, model=source.model)


def _find_twin() -> Select[tuple[int, str, str, str]]:
    twin = document.alias()
    same = (twin.c.job_id == document.c.job_id) & (twin.c.sha256 == document.c.sha256)
    read = (page.c.number == bindparam("number"), page.c.state == PageState.DONE)
    return (
        select(twin.c.id, twin.c.path, page.c.model, page.c.form)
        .join_from(document, twin, same & (twin.c.id != document.c.id))
        .join(page, page.c.document_id == twin.c.id)
        .where(document.c.id == bindparam("document"), *read)
        .limit(1)
    )


# Made once: putting a statement together takes as long as running it, and this is asked a page.
_TWIN = _find_twin()


def _field(row: Row[*tuple[object, ...]]) -> FieldReading:
    box = None if row.x is None else Box(row.x, row.y, row.width, row.height)
    return FieldReading(
        field=row.field,
        type=row.type,
        value=row.value,
        raw=row.raw,
        confidence=row.confidence,
        status=Status(row.status),
        reason=row.reason,
        box=box,
    )
