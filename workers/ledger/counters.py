"""How far jobs are: read from the counters that each job's row keeps."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Row, false, select

from workers.ledger import crew, pace
from workers.ledger.jobs import find
from workers.ledger.tables import job


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
        form: Name of the form; of several their names, with commas between.
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
        waits: Why no worker reads it: none runs, or what all lack; empty when one can, or it ended.
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
    waits: str

    @property
    def ended(self) -> bool:
        """Nothing more happens by itself."""
        return self.state in {JobState.DONE, JobState.CANCELLED}


def status(books: Connection, job_id: str, now: float) -> JobStatus:
    """How far the job is: its one row and those of the few workers, whatever the job's size.

    Raises:
        JobError: No such job.
    """
    return _status(find(books, job_id), _Crew.of(books, now), now)


def statuses(books: Connection, now: float) -> list[JobStatus]:
    """All jobs, newest first."""
    shown = select(job).where(job.c.purged == false())
    rows = books.execute(shown.order_by(job.c.created.desc(), job.c.id)).all()
    workers = _Crew.of(books, now)
    return [_status(row, workers, now) for row in rows]


@dataclass(frozen=True, slots=True)
class _Crew:
    """Who could work on jobs.

    Attributes:
        works: A worker was heard of lately.
        lacking: Jobs that none of them can read, with what is lacking.
    """

    works: bool
    lacking: dict[str, str]

    @classmethod
    def of(cls, books: Connection, now: float) -> "_Crew":
        members = crew.members(books)
        lacking = crew.refused_by_all(members, crew.refusals(books), now)
        return cls(any(not each.is_silent(now) for each in members), lacking)

    def waits(self, job_id: str, state: JobState) -> str:
        if state in {JobState.DONE, JobState.CANCELLED}:
            return ""
        return self.lacking.get(job_id, "") if self.works else "no worker runs"


def _status(row: Row[*tuple[object, ...]], workers: _Crew, now: float) -> JobStatus:
    done = row.read + row.failed
    rate = pace.rate(row, now)
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
        waits=workers.waits(row.id, _state(row)),
    )


def _state(row: Row[*tuple[object, ...]]) -> JobState:
    if row.finished is not None:
        return JobState.DONE
    if row.cancelled:
        return JobState.CANCELLED
    return JobState.RUNNING if row.started is not None else JobState.QUEUED
