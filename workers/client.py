"""Jobs from Python: submit, look, wait, export. Writes and reads the ledger; needs no broker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import ocr
from workers.export import write_export
from workers.ledger import JobState, JobStatus, Ledger, NewJob, jobs, open_ledger, pages
from workers.ledger.readings import page_readings
from workers.settings import Settings, load_settings

__all__ = ["Client", "Job", "JobState", "JobStatus"]

if TYPE_CHECKING:
    import pandas as pd

# Documents entered in one transaction: workers begin on the first while the rest is listed.
_CHUNK = 500
_POLL_S = 0.1


class Client:
    """The batch service, as the settings describe it."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Raises ServiceError if a setting has a mistake or the ledger is out of reach."""
        self._ledger = open_ledger((settings or load_settings()).ledger)

    def submit(self, folder: str | Path, form: str | Path | ocr.Form) -> Job:
        """Enter every document of a folder into the ledger; workers take it from there.

        Args:
            folder: It and what is below it; workers must see it under the same path.
            form: A form, a built-in form's name, or a TOML file's path.

        Raises:
            JobError: The folder is missing or empty.
            FormError: The form is missing or has a mistake.
            ModelError: There is no digit model.
            ServiceError: The ledger is out of reach.
        """
        job, documents = self.begin(folder, form)
        job.enter(documents)
        return job

    def begin(self, folder: str | Path, form: str | Path | ocr.Form) -> tuple[Job, Iterator[str]]:
        """The first half of `submit`: a job without documents, and those to `Job.enter`."""
        whole = form if isinstance(form, ocr.Form) else ocr.load_form(form)
        root = Path(folder).absolute()
        documents = _documents(root)
        first = next(documents, None)
        if first is None:
            raise ocr.JobError(f"{root}: no documents in this folder; put scans into it")
        new = NewJob(str(root), whole.model_dump_json(), whole.name, ocr.champion().version)
        with self._ledger.write() as books:
            job_id = jobs.create(books, new, time.time())
        return Job(job_id, self._ledger), chain([first], documents)

    def job(self, job_id: str) -> Job:
        """A job submitted before.

        Raises:
            JobError: No such job.
        """
        with self._ledger.read() as books:
            jobs.find(books, job_id)
        return Job(job_id, self._ledger)

    def any_in_work(self) -> bool:
        """Some worker has a page, of whatever job."""
        with self._ledger.read() as books:
            return pages.any_in_work(books, time.time())

    def statuses(self) -> list[JobStatus]:
        """All jobs, newest first."""
        with self._ledger.read() as books:
            return jobs.statuses(books, time.time())


@dataclass(frozen=True, slots=True)
class Job:
    """A submitted job, named by its id; all else is asked from the ledger."""

    id: str
    _ledger: Ledger

    def status(self) -> JobStatus:
        """How far it is."""
        with self._ledger.read() as books:
            return jobs.status(books, self.id, time.time())

    def enter(self, documents: Iterator[str]) -> None:
        """Enter all documents of the job's folder; those it has already are left alone."""
        while chunk := list(islice(documents, _CHUNK)):
            with self._ledger.write() as books:
                jobs.add_documents(books, self.id, chunk)
        with self._ledger.write() as books:
            jobs.close_listing(books, self.id, time.time())

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
        self.enter(_documents(Path(status.folder)))
        status = self.status()
        return status.pages - status.done

    def rows(self) -> Iterator[dict[str, str]]:
        """The export's rows so far, by document, page and field; streamed."""
        with self._ledger.read() as books:
            for reading in page_readings(books, self.id):
                yield from ({"job": self.id} | row for row in ocr.page_rows(reading))

    def to_pandas(self) -> pd.DataFrame:
        """The rows so far as a frame with the export's columns; text keeps its zeros."""
        return ocr.to_frame(self.rows())

    def export(self, path: str | Path) -> None:
        """Write the rows so far; the suffix decides: .csv, .jsonl, .parquet or .xlsx.

        Raises:
            ExportError: No such format, or the file cannot be written.
        """
        write_export(self.rows(), Path(path))


def _documents(root: Path) -> Iterator[str]:
    """The folder's documents; a folder that cannot be listed is the job's error, not a row."""
    listed = ocr.list_documents(root)
    try:
        first = next(listed, None)
    except ocr.FileUnreadable as error:
        raise ocr.JobError(str(error)) from error
    return chain([] if first is None else [first], listed)
