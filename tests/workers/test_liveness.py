"""A worker lives as long as its canaries come back."""

import os
import socket
import subprocess
import sys
import time

import pytest
from processes import formdigits, running, until

from ocr import ServiceError
from workers import Client
from workers.app import canary_queue
from workers.ledger import crew, open_ledger
from workers.ledger.crew import Member
from workers.liveness import CANARY_PERIOD_S, Liveness
from workers.rollcall import call_workers

LONGEST_S = 60.0
NOW = 1_000_000.0


@pytest.fixture
def process():
    """Something that is there, but takes no canary."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as held:
        yield held


def look(liveness, app, ledger, seconds: float, begin: float = 0.0) -> float:
    """Let the clock run."""
    clock = begin
    while clock < begin + seconds:
        clock += CANARY_PERIOD_S
        liveness.look(app, ledger, clock)
    return clock


def hear(ledger, worker: str) -> None:
    with ledger.write() as books:
        crew.answer(books, worker, time.time())


def members(ledger) -> list[str]:
    with ledger.read() as books:
        return [each.id for each in crew.members(books)]


def test_a_worker_that_finishes_no_canary_is_killed(ledger, broker, process):
    app, _, _ = broker
    liveness = Liveness("w1", process.pid, LONGEST_S)
    clock = look(liveness, app, ledger, LONGEST_S)
    assert members(ledger) == ["w1"]
    assert process.poll() is None, "a page may take that long"
    look(liveness, app, ledger, LONGEST_S, clock)
    assert process.wait() == -9
    assert members(ledger) == []


def test_a_worker_that_answers_lives_on(ledger, broker, process):
    app, _, _ = broker
    liveness, clock = Liveness("w1", process.pid, LONGEST_S), 0.0
    for _ in range(5):
        clock = look(liveness, app, ledger, LONGEST_S, clock)
        hear(ledger, "w1")
    assert process.poll() is None


def test_nobody_is_judged_while_the_service_was_away_or_the_judge_asleep(ledger, broker, process):
    app, _, _ = broker
    liveness, clock = Liveness("w1", process.pid, LONGEST_S), 0.0
    for _ in range(4):
        clock = look(liveness, app, ledger, LONGEST_S, clock)
        liveness.start_over()
    for _ in range(4):
        clock = look(liveness, app, ledger, LONGEST_S, clock + 10 * LONGEST_S)
    assert process.poll() is None


def test_canaries_do_not_pile_up_and_expire(ledger, broker, process):
    app, _, client = broker
    look(Liveness("w1", process.pid, LONGEST_S), app, ledger, LONGEST_S)
    queue = canary_queue("w1").name
    assert client.llen(queue) == 1
    assert 0 < client.ttl(queue) <= 600


def test_the_row_of_a_worker_that_vanished_goes(ledger, broker, process):
    app, _, _ = broker
    with ledger.write() as books:
        crew.enter(books, Member("gone", "elsewhere", 1, NOW, LONGEST_S))
    liveness, clock = Liveness("w1", process.pid, LONGEST_S), 0.0
    seen = []
    for _ in range(4):
        clock = look(liveness, app, ledger, LONGEST_S, clock)
        hear(ledger, "w1")
        seen.append(members(ledger))
    assert seen == [["gone", "w1"]] * 2 + [["w1"]] * 2, "its own sweeper was given time"


def test_the_row_of_a_worker_killed_on_this_machine_goes_soon(ledger, broker, process):
    app, _, _ = broker
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    here = socket.gethostname()
    with ledger.write() as books:
        crew.enter(books, Member("dead", here, dead.pid, NOW, LONGEST_S))
        crew.enter(books, Member("stopped", here, os.getpid(), NOW, LONGEST_S))
    look(Liveness("w1", process.pid, LONGEST_S), app, ledger, LONGEST_S)
    assert set(members(ledger)) == {"stopped", "w1"}


def test_doctor_calls_a_running_worker_and_finds_one_that_hangs(state):
    with pytest.raises(ServiceError, match="no worker runs on"):
        call_workers(expected=True)
    with running("worker", "--concurrency", 1) as worker:
        until((state / "ledger.sqlite").exists)
        until(Client().workers)
        assert "1 answer" in formdigits("doctor", "--worker").stdout
        assert Client().workers()[0].pid == worker.pid
    assert Client().workers() == [], "it said good-bye"
    ledger = open_ledger(f"sqlite:///{state / 'ledger.sqlite'}")
    with ledger.write() as books:
        crew.enter(books, Member("deaf", "here", 4711, time.time() - 100, LONGEST_S))
    ended = formdigits("doctor")
    assert ended.returncode == 1
    assert "worker here:4711 finishes no canary" in ended.stdout
    ledger.close()
