"""Horizontal runs of pixels: what rules, frames and dashes are made of."""

import cv2
import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]  # (H, W), 1 = ink or line, 0 = paper

_WHOLE = 0xFF  # a byte of eight pixels of ink


def runs_across(ink: Bits, shortest_px: int) -> Bits:
    """Horizontal runs of at least that length, in a quarter of the time that opening takes.

    Beyond the picture there is no ink: a run that it cuts off counts as long as it is seen.
    """
    rows = may_have_runs(ink, shortest_px)
    runs = np.zeros_like(ink)
    if rows.any():
        kernel = np.ones((1, max(1, shortest_px)), np.uint8)
        runs[rows] = cv2.morphologyEx(
            ink[rows], cv2.MORPH_OPEN, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=(0,)
        )
    return runs


def may_have_runs(ink: Bits, shortest_px: int) -> NDArray[np.bool_]:
    """(H,) rows with as many whole bytes of ink side by side as each such run has; few have."""
    whole = np.packbits(ink, axis=1) == _WHOLE
    sure = (shortest_px - 7) // 8
    if sure < 1:
        return np.ones(len(ink), np.bool_)
    if sure > 1:
        whole = whole[:, 1:] & whole[:, :-1]
    return np.asarray(whole.any(axis=1))


def runs_of(there: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where each run of true values begins, and the place after its end."""
    turns = np.flatnonzero(np.diff(there.astype(np.int8), prepend=0, append=0))
    return list(zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True))
