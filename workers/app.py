"""The Celery app; every setting with its reason.

The broker holds only hints: a message lost, doubled or late changes nothing, because the ledger
decides which page is read and whose result counts.
"""

import secrets

from celery import Celery
from kombu import Exchange, Queue

from workers.ledger.connect import LEDGER_WAIT_S
from workers.priority import Priority

# Queues of its own, so that other Celery users of the same Redis are not disturbed. Workers take
# from the first that has a page, by the order of the names (`queue_order_strategy` below).
QUEUES = {
    Priority.INTERACTIVE: "formdigits-1-interactive",
    Priority.BULK: "formdigits-2-bulk",
}

# Between the page's own limit (`timelimit`), which gives it an error row, and the hard one, which
# kills the child: OpenCV and pdfium do not look at signals, so a call in them may have to come
# back first, and a busy ledger may be waited for before the page is read and after.
HARD_LIMIT_GRACE_S = 15 + 2 * LEDGER_WAIT_S
# This worker, its children included: they are forked after it was named. A name made of host and
# process would be the same after a container's restart, and old leases would seem to be its own.
WORKER = secrets.token_hex(8)

# A queue that nobody uses for this long leaves the broker: each worker's own for canaries would
# stay for ever otherwise.
_CANARIES_KEPT_S = 600.0

# A message unacknowledged for this long goes to another worker. Shorter than a task, it would run
# the task twice, so it stands well above every limit (measured: it does with a shorter one).
_VISIBILITY_FACTOR = 2


def canary_queue(worker: str) -> Queue:
    """A worker's own queue: a task that comes to an end from there shows that this one works.

    Its name comes before those of the pages' queues, so that a canary waits for the page in work at
    most.
    """
    name = f"formdigits-0-canary-{worker}"
    return Queue(name, Exchange(name), routing_key=name, expires=_CANARIES_KEPT_S)


app = Celery("formdigits", include=["workers.tasks"], set_as_current=False)
app.conf.update(
    task_queues=[
        canary_queue(WORKER),
        *(Queue(name, Exchange(name), routing_key=name) for name in QUEUES.values()),
    ],
    task_default_queue=QUEUES[Priority.BULK],
    # Acknowledged when done: the pages of a worker that was killed whole come back.
    task_acks_late=True,
    # A child waits for its next page in the queue, where other children can take it.
    worker_prefetch_multiplier=1,
    # Results are in the ledger; 0.4 KB each in Redis (measured) would only be litter.
    task_ignore_result=True,
    # A page that kills its child would come back without end (measured: 3 starts in 10 s). The
    # ledger counts the attempts where they survive and queues the page again.
    task_reject_on_worker_lost=False,
    # After this long without a result a lost child's page is handed back; the default of 10 s
    # waits for results on their way, which the ledger has already.
    worker_lost_wait=1.0,
    # JSON only, in and out: a pickled message would be code run at its sender's will.
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    # None = for ever: a broker that is away for a night must not end the workers.
    broker_connection_max_retries=None,
    broker_connection_retry_on_startup=True,
    # A broker whose disk is full answers, but refuses (MISCONF): that too is waited out.
    broker_channel_error_retry=True,
    # Nothing is revoked by broadcast: cancelling is a flag in the ledger that survives restarts.
    worker_enable_remote_control=False,
    worker_redirect_stdouts=False,  # logging is the command's, see workers.worker
)


def configure(broker_url: str, page_seconds: int, child_memory_mb: int) -> Celery:
    """Set what depends on the deployment; before the app connects.

    Args:
        broker_url: Redis or Valkey, also by unix socket.
        page_seconds: Time limit for reading a page.
        child_memory_mb: A child above this is replaced after its page (OpenCV and glibc keep
            what the largest page needed).
    """
    hard_limit_s = page_seconds + HARD_LIMIT_GRACE_S
    visibility_s = _VISIBILITY_FACTOR * hard_limit_s
    app.conf.update(
        broker_url=with_verified_tls(broker_url),
        task_time_limit=hard_limit_s,
        worker_max_memory_per_child=child_memory_mb * 1024,  # in KB, looked at after each task
        # Celery reads the timeout in three places and must find the same in all of them
        # (docs.celeryq.dev, "Using Redis": visibility timeout).
        visibility_timeout=visibility_s,
        result_backend_transport_options={"visibility_timeout": visibility_s},
        broker_transport_options={
            "visibility_timeout": visibility_s,
            # The default is round robin: interactive pages would wait behind every other bulk one.
            "queue_order_strategy": "sorted",
            # Look for overdue messages every 2 s: the defaults do so every 100 s (measured).
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
            # A worker can be alive and deaf after a lost connection: notice it.
            "health_check_interval": 10,
            "socket_connect_timeout": 5,
            "socket_keepalive": not broker_url.startswith("redis+socket"),
        },
    )
    return app


def with_verified_tls(broker_url: str) -> str:
    """The URL, of which TLS checks the server's certificate unless it says `ssl_cert_reqs=none`.

    Kombu's own default is to check nothing. The private authority of a server is named by
    `?ssl_ca_certs=FILE`.
    """
    if not broker_url.startswith("rediss://") or "ssl_cert_reqs=" in broker_url:
        return broker_url
    return f"{broker_url}{'&' if '?' in broker_url else '?'}ssl_cert_reqs=required"


def longest_seconds(page_seconds: int) -> float:
    """How long a page can be in work; one that is leased for longer is in nobody's hands."""
    return float(page_seconds + HARD_LIMIT_GRACE_S)


def queue_length(app: Celery, queue: str | Queue) -> int:
    """How many messages wait in a queue of the broker.

    By a kept connection: a new one for each look was four fifths of a sweep's processor time.

    Raises:
        OperationalError, RedisError, OSError: The broker is out of reach.
    """
    with app.pool.acquire(block=True) as connection:
        declared = app.amqp.queues[queue] if isinstance(queue, str) else queue
        bound = declared(connection.default_channel)
        return int(bound.queue_declare().message_count)
