"""The ledger: the one truth about jobs. The broker holds only hints."""

from workers.ledger.connect import Ledger, LedgerError, open_ledger
from workers.ledger.counters import JobState, JobStatus
from workers.ledger.jobs import NewJob
from workers.ledger.schema import LedgerNewer

__all__ = [
    "JobState",
    "JobStatus",
    "Ledger",
    "LedgerError",
    "LedgerNewer",
    "NewJob",
    "open_ledger",
]
