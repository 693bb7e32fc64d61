"""The product's own command, with a reader that poison pages end, and with a slow disk.

`python -m tests.faults.poisoned WORDS…` is `formdigits WORDS…`; only the fault suite starts it.
"""

import ctypes
import os
import time
from collections.abc import Iterator
from pathlib import Path

import ocr
from tests.faults.memory import use_up_memory
from workers import listing
from workers.cli import main

_LISTING_S = 0.004  # a file; a batch is then listed in seconds, long enough to be killed meanwhile

_read_page = ocr.read_page
_walk = listing.walk


def read_or_die(path: Path, *words: object, **more: object) -> ocr.PageReading:
    """As `ocr.read_page`; a poison page ends or blocks the process as its name says."""
    if path.stem == "poison-segfault":
        ctypes.string_at(0)
    if path.stem == "poison-out-of-memory":
        use_up_memory()
    while path.stem == "poison-hang":
        time.sleep(0.1)
    return _read_page(path, *words, **more)


def walk_slowly(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """As `listing.walk`, on a slow disk."""
    for found in _walk(root):
        time.sleep(_LISTING_S)
        yield found


ocr.read_page = read_or_die
listing.walk = walk_slowly

if __name__ == "__main__":
    main()
