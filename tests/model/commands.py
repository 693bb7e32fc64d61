"""`formdigits`, run as a process of its own on a state folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

FORMDIGITS = [sys.executable, "-c", "from workers.cli import main; main()"]


def formdigits(*arguments: object, state: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, whatever its exit code."""
    environment = {**os.environ, "FORMDIGITS_STATE": str(state)}
    words = [*FORMDIGITS, *map(str, arguments)]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
