"""One page's work: lease it, open its document, read it, record what was read.

Knows the ledger and `ocr`, not Celery. Running it twice for a page, or at once in two places,
writes the page's result once.
"""

import hashlib
import logging
import time
from functools import lru_cache
from pathlib import Path

import ocr
from workers.ledger import Ledger
from workers.ledger import pages as page_book
from workers.ledger.pages import Lease, PageKey

log = logging.getLogger(__name__)


def read_and_record(ledger: Ledger, key: PageKey, worker: str) -> None:
    """Read a page that nobody else reads, and write its result; an unreadable one is a result.

    Raises:
        LedgerError: The ledger is out of reach; the page stays leased, the sweeper finds it.
        Exception: The reader has a mistake; the caller is to `record_error`.
    """
    with ledger.write() as books:
        lease = page_book.lease(books, key, worker, time.time())
    if lease is None:
        return
    try:
        reading = _read(ledger, key, lease)
    except ocr.DocumentError as error:
        log.debug("document %d page %d: %s", *key, error.code)
        record_error(ledger, key, error)
        return
    with ledger.write() as books:
        page_book.record(books, key, reading, time.time())
    log.debug("document %d page %d: %d fields", *key, len(reading.fields))


def record_error(ledger: Ledger, key: PageKey, error: ocr.DocumentError) -> None:
    """Give a page its error row, unless it has a result already."""
    with ledger.write() as books:
        page_book.record_error(books, key, error, time.time())


def _read(ledger: Ledger, key: PageKey, lease: Lease) -> ocr.PageReading:
    file = ocr.resolve_document(lease.folder, lease.path)
    if not lease.opened:
        _open(ledger, key, lease, file)
    form = _form(lease.form)
    return ocr.read_page(file, form, page=key[1], document=lease.path, model=lease.model)


def _open(ledger: Ledger, key: PageKey, lease: Lease, file: Path) -> None:
    """Count the document's pages; those after the first are queued in the ledger."""
    pages = ocr.count_pages(file)
    try:
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        size_bytes = file.stat().st_size
    except OSError as error:
        raise ocr.FileUnreadable(f"{lease.path}: {error}") from error
    with ledger.write() as books:
        page_book.open_document(books, key[0], pages, digest, size_bytes)
    log.info("job %s: %s, %d pages, %d bytes", lease.job, lease.path, pages, size_bytes)


@lru_cache(maxsize=8)
def _form(form_json: str) -> ocr.Form:
    """The job's form; parsed once, since a worker reads thousands of pages of few jobs."""
    return ocr.Form.model_validate_json(form_json)
