"""What is done to the service, each once at a random moment of a batch."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from kombu.exceptions import OperationalError

from tests.faults import disk
from tests.faults.sending import connected_app
from tests.faults.service import Service
from tests.faults.sites import Site

Injury = Callable[[Service, random.Random], None]


def kill_child(service: Service, rng: random.Random) -> None:
    """Kill -9 of a process that reads."""
    number = rng.randrange(len(service.workers))
    children = service.until(lambda: service.children(number))
    assert isinstance(children, list)
    _kill(rng.choice(children))


def kill_worker(service: Service, rng: random.Random) -> None:
    """Kill -9 of a worker's main process; its children and its sweeper are left to themselves."""
    rng.choice(service.workers).kill()


def kill_worker_whole(service: Service, rng: random.Random) -> None:
    """Kill -9 of a worker and all its processes at once, as a power cut of one machine."""
    with suppress(ProcessLookupError):
        os.killpg(rng.choice(service.workers).pid, signal.SIGKILL)


def kill_sweeper(service: Service, rng: random.Random) -> None:
    """Kill -9 of both sweepers: nobody is left to feed the queue."""
    for number in range(len(service.workers)):
        sweeper = service.until(lambda number=number: service.sweeper(number))
        assert isinstance(sweeper, int)
        _kill(sweeper)


def kill_broker(service: Service, rng: random.Random) -> None:
    """Kill -9 of the broker; its data stays."""
    with suppress(OSError, ValueError):
        _kill(service.broker())


def kill_broker_with_data(service: Service, rng: random.Random) -> None:
    """Kill -9 of the broker and loss of all that it held."""
    kill_broker(service, rng)
    shutil.rmtree(service.site.state / "broker" / "appendonlydir", ignore_errors=True)


def kill_submitter(service: Service, rng: random.Random) -> None:
    """Kill -9 of `formdigits submit`, before its first, second or third hundred of documents."""
    entered = 100 * rng.randrange(3)
    service.until(lambda: _has_entered(service, entered))
    service.submitter.kill()
    service.submitter.wait()


def _has_entered(service: Service, documents: int) -> bool:
    job = service.job()
    status = job and job.status()
    return status is not None and (status.listed or status.documents >= documents)


def deliver_twice(service: Service, rng: random.Random) -> None:
    """Send every page that there is to the broker once more, done or not."""
    job = service.job()
    assert job is not None
    documents = range(1, job.status().documents + 1)
    with connected_app(service.site.broker_url) as app:
        task = app.tasks["formdigits.read_page"]
        with suppress(OperationalError):  # the broker is away: it then has nothing twice
            for document in documents:
                task.apply_async((job.id, document, 1), retry=False)


def take_ledger_away(service: Service, rng: random.Random) -> None:
    """The ledger takes no write for a while, or its server is gone."""
    with service.site.ledger_away():
        time.sleep(rng.uniform(2, 8))


def take_ledger_away_long(service: Service, rng: random.Random) -> None:
    """The same for longer than anybody waits for it."""
    with service.site.ledger_away():
        time.sleep(rng.uniform(65, 75))


def fill_disk(service: Service, rng: random.Random) -> None:
    """Ledger, broker and all else find no room on their disk for a while."""
    with disk.full(service.site.state):
        time.sleep(rng.uniform(2, 8))


def cut_off(service: Service, rng: random.Random) -> None:
    """A worker's machine is cut off, for less or for more than its pages stay leased."""
    assert service.site.net is not None
    with service.site.net.cut(rng.randrange(len(service.workers))):
        time.sleep(rng.uniform(2, 20))


def hang_worker(service: Service, rng: random.Random) -> None:
    """A worker's main process stands still; its canaries tell, and it is replaced."""
    held = rng.choice(service.workers)
    os.kill(held.pid, signal.SIGSTOP)
    service.until(lambda: held.poll() is not None)


ANYWHERE: dict[str, Injury] = {
    "child": kill_child,
    "worker": kill_worker,
    "worker-whole": kill_worker_whole,
    "sweeper": kill_sweeper,
    "submitter": kill_submitter,
    "twice": deliver_twice,
    "ledger": take_ledger_away,
}
EMBEDDED: dict[str, Injury] = {"broker": kill_broker, "broker-data": kill_broker_with_data}
DISK: dict[str, Injury] = {"disk": fill_disk}
MACHINES: dict[str, Injury] = {"cut": cut_off, "cut-again": cut_off}
LONG: dict[str, Injury] = {"ledger-long": take_ledger_away_long, "hang": hang_worker}


def injuries_of(site: Site) -> dict[str, Injury]:
    """All that can be done there."""
    if site.net:
        return ANYWHERE | MACHINES
    return ANYWHERE | EMBEDDED | (DISK if site.disk else {})


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
