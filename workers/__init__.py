"""The batch service: jobs in a ledger, read by Celery workers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.client import Client, Job
    from workers.ledger import JobState, JobStatus
    from workers.priority import Priority

__all__ = ["Client", "Job", "JobState", "JobStatus", "Priority"]


def __getattr__(name: str) -> object:
    """Load the client when asked for: SQLAlchemy takes 0.3 s that `formdigits read` saves."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from workers import client  # noqa: PLC0415

    return getattr(client, name)
