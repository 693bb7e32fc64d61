"""The ledger: the one truth about jobs. The broker holds only hints."""

from workers.ledger.connect import Ledger, LedgerError, open_ledger
from workers.ledger.jobs import JobState, JobStatus, NewJob

__all__ = ["JobState", "JobStatus", "Ledger", "LedgerError", "NewJob", "open_ledger"]
