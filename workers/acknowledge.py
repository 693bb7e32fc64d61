"""A worker that cannot acknowledge a page connects anew, instead of falling deaf.

Celery logs an acknowledgement that fails and goes on. The message then counts as unacknowledged
for ever and takes one of the worker's places; with a prefetch of 1 a single broker restart can
take all, and the worker never asks for a page again (measured: celery 5.7, kombu 5.7, one child).
"""

import logging

from celery.worker.request import Request

log = logging.getLogger(__name__)


class ReconnectingRequest(Request):  # type: ignore[misc]  # Celery ships no types
    """One page's message in the worker's main process."""

    acknowledged: bool

    def acknowledge(self) -> None:
        """Acknowledge; an error ends the connection, and with it all that it held."""
        if not self.acknowledged:
            # Celery's own passes the connection's errors here, to be logged only. One that is not
            # caught makes the consumer connect again; the ledger knows that the page is done.
            self.on_ack(log, ())
            self.acknowledged = True
