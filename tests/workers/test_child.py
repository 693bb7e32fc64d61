"""A worker's child keeps the memory of one page's pictures for the next's."""

import ctypes
import resource
import subprocess
import sys

import pytest

PICTURE_BYTES, PICTURES, PAGES = 8_000_000, 3, 20
FILL = f"""
import resource, sys
from workers.child import set_up_child
if "set up" in sys.argv:
    set_up_child()
for _ in range({PAGES}):
    pictures = [b"1" * {PICTURE_BYTES} for _ in range({PICTURES})]
    del pictures
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def faults(*arguments: str) -> int:
    command = [sys.executable, "-c", FILL, *arguments]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="no glibc")
def test_pictures_are_put_where_those_of_the_page_before_were():
    one_page = PICTURES * PICTURE_BYTES // resource.getpagesize()
    assert faults("as it is") - faults("set up") > 0.5 * (PAGES - 1) * one_page
