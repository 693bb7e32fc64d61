"""Whole jobs: real commands, a real broker, real workers, and what may happen to them."""

import contextlib
import csv
import os
import re
import signal
from pathlib import Path

import pytest
from processes import GUARD_S, formdigits, running, until

import ocr
from tests.faults.sending import connected_app
from workers import Client, Job
from workers.broker import url

LARGE = 20  # some seconds of reading: a test has time to interfere
BROKEN = {"empty.png": "empty_file", "text.png": "unsupported_type", "cut.png": "damaged_image"}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def without_job(path: Path) -> list[str]:
    return [line.partition(",")[2] for line in path.read_text("utf-8").splitlines()]


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def worker_of(run: int) -> int:
    """The run's worker; 0 before it is there."""
    for pid in children_of(run):
        with contextlib.suppress(FileNotFoundError):  # the broker's launcher has ended
            if b"workers.cli" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    return 0


def readers_of(worker: int) -> list[int]:
    """The processes that read: all children but the sweeper, the first to be forked."""
    return sorted(children_of(worker))[1:]


def in_mid_page(job: Job) -> bool:
    with job._ledger.read() as books:
        return bool(books.exec_driver_sql("SELECT 1 FROM page WHERE state = 'leased'").all())


def attempts(job: Job) -> list[int]:
    with job._ledger.read() as books:
        found = books.exec_driver_sql("SELECT attempts FROM page ORDER BY document_id").scalars()
        return list(found)


@pytest.fixture
def large_scans(tmp_path: Path, draw_scan) -> Path:
    """Pages that take some 0.3 s each, long enough to be caught in the middle."""
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(LARGE):
        draw_scan(folder / f"{number:02}.png", f"{number:02}345678" * 8, height=5000)
    return folder


def test_run_reads_a_folder_with_broken_files_the_same_each_time(scans, state, tmp_path):
    first = formdigits("run", scans, "--form", "digits", "-o", tmp_path / "1.csv")
    assert first.returncode == 3, first.stderr
    assert re.match(r"9 documents, 9 pages: .*, 3 error -> ", first.stdout)
    assert re.search(r"^job \w+: done, 9 of 9 pages", first.stderr, re.MULTILINE)
    rows = rows_of(tmp_path / "1.csv")
    assert [row["document"] for row in rows] == sorted(ocr.list_documents(scans))
    failed = {row["document"]: row["reason"] for row in rows if row["status"] == "error"}
    assert {name: reason.partition(":")[0] for name, reason in failed.items()} == BROKEN

    again = formdigits(
        "run", scans, "--form", "digits", "-o", tmp_path / "2.csv", "--concurrency", 1
    )
    assert again.returncode == 3, again.stderr
    assert without_job(tmp_path / "2.csv") == without_job(tmp_path / "1.csv")

    direct = ocr.read_folder(scans, "digits")
    queued = Client().job(rows[0]["job"]).to_pandas()
    assert queued.drop(columns="job").equals(direct.drop(columns="job"))
    assert not (state / "broker" / "broker.sock").exists()


def test_a_job_survives_duplicates_a_killed_child_and_a_killed_broker(large_scans, state):
    job = Client().submit(large_scans, "digits")
    with running("worker", "--concurrency", 1) as worker:
        until(lambda: in_mid_page(job))
        (child,) = readers_of(worker.pid)
        os.kill(child, signal.SIGKILL)
        duplicate(job, state)
        until(lambda: job.status().done)

        os.kill(int((state / "broker" / "broker.pid").read_text()), signal.SIGKILL)
        assert job.wait(GUARD_S).pages == LARGE
    frame = job.to_pandas()
    assert list(frame["document"]) == [f"{n:02}.png" for n in range(LARGE)]
    assert sum(attempts(job)) == LARGE + 1  # the killed one was begun again
    assert job.status().errors == 0


def duplicate(job: Job, state: Path) -> None:
    """Send each page to the broker three times more."""
    with connected_app(url(state / "broker")) as app:
        for document in range(1, LARGE + 1):
            for _ in range(3):
                app.tasks["formdigits.read_page"].apply_async((job.id, document, 1))


def test_an_interrupted_run_says_how_to_go_on_and_does(large_scans, state, tmp_path):
    output = tmp_path / "x.csv"
    with running("run", large_scans, "--form", "digits", "-o", output) as process:
        until((state / "ledger.sqlite").exists)
        (status,) = until(Client().statuses)
        job = Client().job(status.job)
        until(lambda: in_mid_page(job))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=GUARD_S)
    assert process.returncode == 130
    assert f'"formdigits retry {job.id}"' in errors
    assert not output.exists()
    assert not (state / "broker" / "broker.sock").exists()
    interrupted = job.status()
    assert interrupted.done < LARGE
    assert formdigits("retry", job.id).stdout == f"{LARGE - interrupted.done} pages to read\n"
    with running("worker", "--job", job.id) as worker:
        worker.wait(GUARD_S)
    assert job.status().done == LARGE
    assert formdigits("export", job.id, "-o", output).returncode == 0
    assert [row["document"] for row in rows_of(output)] == [f"{n:02}.png" for n in range(LARGE)]


def test_retry_reads_a_file_that_was_put_right(scans, draw_scan):
    job = Client().submit(scans, "digits")
    with running("worker", "--job", job.id) as worker:
        worker.wait(GUARD_S)
    assert job.status().errors == 3
    draw_scan(scans / "cut.png", "99")
    assert job.retry() == 3
    with running("worker", "--job", job.id) as worker:
        worker.wait(GUARD_S)
    assert (job.status().done, job.status().errors) == (9, 2)


@pytest.mark.slow  # the page in work comes back when its lease has run out, after 20 s
def test_a_run_whose_worker_is_killed_starts_another(large_scans, tmp_path):
    output = tmp_path / "x.csv"
    with running("run", large_scans, "--form", "digits", "-o", output) as process:
        worker = until(lambda: worker_of(process.pid))
        until(lambda: len(readers_of(worker)) > 0)
        (status,) = Client().statuses()
        until(lambda: in_mid_page(Client().job(status.job)))
        os.kill(worker, signal.SIGKILL)
        _, errors = process.communicate(timeout=GUARD_S)
    assert process.returncode == 0, errors
    assert [row["document"] for row in rows_of(output)] == [f"{n:02}.png" for n in range(LARGE)]
