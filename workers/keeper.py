"""Keeps a sweeper running beside a worker: without one, nobody brings pages to the broker."""

import logging
import multiprocessing
import threading
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from workers.app import app, configure
from workers.logs import log_to_stderr
from workers.sweeper import Sweep, sweep_until_orphaned

log = logging.getLogger(__name__)

_PAUSE_S = 1.0  # before another start: a sweeper that dies at once must not take a core


class Keeper:
    """A sweeper's process, started again when it is killed.

    The first one is forked, before Celery's pool and threads exist, and is there at once. Later
    ones cannot be forked from among threads; they are new processes, a second or two later.
    """

    def __init__(self, sweep: Sweep) -> None:
        """Start the sweeper."""
        self._sweep = sweep
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        fork = multiprocessing.get_context("fork")
        target = sweep_until_orphaned
        self._process: BaseProcess = fork.Process(target=target, args=(app, sweep), daemon=True)
        self._process.start()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the sweeper."""
        with self._changing:
            self._stopping.set()
            self._process.terminate()
        self._thread.join()

    def _keep(self) -> None:
        while True:
            wait([self._process.sentinel])
            self._process.join()
            if self._process.exitcode == 0 or self._stopping.wait(_PAUSE_S):
                return  # its job has ended, or the worker ends
            log.warning("the sweeper ended (%s); another one starts", self._process.exitcode)
            with self._changing:
                if self._stopping.is_set():
                    return
                spawn = multiprocessing.get_context("spawn")
                self._process = spawn.Process(target=_sweep_anew, args=(self._sweep,), daemon=True)
                self._process.start()


def _sweep_anew(sweep: Sweep) -> None:
    """What the worker did before it forked the first one."""
    log_to_stderr()
    settings = sweep.settings
    configure(sweep.broker_url, settings.page_seconds, settings.child_memory_mb)
    app.loader.import_default_modules()
    sweep_until_orphaned(app, sweep)
