"""Jobs in the ledger: create, fill with documents, look at, cancel, retry."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Row, delete, false, func, insert, select, tuple_, update

from ocr import JobError
from workers.ledger.tables import PageState, document, job, page, reading

# A rate over the last minute follows a worker that joins or leaves; one since the start does not.
RATE_WINDOW_S = 60.0


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"  # no page was begun
    RUNNING = "running"
    CANCELLED = "cancelled"
    DONE = "done"  # every page is read or an error row


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How far a job is.

    Attributes:
        job: The job's id.
        folder: The submitted folder.
        form: Name of the form.
        created: Seconds since 1970 (UTC).
        state: Where the job stands.
        listed: All files of the folder are in the ledger; until then the next two still grow.
        documents: Files.
        pages: Pages known so far; a document shows its number when its first page is read.
        done: Pages finished, error rows included.
        errors: Pages (or documents) that could not be read.
        accepted: Fields by verdict, as `review`, `blank` and `missing`.
        rate: Pages a second over the last minute of work; 0.0 when none was finished.
        seconds_left: Until the job is done, at that rate; None when it cannot be told.
    """

    job: str
    folder: str
    form: str
    created: float
    state: JobState
    listed: bool
    documents: int
    pages: int
    done: int
    errors: int
    accepted: int
    review: int
    blank: int
    missing: int
    rate: float
    seconds_left: float | None

    @property
    def ended(self) -> bool:
        """Nothing more happens by itself."""
        return self.state in {JobState.DONE, JobState.CANCELLED}


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a job keeps from its submission on, whatever changes later.

    Attributes:
        folder: Absolute path of the folder.
        form: The form as JSON.
        form_name: Its name.
        model: Version of the model that was the champion.
    """

    folder: str
    form: str
    form_name: str
    model: str


def create(books: Connection, new: NewJob, now: float) -> str:
    """Enter a job without documents; returns its id."""
    job_id = secrets.token_hex(4)
    books.execute(
        insert(job).values(
            id=job_id,
            folder=new.folder,
            form=new.form,
            form_name=new.form_name,
            model=new.model,
            created=now,
        )
    )
    return job_id


def add_documents(books: Connection, job_id: str, paths: Sequence[str]) -> None:
    """Enter documents with their first page; paths that the job has are left as they are."""
    known = select(document.c.path).where(document.c.job_id == job_id, document.c.path.in_(paths))
    new = sorted(set(paths) - set(books.scalars(known)))
    if not new:
        return
    entered = insert(document).returning(document.c.id)
    ids = books.scalars(entered, [{"job_id": job_id, "path": path} for path in new]).all()
    rows = [{"document_id": document_id, "number": 1, "job_id": job_id} for document_id in ids]
    books.execute(insert(page), rows)
    counts = {"documents": job.c.documents + len(new), "pages": job.c.pages + len(new)}
    books.execute(update(job).where(job.c.id == job_id).values(counts))


def close_listing(books: Connection, job_id: str, now: float) -> None:
    """Note that all documents of the job are entered."""
    books.execute(update(job).where(job.c.id == job_id).values(listed=True))
    finish_if_complete(books, job_id, now)


def finish_if_complete(books: Connection, job_id: str, now: float) -> None:
    """Note the job's end when no page is open."""
    complete = (job.c.listed, job.c.read + job.c.failed == job.c.pages, job.c.finished.is_(None))
    books.execute(update(job).where(job.c.id == job_id, *complete).values(finished=now))


def unfinished(books: Connection) -> Sequence[str]:
    """Ids of the jobs that have, or may yet get, pages to read; oldest first."""
    live = (job.c.finished.is_(None), job.c.cancelled == false())
    return books.scalars(select(job.c.id).where(*live).order_by(job.c.created, job.c.id)).all()


def find(books: Connection, job_id: str) -> Row[*tuple[object, ...]]:
    """The job's row.

    Raises:
        JobError: No such job.
    """
    row = books.execute(select(job).where(job.c.id == job_id)).one_or_none()
    if row is None:
        raise JobError(f'no job "{job_id}" in this ledger; "formdigits status" lists the jobs')
    return row


def status(books: Connection, job_id: str, now: float) -> JobStatus:
    """How far the job is: one row and a look at the last minute, whatever the job's size.

    Raises:
        JobError: No such job.
    """
    return _status(books, find(books, job_id), now)


def statuses(books: Connection, now: float) -> list[JobStatus]:
    """All jobs, newest first."""
    rows = books.execute(select(job).order_by(job.c.created.desc(), job.c.id)).all()
    return [_status(books, row, now) for row in rows]


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
    queued = {"state": PageState.QUEUED, "attempts": 0, "offered": 0.0, "finished": None}
    books.execute(update(page).where(*failed).values(queued))
    # Workers drop the messages of a cancelled job, so those pages must be sent again.
    dropped = (page.c.job_id == job_id, page.c.state == PageState.QUEUED, page.c.offered > 0)
    books.execute(update(page).where(*dropped).values(offered=0.0))
    books.execute(update(job).where(job.c.id == job_id).values(failed=0, cancelled=False))
    open_pages = books.scalar(select(job.c.pages - job.c.read).where(job.c.id == job_id)) or 0
    if open_pages:
        books.execute(update(job).where(job.c.id == job_id).values(finished=None))
    return open_pages


def _status(books: Connection, row: Row[*tuple[object, ...]], now: float) -> JobStatus:
    done = row.read + row.failed
    rate = _rate(books, row, done, now)
    return JobStatus(
        job=row.id,
        folder=row.folder,
        form=row.form_name,
        created=row.created,
        state=_state(row),
        listed=row.listed,
        documents=row.documents,
        pages=row.pages,
        done=done,
        errors=row.failed,
        accepted=row.accepted,
        review=row.review,
        blank=row.blank,
        missing=row.missing,
        rate=rate,
        seconds_left=(row.pages - done) / rate if rate else None,
    )


def _state(row: Row[*tuple[object, ...]]) -> JobState:
    if row.finished is not None:
        return JobState.DONE
    if row.cancelled:
        return JobState.CANCELLED
    return JobState.RUNNING if row.started is not None else JobState.QUEUED


def _rate(books: Connection, row: Row[*tuple[object, ...]], done: int, now: float) -> float:
    """Pages a second: over the whole of a finished job, over the last minute of a running one."""
    if row.started is None:
        return 0.0
    if row.finished is not None:
        return float(done / max(row.finished - row.started, 1e-3))
    since = max(now - RATE_WINDOW_S, row.started)
    recent = select(func.count()).where(page.c.job_id == row.id, page.c.finished > since)
    return float((books.scalar(recent) or 0) / max(now - since, 1e-3))
