"""From the folder into the ledger and the broker: complete, bounded, each content once."""

import shutil
import signal
import sys
import time
from dataclasses import replace
from threading import Thread

import pytest
from ledger_steps import LEASE_S, offered, submit
from processes import GUARD_S, running, until

import ocr
from workers import Client, JobState, Priority, pagework, sweeper
from workers.app import QUEUES
from workers.leasewatch import LeaseWatch
from workers.ledger import open_ledger
from workers.pagework import Limits, read_and_record
from workers.settings import load_settings
from workers.submitting import enter, take_over
from workers.sweeper import (
    PAGES_WAITING_PER_CHILD,
    Sweep,
    open_jobs,
    sweep_once,
    wait_for_news,
)

LIMITS = Limits(page_s=60, lease_s=LEASE_S)


def read_all(job) -> None:
    """Read all pages of a job in this process."""
    while keys := offered(job._ledger, job.id, time.time()):
        for key in keys:
            read_and_record(job._ledger, key, "w1", LIMITS)


def test_entering_a_folder_again_enters_only_what_is_new(scans, draw_scan):
    job = Client().submit(scans, "digits")
    assert job.status().documents == 9
    draw_scan(scans / "late.png", "5")
    enter(job._ledger, job.id, load_settings())
    assert (job.status().documents, job.status().pages) == (10, 10)


def test_a_sweeper_lists_the_folder_of_a_killed_command(scans):
    job = Client().begin(scans, "digits")
    settings = load_settings()
    assert take_over(job._ledger, time.time(), settings) is None  # it may be alive
    thread = take_over(job._ledger, time.time() + settings.lease_seconds + 1, settings)
    assert thread is not None
    thread.join()
    assert (job.status().listed, job.status().documents) == (True, 9)


def test_the_same_content_twice_is_read_once_and_has_rows_for_both(scans, monkeypatch):
    (scans / "again").mkdir()
    shutil.copy(scans / "0.png", scans / "again" / "copy.png")
    read = []
    real = ocr.read_page

    def read_page(file, *words, **more):
        read.append(file.name)
        return real(file, *words, **more)

    monkeypatch.setattr(pagework.ocr, "read_page", read_page)
    job = Client().submit(scans, "digits")
    read_all(job)
    assert ("0.png" in read) != ("copy.png" in read)
    by_path = {row["document"]: row for row in job.rows()}
    first, second = by_path["0.png"], by_path["again/copy.png"]
    assert first["value"]
    assert first | {"document": ""} == second | {"document": ""}
    assert job.status().state is JobState.DONE


def test_the_same_broken_content_twice_is_tried_twice(scans):
    shutil.copy(scans / "text.png", scans / "text-2.png")
    job = Client().submit(scans, "digits")
    read_all(job)
    assert job.status().errors == 4


def test_a_file_put_right_is_not_taken_for_its_former_twin(scans, draw_scan, monkeypatch):
    shutil.copy(scans / "0.png", scans / "twin.png")
    job = Client().submit(scans, "digits")

    def fail(*_words, **_more):
        raise ocr.PageTimeout

    with monkeypatch.context() as broken:
        broken.setattr(pagework.ocr, "read_page", fail)
        read_all(job)
    assert job.status().errors == 10
    draw_scan(scans / "twin.png", "85")
    job.retry()
    read_all(job)
    by_path = {row["document"]: row["value"] for row in job.rows()}
    assert by_path["0.png"]
    assert by_path["twin.png"] not in {"", by_path["0.png"]}


def test_a_link_out_of_the_folder_is_an_error_row(scans, tmp_path, draw_scan):
    draw_scan(tmp_path / "secret.png", "123")
    (scans / "outside.png").symlink_to("../secret.png")
    (scans / "others").symlink_to(tmp_path)
    job = Client().submit(scans, "digits")
    read_all(job)
    by_path = {row["document"]: row for row in job.rows()}
    for name in ("outside.png", "others"):
        assert (by_path[name]["status"], by_path[name]["value"]) == ("error", "")
        assert by_path[name]["reason"].startswith("file_unreadable: ")


def test_the_broker_holds_a_bounded_number_of_pages(broker, new_job, tmp_path):
    app, url, client = broker
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    submit(ledger, new_job, [f"{number:05}.png" for number in range(1000)])
    sweep = Sweep(load_settings(), url, children=2, worker="w1", job=None)
    queue, bound = QUEUES[Priority.BULK], 2 * PAGES_WAITING_PER_CHILD
    leases = LeaseWatch("w1", LEASE_S, 60)
    sent = [sweep_once(app, ledger, sweep, leases) for _ in range(3)]
    assert sent == [bound, 0, 0]
    assert client.llen(queue) == bound
    client.rpop(queue, 10)
    assert sweep_once(app, ledger, sweep, leases) == 10
    assert client.llen(queue) == bound
    ledger.close()


def test_a_job_that_comes_between_two_rounds_is_not_kept_waiting(ledger, new_job, monkeypatch):
    monkeypatch.setattr(sweeper, "PERIOD_S", 10 * GUARD_S)
    for paths in (["a.png"], ["b.png"]):
        waiting = Thread(target=wait_for_news, args=(ledger, open_jobs(ledger)), daemon=True)
        waiting.start()
        submit(ledger, new_job, paths)
        waiting.join(GUARD_S)
        assert not waiting.is_alive()


def test_interactive_pages_have_a_queue_of_their_own_that_comes_first(broker, new_job, tmp_path):
    app, url, client = broker
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    bulk = submit(ledger, new_job, ["a.png", "b.png"])
    urgent = submit(ledger, replace(new_job, priority=Priority.INTERACTIVE), ["a.png"])
    sweep = Sweep(load_settings(), url, 1, "w1", None)
    sweep_once(app, ledger, sweep, LeaseWatch("w1", LEASE_S, 60))
    assert [client.llen(queue) for queue in QUEUES.values()] == [1, 2]
    taken: list[str] = []

    def take(body, message) -> None:
        taken.append(body[0][0])
        message.ack()

    with (
        app.connection_for_read() as connection,
        app.amqp.TaskConsumer(connection.channel(), callbacks=[take]) as consumer,
    ):
        consumer.qos(prefetch_count=1)
        while len(taken) < 3:
            connection.drain_events(timeout=GUARD_S)
    assert taken == [urgent, bulk, bulk]
    ledger.close()


@pytest.mark.skipif(sys.platform != "linux", reason="POSIX signals")
def test_a_hot_folder_is_entered_until_ctrl_c_and_can_be_taken_up_again(tmp_path, draw_scan):
    folder = tmp_path / "hot"
    folder.mkdir()
    words = ("submit", folder, "--form", "digits", "--watch", "--priority", "interactive")
    with running(*words) as command:
        (first,) = until(Client().statuses)
        job = Client().job(first.job)
        for number in range(2):
            draw_scan(folder / f"{number}.png", str(number))
            until(lambda number=number: job.status().documents == number + 1)
        assert not job.status().listed
        command.send_signal(signal.SIGINT)
        assert command.wait(GUARD_S) == 0
    assert job.status().listed
    draw_scan(folder / "2.png", "2")
    with running(*words, "--job", job.id) as command:
        until(lambda: job.status().documents == 3)
        command.terminate()
        assert command.wait(GUARD_S) == 0
    assert len(Client().statuses()) == 1
