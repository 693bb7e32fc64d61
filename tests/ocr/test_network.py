"""Loading a network says nothing, unless something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

from ocr.network import _without_notices

CROP = Path(__file__).parents[2] / "samples" / "crops" / "amount-1.png"
READ = "import ocr, sys; ocr.read_page(sys.argv[1], 'amount')"


def test_reading_leaves_stderr_empty():
    words = [sys.executable, "-c", READ, str(CROP)]
    ended = subprocess.run(words, check=False, capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_warnings_and_errors_are_passed_on(capfd):
    with _without_notices():
        os.write(2, b"INFO: made a delegate\nWARNING: odd\nERROR: broken\n")
    assert capfd.readouterr().err == "WARNING: odd\nERROR: broken\n"
