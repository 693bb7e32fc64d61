"""A worker's child process, made ready to read one page after another."""

import ctypes

import cv2

# glibc gives the memory of large pictures back at once, and the kernel clears it page by page for
# the next ones: 11 of 131 ms of an A4 page of 20 combs, 9 of 152 ms where `auto` finds them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # parameters of mallopt(3)
_KEPT_BYTES = 64 << 20  # 32 MB do not hold what `auto` frees; the peak is the same 202 MB


def set_up_child() -> None:
    """One thread a child, as the children together use all cores; freed memory is kept."""
    cv2.setNumThreads(1)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, _KEPT_BYTES)
