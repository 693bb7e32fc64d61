"""The product's Celery app in the test's own process, on one broker after the other."""

from collections.abc import Iterator
from contextlib import contextmanager

import kombu.pools
from celery import Celery

from workers.app import app, configure


@contextmanager
def connected_app(broker_url: str) -> Iterator[Celery]:
    """The app on this broker; afterwards it has forgotten the broker and its connections."""
    configure(broker_url, page_seconds=60, child_memory_mb=400)
    app.loader.import_default_modules()
    try:
        yield app
    finally:
        app.close()
        app.__dict__.pop("amqp", None)  # it keeps a pool of producers
        kombu.pools.reset()
