"""A worker's child process, made ready to read one page after another."""

import ctypes

import cv2

# glibc gives the memory of every large picture back at once, and the kernel clears it page by page
# for the next one: 6 of 19 ms of decoding an A4 page, 15 of 50 of finding its fields by `auto`.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # parameters of mallopt(3)
_KEPT_BYTES = 32 << 20  # three gray A4 pages at 300 dpi


def set_up_child() -> None:
    """One thread a child, as the children together use all cores; freed memory is kept."""
    cv2.setNumThreads(1)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, _KEPT_BYTES)
