"""Jobs from Python: submit, look, wait, export. Writes and reads the ledger; needs no broker."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import ocr
from workers import storage
from workers.export import write_export
from workers.fetching import local_file
from workers.ledger import (
    JobState,
    JobStatus,
    Ledger,
    NewJob,
    counters,
    crew,
    jobs,
    leases,
    open_ledger,
)
from workers.ledger.crew import Member
from workers.ledger.readings import page_readings
from workers.ledger.retention import Ended
from workers.listing import documents_exist
from workers.priority import Priority
from workers.purging import find_old, purge
from workers.settings import Settings, load_settings
from workers.submitting import enter

__all__ = ["Client", "Job", "JobState", "JobStatus", "Priority"]

if TYPE_CHECKING:
    import pandas as pd

_POLL_S = 0.1

Watch = Callable[[Iterable[ocr.PageReading]], Iterable[ocr.PageReading]]


class Client:
    """The batch service, as the settings describe it."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Raises ServiceError if a setting has a mistake or the ledger is out of reach."""
        settings = settings or load_settings()
        self._ledger = open_ledger(settings.ledger)
        self._settings = settings

    def submit(
        self,
        folder: str | Path,
        form: ocr.FormGiven | Sequence[ocr.FormGiven],
        priority: Priority = Priority.BULK,
    ) -> Job:
        """Enter every document of a folder into the ledger; workers take it from there.

        Args:
            folder: It and what is below it; workers must see it under the same path. A URL of
                object storage, or `storage:` and a path below FORMDIGITS_STORAGE_URL.
            form: A form, a built-in form's name, or a TOML file's or folder's path; or several,
                of which each page has the one that fits it best. The job keeps them as they are.
            priority: Interactive jobs are read before all bulk ones.

        Raises:
            JobError: The folder is missing or empty.
            FormError: A form is missing or has a mistake, or forms cannot be told apart.
            ModelError: There is no digit model.
            ServiceError: The ledger is out of reach.
        """
        job = self.begin(folder, form, priority)
        job.enter()
        return job

    def begin(
        self,
        folder: str | Path,
        form: ocr.FormGiven | Sequence[ocr.FormGiven],
        priority: Priority = Priority.BULK,
        may_be_empty: bool = False,
    ) -> Job:
        """The first half of `submit`: a job without documents; `Job.enter` is the second."""
        forms = ocr.load_forms(form)
        root = storage.absolute(folder, self._settings.storage_url)
        if not may_be_empty and not documents_exist(root):
            raise ocr.JobError(f"{root}: no documents in this folder; put scans into it")
        version = ocr.champion().version
        kept = ocr.forms_to_json(forms)
        new = NewJob(root, kept, ocr.names_of(forms), version, priority)
        with self._ledger.write() as books:
            job_id = jobs.create(books, new, time.time(), self._settings.lease_seconds)
        return Job(job_id, self._ledger, self._settings)

    def job(self, job_id: str) -> Job:
        """A job submitted before.

        Raises:
            JobError: No such job.
        """
        with self._ledger.read() as books:
            jobs.find(books, job_id)
        return Job(job_id, self._ledger, self._settings)

    def job_of(self, job_id: str, folder: str | Path) -> Job:
        """A job submitted before, if it is of this folder.

        Raises:
            JobError: No such job, or it is of another folder.
        """
        job = self.job(job_id)
        its = job.status().folder
        if its != storage.absolute(folder, self._settings.storage_url):
            raise ocr.JobError(f"job {job_id} is of {its}, not of {folder}; give its folder")
        return job

    def any_in_work(self) -> bool:
        """Some worker has a page, of whatever job."""
        with self._ledger.read() as books:
            return leases.any_in_work(books, time.time())

    def workers(self) -> list[Member]:
        """The workers that run, and when each last finished a canary."""
        with self._ledger.read() as books:
            return crew.members(books)

    def forget_worker(self, pid: int) -> None:
        """Note that a worker's process of this machine was ended without a chance to say so."""
        with self._ledger.write() as books:
            crew.leave_process(books, socket.gethostname(), pid)

    def statuses(self) -> list[JobStatus]:
        """All jobs, newest first."""
        with self._ledger.read() as books:
            return counters.statuses(books, time.time())

    def purge(
        self, older_than_days: float, job: str | None = None, dry_run: bool = False
    ) -> Iterator[Ended]:
        """Remove jobs that ended that long ago, with all their rows; gives each when it is gone.

        Args:
            older_than_days: Since their end.
            job: Only this one; None for all.
            dry_run: Remove nothing, only give those that would be.

        Raises:
            JobError: There is no such job, or it has not ended or not long enough ago.
        """
        older_than_s = older_than_days * 86_400
        old = find_old(self._ledger, older_than_s, job)
        return iter(old) if dry_run else purge(self._ledger, old, older_than_s)


@dataclass(frozen=True, slots=True)
class Job:
    """A submitted job, named by its id; all else is asked from the ledger."""

    id: str
    _ledger: Ledger
    _settings: Settings

    def status(self) -> JobStatus:
        """How far it is."""
        with self._ledger.read() as books:
            return counters.status(books, self.id, time.time())

    def enter(self) -> None:
        """Enter all documents of the job's folder; those it has already are left alone."""
        enter(self._ledger, self.id, self._settings)

    def watch(self, go_on: Callable[[], bool]) -> None:
        """Enter the folder's documents, and each new one, as long as `go_on` is true."""
        with self._ledger.write() as books:
            until = time.time() + self._settings.lease_seconds
            jobs.reopen_listing(books, self.id, until)
        enter(self._ledger, self.id, self._settings, go_on)

    def wait(self, timeout_s: float | None = None) -> JobStatus:
        """Wait until the job is done or cancelled; some worker must be running.

        Raises:
            TimeoutError: It is neither in that time.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while not (status := self.status()).ended:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"job {self.id}: {status.done} of {status.pages} pages done")
            time.sleep(_POLL_S)
        return status

    def cancel(self) -> None:
        """Let workers begin no further page.

        Raises:
            JobError: The job is done.
        """
        with self._ledger.write() as books:
            jobs.cancel(books, self.id)

    def retry(self) -> int:
        """Queue again what failed or is missing; returns the number of open pages."""
        with self._ledger.write() as books:
            open_pages = jobs.retry(books, self.id)
        status = self.status()
        if status.listed:
            return open_pages
        # The submitting process did not get to the end of the folder.
        self.enter()
        status = self.status()
        return status.pages - status.done

    def rows(self) -> Iterator[dict[str, str]]:
        """The export's rows so far, by document, page and field; streamed."""
        with self._ledger.read() as books:
            for reading in page_readings(books, self.id):
                yield from ({"job": self.id} | row for row in ocr.page_rows(reading))

    def annotate(self, folder: str | Path, watch: Watch = iter) -> int:
        """Draw the pages read so far, small and with their readings, and an index of the crops.

        Args:
            folder: A new or empty one.
            watch: Passes the pages on one by one; to show progress.

        Returns:
            How many pages there are.

        Raises:
            ExportError: The folder holds something, or cannot be written.
        """
        from workers.annotating import write_pictures  # noqa: PLC0415  # OpenCV, for pictures alone

        status = self.status()
        title = f"Job {self.id}: {status.folder}, {status.form}"
        with self._ledger.read() as books:
            pages = watch(page_readings(books, self.id))
            fetch = partial(local_file, status.folder)
            return write_pictures(title, pages, fetch, Path(folder))

    def to_pandas(self) -> pd.DataFrame:
        """The rows so far as a frame with the export's columns; text keeps its zeros."""
        return ocr.to_frame(self.rows())

    def export(self, path: str | Path) -> None:
        """Write the rows so far; the suffix decides: .csv, .jsonl, .parquet or .xlsx.

        The file may be a URL, as a folder may.

        Raises:
            ExportError: No such format, or the file cannot be written.
        """
        write_export(self.rows(), storage.named(path, self._settings.storage_url))
