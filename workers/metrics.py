"""Metrics for Prometheus on an optional port, read from the ledger and the broker when asked for.

Served by the sweeper's process, which knows both. All are gauges: jobs leave the ledger by `purge`
and pages go back by `retry`, so that no count only grows.
"""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from celery import Celery
from kombu.exceptions import OperationalError
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from redis import RedisError

from ocr import ServiceError
from workers.app import QUEUES, queue_length
from workers.ledger import counters, crew, open_ledger


def serve(app: Celery, ledger_url: str, worker: int, address: str, port: int) -> None:
    """Answer Prometheus from now on, in threads.

    Args:
        app: The configured Celery app.
        ledger_url: The ledger.
        worker: Process id of the worker, whose memory is told with that of its children.
        address: The address to listen at.
        port: The port.

    Raises:
        ServiceError: The port is taken, or the address is not of this machine.
    """
    registry = CollectorRegistry()
    registry.register(_Collector(app, ledger_url, worker))
    try:
        start_http_server(port, address, registry)
    except OSError as error:
        raise ServiceError(
            f"no metrics at {address}:{port}: {error}; set FORMDIGITS_METRICS_PORT to a free one"
        ) from error


class _Collector:
    """What the registry asks at each scrape."""

    def __init__(self, app: Celery, ledger_url: str, worker: int) -> None:
        self._app = app
        self._ledger_url = ledger_url
        self._worker = worker

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand: registering is not to wait for a ledger."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of this moment; what is out of reach is told as such."""
        yield _gauge("memory_bytes", "PSS of this worker's processes", _memory_bytes(self._worker))
        try:
            yield from self._of_ledger()
            reachable = 1
        except ServiceError:
            reachable = 0
        yield _gauge("ledger_up", "1 if the ledger answers", reachable)
        try:
            yield _labelled("queue_length", "Pages waiting in the broker", "queue", self._queues())
            reachable = 1
        except (OperationalError, RedisError, OSError):
            reachable = 0
        yield _gauge("broker_up", "1 if the broker answers", reachable)

    def _of_ledger(self) -> Iterator[GaugeMetricFamily]:
        now = time.time()
        with open_ledger(self._ledger_url).read() as books:
            jobs = counters.statuses(books, now)
            silent = [each.is_silent(now) for each in crew.members(books)]
        live = [job for job in jobs if not job.ended]
        pages = {
            "open": sum(job.pages - job.done for job in live),
            "read": sum(job.done - job.errors for job in jobs),
            "error": sum(job.errors for job in jobs),
        }
        yield _labelled("pages", "Pages in the ledger", "state", pages)
        verdicts = ("accepted", "review", "blank", "missing")
        fields = {name: sum(getattr(job, name) for job in jobs) for name in verdicts}
        yield _labelled("fields", "Fields in the ledger", "verdict", fields)
        waited_s = max((now - job.created for job in live), default=0.0)
        yield _gauge("oldest_job_seconds", "Age of the oldest job with open pages", waited_s)
        heard = {"answering": silent.count(False), "silent": silent.count(True)}
        yield _labelled("workers", "By whether their canaries come back", "state", heard)
        rate = sum(job.rate for job in live)
        yield _gauge("pages_per_second", "Over the last minute, all workers", rate)

    def _queues(self) -> dict[str, float]:
        return {kind.value: queue_length(self._app, name) for kind, name in QUEUES.items()}


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"formdigits_{name}", text, value=value)


def _labelled(name: str, text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"formdigits_{name}", text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _memory_bytes(worker: int) -> float:
    """Proportional set size: what children share with the worker counts once. Linux only."""
    children = Path(f"/proc/{worker}/task/{worker}/children")
    pids = [worker, *map(int, children.read_text().split())] if children.exists() else []
    return 1024.0 * sum(_pss_kb(pid) for pid in pids)


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it ended a moment ago
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
