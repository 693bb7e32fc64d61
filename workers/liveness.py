"""Is a worker alive? Judged by canaries that come back, not by a process that is there.

A worker can be there and deaf (a lost connection), stuck, or stopped. Its sweeper, a process of its
own, sends it a canary now and then. If none comes back for longer than any page may take, the
worker is killed: who started it starts it again, and its pages are known by their leases.
"""

import logging
import os
import signal
import socket
import time

from celery import Celery

from workers import canary
from workers.ledger import Ledger, crew
from workers.ledger.crew import Member

log = logging.getLogger(__name__)

CANARY_PERIOD_S = 10.0
# A sweeper that did not look for this long was held itself, and cannot judge others by its clock.
_GAP_S = 3 * CANARY_PERIOD_S


class Liveness:
    """A sweeper's watch over its worker, and over the rows that dead ones leave in the ledger."""

    def __init__(self, worker: str, pid: int, longest_s: float) -> None:
        """Nobody was heard of.

        Args:
            worker: Its id.
            pid: Its main process.
            longest_s: How long a page can keep a child from taking a canary.
        """
        self._worker = worker
        self._pid = pid
        self._patience_s = longest_s + _GAP_S
        self._looked = -_GAP_S
        self._unchanged: dict[Member, float] = {}

    def start_over(self) -> None:
        """Forget who was silent: without ledger or broker no canary can come back."""
        self._unchanged = {}

    def look(self, app: Celery, ledger: Ledger, clock_s: float) -> None:
        """Send a canary when it is time, and judge by those that came back.

        Args:
            app: The configured Celery app.
            ledger: Where canaries are noted.
            clock_s: A clock that never jumps, such as `time.monotonic`.
        """
        if clock_s - self._looked < CANARY_PERIOD_S:
            return
        if clock_s - self._looked > _GAP_S:
            self.start_over()
        self._looked = clock_s
        canary.send(app, self._worker)
        self._judge(ledger, clock_s)

    def _judge(self, ledger: Ledger, clock_s: float) -> None:
        """By how long nothing of a worker has changed: machines' clocks differ."""
        with ledger.read() as books:
            members = crew.members(books)
        self._unchanged = {each: self._unchanged.get(each, clock_s) for each in members}
        for each, since in self._unchanged.items():
            if clock_s - since <= self._patience_with(each):
                continue
            log.warning("worker %s has finished no canary for long: it is given up", each.name)
            if each.id == self._worker:
                self._kill()
            with ledger.write() as books:
                crew.leave(books, each.id)
        if all(each.id != self._worker for each in members):
            self._enter(ledger)

    def _patience_with(self, member: Member) -> float:
        """Its own sweeper judges first; it would begin anew if others took the row away."""
        if member.id == self._worker:
            return member.patience_s
        return _GAP_S if _is_gone(member) else 2 * member.patience_s

    def _enter(self, ledger: Ledger) -> None:
        host = socket.gethostname()
        with ledger.write() as books:
            crew.enter(books, Member(self._worker, host, self._pid, time.time(), self._patience_s))

    def _kill(self) -> None:
        log.error("worker %d takes no page any more: it is killed, to be started again", self._pid)
        os.kill(self._pid, signal.SIGKILL)


def _is_gone(member: Member) -> bool:
    """Its process is not of this machine any more, as after kill -9."""
    if member.host != socket.gethostname():
        return False
    try:
        os.kill(member.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # another user's
        return False
    return False
