"""A job's rate, kept in the job's own row, so that a status reads nothing else.

A mark is a moment and how many pages were done by then. A job keeps two, and moves them on as its
pages finish; the rate is counted from the older one, half a window to a whole one ago. A rate over
the last minute follows a worker that joins or leaves; one since the start does not.
"""

from sqlalchemy import ColumnElement, Row, case, or_

from workers.ledger.tables import job

WINDOW_S = 60.0


def begun(done: int, now: float) -> dict[str, object]:
    """The job's marks when its first page is leased."""
    return {"pace_since": now, "mark_since": now, "pace_done": done, "mark_done": done}


def moved(now: ColumnElement[float]) -> dict[str, object]:
    """The job's marks when a page is finished; before it is counted."""
    done = job.c.read + job.c.failed + 1
    idle = job.c.progressed < now - WINDOW_S  # nobody worked; no rate is to be told from that
    turn = job.c.mark_since < now - WINDOW_S / 2
    return {
        "progressed": now,
        "pace_since": case((idle, now), (turn, job.c.mark_since), else_=job.c.pace_since),
        "pace_done": case((idle, done), (turn, job.c.mark_done), else_=job.c.pace_done),
        "mark_since": case((or_(idle, turn), now), else_=job.c.mark_since),
        "mark_done": case((or_(idle, turn), done), else_=job.c.mark_done),
    }


def rate(row: Row[*tuple[object, ...]], now: float) -> float:
    """Pages a second: over the whole of a finished job, over the last minute of a running one."""
    done = row.read + row.failed
    if row.started is None:
        return 0.0
    if row.finished is not None:
        return float(done / max(row.finished - row.started, 1e-3))
    if row.pace_since is None or row.progressed is None or row.progressed < now - WINDOW_S:
        return 0.0
    return float((done - row.pace_done) / max(now - row.pace_since, 1e-3))
