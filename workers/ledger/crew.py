"""The crew: which workers run, when each last finished a canary, and which jobs it cannot read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from workers.ledger.tables import document, refusal, worker

# A worker tries a job that it could not read again after this long: its model may have come.
TRY_AGAIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Member:
    """A worker, as the ledger knows it.

    Attributes:
        id: The name under which it leases pages.
        host: Its machine or container.
        pid: Its main process there.
        heard: When it last finished a canary; at first, when it came.
        patience_s: A canary that takes longer than this will not come back.
    """

    id: str
    host: str
    pid: int
    heard: float
    patience_s: float

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.host}:{self.pid}"

    def is_silent(self, now: float) -> bool:
        """It should have been heard of by now."""
        return now - self.heard > self.patience_s


@dataclass(frozen=True, slots=True)
class Refusal:
    """A job that a worker cannot read.

    Attributes:
        worker: Its id.
        job: The job's id.
        reason: What it lacks.
        tried: When it last could not.
    """

    worker: str
    job: str
    reason: str
    tried: float

    def holds(self, now: float) -> bool:
        """It is too early to try again."""
        return now - self.tried < TRY_AGAIN_S


def enter(books: Connection, member: Member) -> None:
    """Note that a worker runs; one before it with the same process, as in a container, is gone."""
    leave(books, member.id)
    leave_process(books, member.host, member.pid)
    facts = {
        "id": member.id,
        "host": member.host,
        "pid": member.pid,
        "heard": member.heard,
        "patience_s": member.patience_s,
    }
    books.execute(insert(worker).values(facts))


def leave(books: Connection, worker_id: str) -> None:
    """Note that a worker runs no more; pages it has are known by their leases."""
    books.execute(delete(worker).where(worker.c.id == worker_id))


def leave_process(books: Connection, host: str, pid: int) -> None:
    """The same for one that was killed by somebody who knows its process only."""
    books.execute(delete(worker).where(worker.c.host == host, worker.c.pid == pid))


def answer(books: Connection, worker_id: str, now: float) -> None:
    """Note that a worker finished a canary."""
    books.execute(update(worker).where(worker.c.id == worker_id).values(heard=now))


def members(books: Connection) -> list[Member]:
    """All workers, also those that have fallen silent."""
    rows = books.execute(select(worker).order_by(worker.c.host, worker.c.pid))
    return [Member(row.id, row.host, row.pid, row.heard, row.patience_s) for row in rows]


def refuse(books: Connection, its: Refusal) -> None:
    """Note that a worker cannot read a job now; nothing if the ledger does not know the worker."""
    accept(books, its.worker, its.job)
    known = select(worker.c.id).where(worker.c.id == its.worker)
    if books.scalar(known) is None:
        return
    facts = {
        "worker_id": its.worker,
        "job_id": its.job,
        "reason": its.reason,
        "tried": its.tried,
    }
    books.execute(insert(refusal).values(facts))


def accept(books: Connection, worker_id: str, job_id: str) -> None:
    """Note that a worker can read a job after all."""
    mine = (refusal.c.worker_id == worker_id, refusal.c.job_id == job_id)
    books.execute(delete(refusal).where(*mine))


def refusals(books: Connection) -> list[Refusal]:
    """All there are; seldom any."""
    return [_refusal(row) for row in books.execute(select(refusal))]


# Made once, as it is asked a page.
_ITS_REFUSAL = (
    select(refusal)
    .join(document, document.c.job_id == refusal.c.job_id)
    .where(document.c.id == bindparam("document"), refusal.c.worker_id == bindparam("worker"))
)


def refusal_of(books: Connection, worker_id: str, document_id: int) -> Refusal | None:
    """Whether a worker has refused a document's job."""
    row = books.execute(_ITS_REFUSAL, {"document": document_id, "worker": worker_id}).one_or_none()
    return None if row is None else _refusal(row)


def _refusal(row: Row[*tuple[object, ...]]) -> Refusal:
    return Refusal(row.worker_id, row.job_id, row.reason, row.tried)


def refused_by_all(
    crew: Sequence[Member], refusals: Sequence[Refusal], now: float
) -> dict[str, str]:
    """Jobs that no worker that runs can read, each with what is lacking."""
    able = {member.id for member in crew if not member.is_silent(now)}
    by_job: dict[str, dict[str, str]] = {}
    for each in refusals:
        by_job.setdefault(each.job, {})[each.worker] = each.reason
    return {
        job: next(iter(reasons.values()))
        for job, reasons in by_job.items()
        if able and able <= set(reasons)
    }
