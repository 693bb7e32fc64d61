"""The roll call: each worker is sent a canary through the broker and has to bring it to an end."""

import socket
import time
from collections.abc import Sequence

from kombu.exceptions import OperationalError
from redis import RedisError

import ocr
from workers import canary
from workers.app import app, configure
from workers.broker import broker_of
from workers.client import Client
from workers.ledger.crew import Member
from workers.settings import load_settings

# A child takes a canary after the page it has in work, and pages take a second or less.
_WAIT_S = 10.0
_POLL_S = 0.05


def call_workers(expected: bool) -> str:
    """Call all workers that the ledger knows.

    Args:
        expected: Only those of this machine are called, and it is a fault if there is none.

    Returns:
        How many answered, and how many were busy with long pages but were heard of lately.

    Raises:
        ServiceError: A worker hangs, none runs here, or ledger or broker are out of reach.
    """
    client = Client()
    members = client.workers()
    if expected:
        here = socket.gethostname()
        members = [each for each in members if each.host == here]
        if not members:
            raise ocr.ServiceError(f'no worker runs on {here}; start "formdigits worker"')
    if not members:
        return "none runs"
    _send_canaries([each.id for each in members])
    late = _those_late(client, members)
    if hung := [each.name for each in late if each.is_silent(time.time())]:
        raise ocr.ServiceError(
            f"worker {', '.join(hung)} finishes no canary; restart it, its pages are kept"
        )
    answered = f"{len(members) - len(late)} answer"
    return f"{answered}, {len(late)} busy" if late else answered


def _those_late(client: Client, members: Sequence[Member]) -> list[Member]:
    """Workers of which nothing new is known after a while; one that left is not late."""
    deadline = time.monotonic() + _WAIT_S
    while late := [each for each in client.workers() if each in members]:
        if time.monotonic() > deadline:
            break
        time.sleep(_POLL_S)
    return late


def _send_canaries(workers: Sequence[str]) -> None:
    settings = load_settings()
    try:
        with broker_of(settings) as url:
            configure(url, settings.page_seconds, settings.child_memory_mb)
            app.loader.import_default_modules()
            for worker in workers:
                canary.send(app, worker)
    except (OperationalError, RedisError, OSError) as error:
        raise ocr.ServiceError(f"no canary can be sent: {error}; see the broker") from error
