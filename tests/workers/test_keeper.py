"""A worker's sweeper is replaced when it hangs; `tests.faults` kills sweepers."""

import subprocess
import sys
from pathlib import Path

from processes import until

KEEP = """
import os, pathlib, signal, sys, time
from workers.app import app, configure
from workers.broker import embedded_broker
from workers.keeper import Keeper
from workers.settings import load_settings
from workers.sweeper import Sweep

with embedded_broker(pathlib.Path(sys.argv[1])) as url:
    configure(url, 60, 400)
    app.loader.import_default_modules()
    keeper = Keeper(Sweep(load_settings(), url, 1, "w1", None), silent_s=3.0)
    first = keeper._process.pid
    os.kill(first, signal.SIGSTOP)
    while keeper._process.pid == first:
        time.sleep(0.05)
    print(keeper._rounds.poll(60), keeper._process.is_alive())
    keeper.stop()
    print(keeper._process.exitcode)
"""


def test_another_sweeper_takes_the_place_of_one_that_stands_still(tmp_path):
    words = [sys.executable, "-c", KEEP, str(tmp_path / "b")]
    ended = subprocess.run(words, check=False, capture_output=True, text=True, timeout=120)
    assert ended.stdout == "True True\n-9\n", ended.stderr
    assert "the sweeper hangs" in ended.stderr


ORPHAN = """
import os, pathlib, signal, sys, time
from workers.app import app, configure
from workers.broker import embedded_broker, embedded_folder
from workers.keeper import Keeper
from workers.settings import load_settings
from workers.sweeper import Sweep

settings = load_settings()
with embedded_broker(embedded_folder(settings)) as url:
    configure(url, 60, 400)
    app.loader.import_default_modules()
    keeper = Keeper(Sweep(settings, url, 1, "w1", None), silent_s=60.0)
    first = keeper._process.pid
    os.kill(first, signal.SIGKILL)
    while keeper._process.pid in (first, None):
        time.sleep(0.01)
    print(keeper._process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_sweeper_whose_worker_dies_while_it_begins_ends_too():
    words = [sys.executable, "-c", ORPHAN]
    ended = subprocess.run(words, check=False, capture_output=True, text=True, timeout=120)
    assert ended.stdout.strip().isdigit(), ended.stderr
    sweeper = Path("/proc", ended.stdout.strip(), "stat")
    until(lambda: not sweeper.exists() or sweeper.read_text().rpartition(")")[2].split()[0] == "Z")
