"""Keeps a sweeper running beside a worker: without one, nobody brings pages to the broker."""

import logging
import multiprocessing
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from workers.app import app, configure
from workers.ledger.connect import LEDGER_WAIT_S
from workers.logs import log_to_stderr
from workers.sweeper import Sweep, sweep_until_orphaned

log = logging.getLogger(__name__)

_PAUSE_S = 1.0  # before another start: a sweeper that dies at once must not take a core
# A sweeper tells of each round, twice a second; one round may wait for ledger and broker.
_SILENT_S = 6.0 * LEDGER_WAIT_S


class Keeper:
    """A sweeper's process, started again when it is killed or hangs.

    The first one is forked, before Celery's pool and threads exist, and is there at once. Later
    ones cannot be forked from among threads; they are new processes, a second or two later.
    """

    def __init__(self, sweep: Sweep, silent_s: float = _SILENT_S) -> None:
        """Start the sweeper.

        Args:
            sweep: What it is told.
            silent_s: One that has told of no round for this long hangs.
        """
        self._sweep = sweep
        self._silent_s = silent_s
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._start(multiprocessing.get_context("fork"), sweep_until_orphaned, app)
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the sweeper; it has nothing that the ledger has not."""
        with self._changing:
            self._stopping.set()
            self._process.kill()
        self._thread.join()

    def _keep(self) -> None:
        while True:
            self._wait_for_its_end()
            if self._process.exitcode == 0 or self._stopping.wait(_PAUSE_S):
                return  # its job has ended, or the worker ends
            log.warning("the sweeper ended (%s); another one starts", self._process.exitcode)
            with self._changing:
                if self._stopping.is_set():
                    return
                self._start(multiprocessing.get_context("spawn"), _sweep_anew)

    def _start(self, context: BaseContext, target: Callable[..., None], *first: object) -> None:
        self._rounds, told = multiprocessing.Pipe(duplex=False)
        words = (*first, self._sweep, told)
        self._process: BaseProcess = context.Process(target=target, args=words, daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        told.close()  # so that the pipe ends with the sweeper

    def _wait_for_its_end(self) -> None:
        """Also by being killed, when it has told of no round for long."""
        while ready := wait([self._process.sentinel, self._rounds], self._silent_s):
            if self._process.sentinel in ready:
                break
            with suppress(EOFError):
                self._rounds.recv()
        else:
            log.error("the sweeper hangs")
            self._process.kill()
        self._process.join()


def _sweep_anew(sweep: Sweep, told: Connection) -> None:
    """What the worker did before it forked the first one."""
    log_to_stderr()
    settings = sweep.settings
    configure(sweep.broker_url, settings.page_seconds, settings.child_memory_mb)
    app.loader.import_default_modules()
    sweep_until_orphaned(app, sweep, told)
