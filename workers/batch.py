"""`formdigits run`: submit a folder, read it with a worker of its own, export it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import ocr
from workers import storage
from workers.broker import broker_of
from workers.client import Client, Job
from workers.export import check_target
from workers.ledger import JobState, JobStatus
from workers.settings import load_settings

Follow = Callable[[Job, Callable[[], None]], JobStatus]

# A worker killed from outside is started again; one that dies each time has a reason in its log.
_MOST_STARTS = 5
# After the hard time limit no page is in work any more; this is the limit's default with room.
_STOP_S = 150


def run(folder: str, form: Sequence[str], output: str, children: int, follow: Follow) -> JobStatus:
    """Submit, work, wait, export; the job stays in the ledger, whatever happens.

    Args:
        folder: The documents.
        form: Built-in forms' names or paths of TOML files; each page has the one that fits best.
        output: The export's file.
        children: How many processes read.
        follow: Shows the progress until the job has ended; calls its second argument now and then.

    Raises:
        FormDigitsError: By its class: folder, form, model, service, output, or interrupted.
    """
    settings = load_settings()
    check_target(storage.named(output, settings.storage_url))
    client = Client(settings)
    job = client.begin(folder, form)
    try:
        with broker_of(settings), _worker_for(client, job, children) as worker:
            job.enter()
            status = follow(job, worker.keep_alive)
            job.export(output)
    except KeyboardInterrupt:
        raise Interrupted(
            f'what was read is kept in job {job.id}; "formdigits retry {job.id}" and '
            f'"formdigits worker --job {job.id}" go on, "formdigits export {job.id}" writes it'
        ) from None
    except ocr.ExportError as error:
        raise type(error)(f'{error}; then "formdigits export {job.id} -o FILE"') from error
    if status.state is JobState.CANCELLED:
        raise ocr.JobError(f"job {job.id} was cancelled; {output} has what was read before")
    return status


class Interrupted(ocr.FormDigitsError):
    """Ctrl-C during a run; the message says how to go on."""

    code = "interrupted"
    exit_code = 130  # 128 + SIGINT, as shells report it


@dataclass(slots=True)
class _Worker:
    """A `formdigits worker` of this run, in a session of its own: Ctrl-C is ours to pass on."""

    client: Client
    job: Job
    children: int
    log: IO[bytes]
    process: subprocess.Popen[bytes] = field(init=False)
    starts: int = 0

    def start(self) -> None:
        # -P: a file `ocr.py` in the current folder is not to be taken for the reader.
        command = [sys.executable, "-P", "-m", "workers.cli", "worker"]
        command += ["--job", self.job.id, "--concurrency", str(self.children)]
        self.process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.starts += 1

    def keep_alive(self) -> None:
        """Start the worker again if it was killed.

        Raises:
            ServiceError: It ended with an error, or was killed too often.
        """
        code = self.process.poll()
        if code is None or self.job.status().ended:
            return
        if code > 0 or self.starts == _MOST_STARTS:
            raise ocr.ServiceError(
                f"the worker ended ({code}): {self._last_words()}; its log is {self.log.name}, "
                f'"formdigits doctor" helps; the job is kept as {self.job.id}'
            )
        self.start()

    def stop(self) -> None:
        """End it: at once if no page is in work, otherwise when the pages it has are read.

        Celery takes two to three seconds for a stop, by polling (measured), even with nothing to
        do. Held still and without a page, the worker has nothing that the ledger has not.
        """
        self._signal(signal.SIGSTOP)
        if self._in_work():
            self._signal(signal.SIGCONT)
            self._stop_softly()
        self._signal(signal.SIGKILL)
        self.process.wait()
        with suppress(ocr.ServiceError):  # else its row goes when others miss it
            self.client.forget_worker(self.process.pid)

    def _in_work(self) -> bool:
        try:
            return self.client.any_in_work()
        except ocr.ServiceError:
            return True  # as far as can be known

    def _stop_softly(self) -> None:
        """A second Ctrl-C cuts it short."""
        self.process.terminate()
        with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
            self.process.wait(_STOP_S)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def _last_words(self) -> str:
        lines = Path(self.log.name).read_text("utf-8", "replace").strip().splitlines()
        return lines[-1].removeprefix("error: ") if lines else "it left no word"


@contextmanager
def _worker_for(client: Client, job: Job, children: int) -> Iterator[_Worker]:
    logs = ocr.state_folder() / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    with (logs / f"{job.id}.log").open("ab") as log:
        worker = _Worker(client, job, children, log)
        worker.start()
        try:
            yield worker
        finally:
            worker.stop()


def poll(job: Job, check: Callable[[], None], period_s: float) -> Iterator[JobStatus]:
    """The job's status again and again; the last one is its end."""
    while not (status := job.status()).ended:
        yield status
        check()
        time.sleep(period_s)
    yield status
