"""A worker's sweeper is replaced when it hangs; `tests.faults` kills sweepers."""

import subprocess
import sys

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
