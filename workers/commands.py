"""The commands about jobs: run, submit, status, export, cancel, retry, purge, worker, doctor.

What they need is imported when they run: `formdigits read` is not to wait for SQLAlchemy, nor
`formdigits status` for Celery.
"""

import json
import os
import signal
import threading
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocr import settings
from ocr.cli import FormNames
from workers.priority import Priority

if TYPE_CHECKING:
    from workers.ledger import JobStatus

app = typer.Typer()

SOME_FAILED = 3
_WATCH_S = 1.0


def _use_state(folder: Path | None) -> None:
    """All parts of the program, and its worker, read the variable."""
    if folder is not None:
        os.environ[settings.STATE_VARIABLE] = str(folder)


Folder = Annotated[
    str,
    typer.Argument(help="Its documents, also in folders below, are read; a path or s3://… URL."),
]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's id.")]
Output = Annotated[
    str,
    typer.Option("-o", "--output", help="FILE.csv, .jsonl, .parquet or .xlsx; a path or URL."),
]
Children = Annotated[
    int, typer.Option("--concurrency", min=1, help="How many processes read (default: the cores).")
]
State = Annotated[
    Path | None,
    typer.Option("--state", callback=_use_state, help="State folder, as FORMDIGITS_STATE."),
]
Pictures = Annotated[
    Path | None,
    typer.Option(
        "--annotate",
        metavar="DIR",
        help="Draw every page with its readings, and index.html with all crops; a new folder.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]

_CORES = os.cpu_count() or 1


@app.command()
def run(
    folder: Folder,
    form: FormNames,
    output: Output,
    concurrency: Children = _CORES,
    annotated: Pictures = None,
    state: State = None,  # noqa: ARG001  # its callback has used it
) -> None:
    """Submit a folder, read it, and export it: one command for one machine.

    \b
    Exit codes: 0 all pages read, 3 some are error rows, 4 the form, 5 the model,
    6 the broker or the ledger, 7 the folder or job, 9 the output, 130 interrupted.
    """  # noqa: D301  # typer's mark for a paragraph kept as it is
    from workers.batch import run as run_job  # noqa: PLC0415
    from workers.progress import follow, tally  # noqa: PLC0415

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the worker is stopped
    _check_pictures(annotated)
    status = run_job(folder, form, output, concurrency, follow)
    _draw(status, annotated)
    typer.echo(f"{status.documents} documents, {status.done} pages: {tally(status)} -> {output}")
    if status.errors:
        raise typer.Exit(SOME_FAILED)


@app.command()
def submit(
    folder: Folder,
    form: FormNames,
    priority: Annotated[
        Priority, typer.Option(help="Interactive jobs are read before all bulk ones.")
    ] = Priority.BULK,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep entering new files until stopped (Ctrl-C).")
    ] = False,
    job: Annotated[
        str | None, typer.Option(help="With --watch: go on with this job of the same folder.")
    ] = None,
) -> None:
    """Enter a folder as a job and print the job's id; `formdigits worker` reads it.

    A file that was touched in the last two seconds is waited for, as it may still be written.
    """
    from workers.client import Client  # noqa: PLC0415

    client = Client()
    if not watch:
        typer.echo(client.submit(folder, form, priority).id)
        return
    if job:
        watched = client.job_of(job, folder)
    else:
        watched = client.begin(folder, form, priority, may_be_empty=True)
    typer.echo(watched.id)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    watched.watch(lambda: not stopped.is_set())


@app.command()
def status(
    job: Annotated[str | None, typer.Argument(metavar="[JOB]", help="None: all jobs.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Until the job has ended.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how far a job is, or list the jobs, newest first."""
    from workers.client import Client  # noqa: PLC0415
    from workers.progress import follow  # noqa: PLC0415

    if watch and job is None:
        raise typer.BadParameter("--watch needs a job's id; without one, all jobs are listed")
    client = Client()
    if job is None:
        _show(client.statuses(), as_json)
    elif watch and not as_json:
        follow(client.job(job), lambda: None)
    else:
        _show_one(client.job(job).status(), as_json)
        while watch and not (latest := client.job(job).status()).ended:
            time.sleep(_WATCH_S)
            _show_one(latest, as_json)


@app.command()
def export(job: JobId, output: Output, annotated: Pictures = None) -> None:
    """Write a job's rows; of a job still running, those it has so far."""
    from workers.client import Client  # noqa: PLC0415
    from workers.export import check_target  # noqa: PLC0415
    from workers.settings import load_settings  # noqa: PLC0415
    from workers.storage import named  # noqa: PLC0415

    check_target(named(output, load_settings().storage_url))
    _check_pictures(annotated)
    exported = Client().job(job)
    before = exported.status()
    exported.export(output)
    _draw(before, annotated)
    if before.done < before.pages or not before.listed:
        typer.echo(
            f"partial: {before.done} of {before.pages} pages were done when the export began",
            err=True,
        )


@app.command()
def cancel(job: JobId) -> None:
    """Begin no further page of a job; `retry` lets it go on."""
    from workers.client import Client  # noqa: PLC0415

    Client().job(job).cancel()


@app.command()
def retry(job: JobId) -> None:
    """Queue again what failed or is missing in a job; a worker reads it."""
    from workers.client import Client  # noqa: PLC0415

    typer.echo(f"{Client().job(job).retry()} pages to read")


@app.command()
def purge(
    older_than: Annotated[
        float, typer.Option(metavar="DAYS", min=0, help="Only jobs that ended that long ago.")
    ],
    job: Annotated[str | None, typer.Option(help="Only this job.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Remove jobs that are done or cancelled, with all their rows; the scans are not touched."""
    from workers.client import Client  # noqa: PLC0415

    gone = "would be removed" if dry_run else "removed"
    removed = 0
    for removed, each in enumerate(Client().purge(older_than, job, dry_run), start=1):  # noqa: B007
        typer.echo(f"job {each.job}: {each.folder}, {each.documents} documents, {gone}")
    typer.echo(f"{removed} jobs {gone}")


@app.command()
def worker(
    concurrency: Children = _CORES,
    job: Annotated[
        str | None, typer.Option(help="Read this job first, and stop when it has ended.")
    ] = None,
) -> None:
    """Read the pages of submitted jobs until stopped; any number of workers may run."""
    from workers.settings import load_settings  # noqa: PLC0415
    from workers.worker import work  # noqa: PLC0415

    raise typer.Exit(work(load_settings(), concurrency, job))


@app.command()
def doctor(
    as_json: AsJson = False,
    worker: Annotated[
        bool,
        typer.Option(
            "--worker", help="Call only this machine's workers; it is a fault if none runs."
        ),
    ] = False,
) -> None:
    """Check what jobs need: poppler, broker, ledger, model, forms, policies; 1 if one fails.

    Each worker is sent a canary through the broker, and has to finish it.
    """
    from workers.doctor import examine  # noqa: PLC0415

    checks = examine(worker)
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        for check in checks:
            typer.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name:9} {check.finding}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _check_pictures(folder: Path | None) -> None:
    from workers.annotating import check_folder  # noqa: PLC0415

    if folder is not None:
        check_folder(folder)


def _draw(status: "JobStatus", folder: Path | None) -> None:
    """Pictures of a job's pages, if they are wanted."""
    from workers.client import Client  # noqa: PLC0415
    from workers.progress import drawing  # noqa: PLC0415

    if folder is not None:
        pages = Client().job(status.job).annotate(folder, partial(drawing, total=status.done))
        typer.echo(f"{pages} pages drawn: {folder / 'index.html'}", err=True)


def _show(statuses: "list[JobStatus]", as_json: bool) -> None:
    from workers.progress import line  # noqa: PLC0415

    if as_json:
        typer.echo(json.dumps([asdict(each) for each in statuses]))
        return
    for each in statuses:
        typer.echo(line(each))


def _show_one(status: "JobStatus", as_json: bool) -> None:
    from workers.progress import line  # noqa: PLC0415

    typer.echo(json.dumps(asdict(status)) if as_json else line(status))
