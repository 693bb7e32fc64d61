"""What Prometheus is told: the ledger's and the broker's figures at that moment."""

import os
import socket
import urllib.request

import pytest
from processes import running, until

from workers import Client

pytest.importorskip("prometheus_client")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def scraped(port: int) -> dict[str, float]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return {}
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    }


def test_a_worker_tells_its_figures(scans, monkeypatch):
    port = free_port()
    monkeypatch.setenv("FORMDIGITS_METRICS_PORT", str(port))
    job = Client().submit(scans, "digits")
    with running("worker", "--concurrency", 1):
        until(lambda: job.status().ended)
        told = until(lambda: scraped(port))
    status = job.status()
    assert told['formdigits_pages{state="read"}'] == 6
    assert told['formdigits_pages{state="error"}'] == 3
    assert told['formdigits_pages{state="open"}'] == 0
    assert told['formdigits_fields{verdict="review"}'] == status.review
    assert told['formdigits_queue_length{queue="bulk"}'] == 0
    assert told['formdigits_workers{state="answering"}'] == 1
    assert told['formdigits_workers{state="silent"}'] == 0
    assert (told["formdigits_ledger_up"], told["formdigits_broker_up"]) == (1, 1)
    if os.path.exists("/proc/self/smaps_rollup"):  # noqa: PTH110
        assert told["formdigits_memory_bytes"] > 20e6, "an interpreter with OpenCV"
