"""The ledger: the one truth about jobs. The broker holds only hints."""

from workers.ledger.connect import Ledger, open_ledger
from workers.ledger.jobs import JobState, JobStatus, NewJob

__all__ = ["JobState", "JobStatus", "Ledger", "NewJob", "open_ledger"]
