"""Canaries: tasks that do nothing but end, sent to one worker through the broker like any page."""

from celery import Celery

from workers.app import canary_queue, queue_length


def send(app: Celery, worker: str) -> None:
    """Send a canary to a worker, unless one waits there already, so that they never pile up.

    Raises:
        OperationalError, RedisError, OSError: The broker is out of reach.
    """
    queue = canary_queue(worker)
    if not queue_length(app, queue):
        task = app.tasks["formdigits.canary"]
        with app.producer_pool.acquire(block=True) as producer:
            task.apply_async((worker,), queue=queue, producer=producer, retry=False)
